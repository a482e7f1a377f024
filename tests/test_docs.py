"""Do the docs say what there is?"""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

import khotin
from indexer.question import FACET_FIELDS, OTHER_FIELDS, ZONE_FIELDS
from indexer.settings import Settings
from indexer.speech import CATALOGUES

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
SEARCHING = (ROOT / "docs" / "searching.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), list(commands(khotin.main, "khotin")), ids=lambda part: str(part))
def test_every_command_and_option_is_in_the_docs_and_shows_an_example(path: str, command: click.Command) -> None:
    assert f"`{path}" in COMMANDS
    assert "Example: khotin " in (command.help or "")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in COMMANDS.split(f"`{path}")[1].split("\n## ")[0]


@pytest.mark.parametrize(
    "setting", [each for each in fields(Settings) if each.name != "home"], ids=lambda each: each.name
)
def test_every_setting_is_in_the_docs_with_its_sentence(setting: object) -> None:
    assert f"`{setting.name}`" in SETTINGS  # type: ignore[attr-defined]
    assert setting.metadata["sentence"] in SETTINGS  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "field",
    [spelling for table in (ZONE_FIELDS, FACET_FIELDS, OTHER_FIELDS) for both in table.values() for spelling in both],
)
def test_every_field_of_the_query_language_is_in_the_docs(field: str) -> None:
    assert f"{field}:" in SEARCHING


def test_the_readme_names_the_two_commands_and_every_room() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for needed in ("make run", "make test", "crawler/", "indexer/", "web/", "tests/", "khotin.py"):
        assert needed in readme


def test_the_handbook_calls_everything_as_the_screen_does() -> None:
    handbook = (ROOT / "docs" / "so-tay-quan-tri.md").read_text(encoding="utf-8")
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", handbook)}
    with (CATALOGUES / "vi.po").open("rb") as lines:
        translated = [message.string for message in read_po(lines, locale="vi") if message.id]
    told = {words for each in translated for words in ([each] if isinstance(each, str) else each)}
    assert len(bold) > 30
    assert not bold - told
