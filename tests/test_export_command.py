"""What does `khotin export` write, and what does it say?"""

import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

import khotin
from indexer import access
from indexer.article import Article
from tests.conftest import Archive
from web.commands_files import TAKEN_AS, written_to
from web.taking.formats import NAMES

HOUSING = Article("http://soxd.replica.test/0", title="Khởi công nhà ở", body="Nhà ở xã hội.")


@pytest.fixture
def home(archive: Archive) -> Path:
    archive.put(HOUSING, replace(HOUSING, address="http://soxd.replica.test/1", title="Nhà ở thứ hai"))
    (archive.store.home / "khotin.toml").write_text('site_address = "https://kho.test"', encoding="utf-8")
    return archive.store.home


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(khotin.main, ["--home", str(home), "export", *words], env={"KHOTIN_LANG": "en"})


def test_the_command_knows_every_format() -> None:
    assert TAKEN_AS == NAMES


def test_a_file_is_written_whole_and_the_command_says_how_many(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    done = run(home, "nha o", "--format", "jsonl", "-o", str(file))
    assert (done.exit_code, done.stdout) == (0, f"2 articles were written to {file}.\n")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["address"] for row in rows] == ["https://kho.test/articles/1", "https://kho.test/articles/2"]
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")] == []


def test_without_a_file_the_articles_are_printed(home: Path) -> None:
    assert run(home, "thứ hai", "--format", "ris").stdout.startswith("TY  - ELEC\nID  - khotin2\n")
    assert run(home, "", "--format", "vi").stdout.count("\n") == 2  # all that there are


def test_a_zip_is_written_like_any_other_format(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.zip"
    assert run(home, "nhà ở", "--format", "zip", "-o", str(file)).exit_code == 0
    with ZipFile(file) as packed:
        assert json.loads(packed.read("manifest.json"))["written"] == 2


def test_a_restricted_article_is_not_taken(home: Path, archive: Archive) -> None:
    with archive.store.write() as connection:
        access.restrict(connection, 2, "lan", "personal data")
    assert "thứ hai" not in run(home, "nhà ở", "--format", "csv").stdout


def test_what_cannot_be_done_is_one_sentence(home: Path, tmp_path: Path) -> None:
    missing = run(home, "nhà ở", "--format", "csv", "-o", str(tmp_path / "nowhere" / "a.csv"))
    assert missing.exit_code == 1 and "Choose another place with -o." in missing.stderr
    assert run(home, "nhà ở", "--format", "exe").exit_code == 2


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), written_to(file) as aside:
        aside.write(b"half")
        raise RuntimeError
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]
