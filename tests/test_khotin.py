"""What does the command say, to whom it is used rightly and to whom it is not?"""

import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.replica.content import many
from crawler.replica.server import serve
from indexer.store import articles, open_store, sources

ROOT = Path(__file__).parent.parent
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def khotin(tmp_path: Path) -> Command:
    """Type a command on a data folder of its own."""

    def run(
        *words: str, stdin: str = "", home: Path = tmp_path / "data", **more: object
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
        environment = os.environ | {"KHOTIN_LANG": "en"}
        return subprocess.run(command, cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, **more)  # type: ignore[call-overload,no-any-return]

    return run


def refused(done: subprocess.CompletedProcess[str], *told: str) -> None:
    """It failed with one plain sentence on stderr."""
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    for each in told:
        assert each in done.stderr


@pytest.fixture
def news(tmp_path: Path) -> Path:
    lines = [{"id": str(n), "title": f"Cát số {n}", "body": "Bãi cát ven sông."} for n in range(20)]
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_an_import_is_found_at_once(khotin: Command, news: Path) -> None:
    done = khotin("import", str(news))
    assert (done.returncode, done.stdout) == (0, "20 new, 0 changed, 0 unchanged, 0 left out.\n")
    found = khotin("search", "cat so 7")
    assert "1 results" in found.stdout
    assert "Cát số 7" in found.stdout
    assert json.loads(khotin("search", "cát", "--json").stdout)["total"] == 20


def test_a_look_at_a_page_is_kept_with_the_source_whose_page_it_is(
    khotin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(shown=many(3)) as replica:
        monkeypatch.setenv("KHOTIN_RESOLVE", replica.resolve)
        assert json.loads(khotin("probe", replica.address(2), "--json").stdout)["profile"] == "drupal"
        assert khotin("source", "add", replica.url, "--name", "soxd").returncode == 0
        told = json.loads(khotin("probe", replica.address(2), "--json").stdout)
        assert "profile: drupal" in khotin("probe", replica.address(2)).stdout
    store = open_store(tmp_path / "data")
    with store.read() as connection:
        source = sources.need(connection, "soxd")
    store.close()
    assert source.probe == told and source.probed_at
    assert (told["kind"], told["date_source"], told["robots_status"]) == ("article", "profile", 200)


def test_bad_lines_are_told_by_number_and_the_exit_code_says_so(khotin: Command, news: Path) -> None:
    news.write_text(news.read_text() + "\n{bad\n")
    done = khotin("import", str(news))
    assert done.returncode == 1
    assert "Line 21 was left out: This is no JSON object" in done.stdout
    assert "20 new" in done.stdout


def test_a_missing_archive_a_foreign_file_and_another_programs_database_are_refused(
    khotin: Command, tmp_path: Path
) -> None:
    refused(khotin("search", "cát"), "There is no Khotin archive in")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "khotin.db").write_text("hello " * 1000)
    refused(khotin("search", "cát"), "no Khotin database")
    (tmp_path / "data" / "khotin.db").unlink()
    with sqlite3.connect(tmp_path / "data" / "khotin.db") as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    refused(khotin("source", "add", "http://x.example/"), "database of another program")


def test_an_archive_of_a_newer_version_is_left_alone(khotin: Command, tmp_path: Path) -> None:
    khotin("source", "add", "http://x.example/")
    with closing(open_store(tmp_path / "data")) as store, store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    refused(khotin("source", "list"), "newer Khotin")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("source", "add", "soxd.example.gov.vn"), "no web address"),
        (("source", "add", "http://x.example/", "--profile", "drupla"), "drupal"),
        (("source", "show", "nobody"), "Known are"),
        (("crawl", "nobody"), "no source named"),
        (("schedule", "add", "x.example", "every day"), "five parts"),
        (("schedule", "add", "x.example", "0 2 * * *", "--tz", "Asia/Hue"), "no time zone"),
        (("schedule", "remove", "9"), "khotin schedule list"),
        (("article", "show", "9"), "no article"),
        (("user", "disable", "lan"), "khotin user list"),
        (("import", "nowhere.jsonl"), "no file"),
    ],
)
def test_what_does_not_exist_or_fit_is_told_in_a_sentence(khotin: Command, words: tuple[str, ...], told: str) -> None:
    khotin("source", "add", "http://x.example/")
    refused(khotin(*words), told)


def test_settings_that_are_wrong_are_named(khotin: Command, tmp_path: Path) -> None:
    khotin("source", "add", "http://x.example/")
    settings = tmp_path / "data" / "khotin.toml"
    for text, told in (("prot = 1", "prot"), ('port = "many"', "many"), ("port = ", "cannot be read")):
        settings.write_text(text)
        refused(khotin("web"), told)


def test_a_port_in_use_is_told_before_anything_starts(khotin: Command) -> None:
    khotin("source", "add", "http://x.example/")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(khotin("serve", "--port", str(taken.getsockname()[1])), "in use", "--port")


def test_an_unreachable_host_ends_the_round_with_a_sentence(khotin: Command) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    khotin("source", "add", f"http://127.0.0.1:{port}/", "--name", "x", "--allow-private", "--delay", "0")
    done = khotin("crawl", "x")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "127.0.0.1" in done.stdout


def test_a_private_address_is_refused_unless_the_source_allows_it(khotin: Command) -> None:
    khotin("source", "add", "http://127.0.0.1:9/", "--name", "x", "--delay", "0")
    done = khotin("crawl", "x")
    assert done.returncode == 1
    assert "--allow-private" in done.stdout


def test_restricting_by_address_hides_an_article_at_once_and_releasing_shows_it(khotin: Command, news: Path) -> None:
    khotin("import", str(news))
    assert khotin("article", "restrict", "3", "--reason", "Yêu cầu gỡ").returncode == 0
    assert json.loads(khotin("search", "cát", "--json").stdout)["total"] == 19
    refused(khotin("article", "restrict", "3", "--reason", " "), "reason")
    khotin("article", "release", "3")
    assert json.loads(khotin("search", "cát", "--json").stdout)["total"] == 20


def test_accounts_are_made_with_a_password_from_stdin(khotin: Command) -> None:
    refused(khotin("user", "add", "lan", stdin="short\n"), "10 characters")
    assert khotin("user", "add", "lan", "--role", "editor", stdin="a long password\n").returncode == 0
    assert "lan\teditor" in khotin("user", "list").stdout
    refused(khotin("user", "add", "lan", stdin="a long password\n"), "already")


def test_a_full_disk_loses_nothing_and_says_what_to_do(khotin: Command, news: Path, tmp_path: Path) -> None:
    khotin("import", str(news))
    long = tmp_path / "long.jsonl"
    long.write_text(
        "\n".join(json.dumps({"id": f"l{n}", "title": f"Đá {n}", "body": "đá vôi " * 400}) for n in range(2000))
    )

    def limited() -> None:  # a file that may not grow is the nearest thing to a disk that is full
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    refused(khotin("import", str(long), preexec_fn=limited), "free")
    store = open_store(tmp_path / "data")
    with store.read() as connection:
        kept = articles.count(connection)
    store.close()
    assert kept >= 20
    assert khotin("import", str(long)).returncode == 0
    assert json.loads(khotin("search", "cát OR đá", "--json").stdout)["total"] == 2020


def test_messages_are_told_in_vietnamese_on_demand(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "khotin", "--home", str(tmp_path), "search", "cát"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"KHOTIN_LANG": "vi"}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "không có" in done.stderr.lower()


def test_schedules_are_told_in_words_and_with_their_next_times(khotin: Command) -> None:
    khotin("source", "add", "http://x.example/", "--name", "soxd")
    added = khotin("schedule", "add", "soxd", "30 5 * * 1-5")
    assert added.returncode == 0 and added.stdout.splitlines()[1] == "Every day from Monday to Friday at 05:30"
    khotin("schedule", "add", "soxd", "*/7 * * * *")
    plain, odd = khotin("schedule", "list").stdout.splitlines()
    number, name, cron, zone, times, told = plain.split("\t")
    assert (number, name, cron, zone) == ("1", "soxd", "30 5 * * 1-5", "Asia/Ho_Chi_Minh")
    assert times.count(" 05:30") == 5 and told == added.stdout.splitlines()[1]
    assert odd.endswith("too unusual for a sentence; go by its next times.")
