"""Does the command line speak the language of its terminal, and tell every mistake in one sentence?"""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

import khotin
from indexer.speech import catalogue
from indexer.terminal import described


def commands(group: click.Group) -> Iterator[click.Command]:
    for each in group.commands.values():
        yield each
        if isinstance(each, click.Group):
            yield from commands(each)


def typed(*words: str) -> tuple[int, str, str]:
    """Exit code, output and complaint of a command typed on a Vietnamese terminal."""
    environment = {"KHOTIN_LANG": "vi", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "khotin", *words], env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    return done.returncode, done.stdout, done.stderr


def test_every_command_and_option_is_explained_in_vietnamese() -> None:
    every = [khotin.main, *commands(khotin.main)]
    told = {described(each)[0] for each in every} | {
        option.help for each in every for option in each.params if isinstance(option, click.Option) and option.help
    }
    vietnamese = catalogue("vi")
    assert not sorted(each for each in told if vietnamese.gettext(each) == each)


def test_help_is_in_the_language_of_the_terminal() -> None:
    code, told, _ = typed("schedule", "add", "--help")
    assert code == 0
    assert "Cách dùng: khotin schedule add" in told
    assert "Ví dụ: khotin schedule add soxd" in told
    assert "mặc định: Asia/Ho_Chi_Minh" in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tim",), "Không có lệnh “tim”. Trợ giúp: khotin --help"),
        (("search",), "Thiếu QUESTION. Trợ giúp: khotin search --help"),
        (("search", "a", "--nhanh"), "Không có tùy chọn “--nhanh”. Trợ giúp: khotin search --help"),
        (
            ("search", "a", "-n", "500"),
            "-n: giá trị đã nhập không dùng được. Hãy ghi một số nguyên từ 1 đến 100. Trợ giúp: khotin search --help",
        ),
    ],
)
def test_what_was_typed_wrongly_is_told_in_one_line(words: tuple[str, ...], sentence: str) -> None:
    assert typed(*words) == (2, "", sentence + "\n")
