"""Is a backup of an archive in use whole, does it prove itself, and does nothing destroyed come back?"""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from indexer import backup, doctor, leases, signed
from indexer import restore as bringing
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import articles, captures, open_store, rounds, sources, warc
from tests.conftest import Archive
from tests.kept_pages import filled, page, records, scratch

ROOT = Path(__file__).parent.parent


def answers(home: Path, q: str = "cát xây dựng") -> list[tuple[int, float]]:
    with closing(open_store(home)) as store:
        found = search(Query(q=q), store, WhooshEngine(store.index).columns(), load())
        return [(hit.kept.id, round(hit.score, 6)) for hit in found.hits]


@pytest.fixture
def made(archive: Archive, tmp_path: Path) -> Path:
    filled(archive)
    (archive.store.home / "khotin.toml").write_text('operator = "Văn phòng"\n"smtp_password" = "rất bí mật"\n')
    signed.secret_key(archive.store.home)
    (archive.store.home / "certificates").mkdir()
    (archive.store.home / "certificates" / "0a1b.pem").write_text("-----BEGIN CERTIFICATE-----")
    file = tmp_path / "copies" / "khotin.tar"
    backup.make(archive.store, file)
    return file


def test_a_restored_archive_answers_as_the_one_that_was_copied(made: Path, archive: Archive, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    done = bringing.restore(made, home)
    assert (done.records, done.articles, done.destroyed) == (3, 3, 0)
    assert answers(home) == answers(archive.store.home) != []
    assert doctor.is_well(doctor.examine(home, full=True))
    assert (home / "certificates" / "0a1b.pem").read_text() == "-----BEGIN CERTIFICATE-----"
    assert (home / "secret.key").read_bytes() == (archive.store.home / "secret.key").read_bytes()
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert not (home / bringing.DRAFT).exists()


def test_a_backup_holds_no_password_and_only_its_owner_reads_it(made: Path) -> None:
    manifest = backup.check(made)
    assert manifest.left_out == ["smtp_password"]
    assert "rất bí mật".encode() not in made.read_bytes()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [each.name for each in made.parent.iterdir()] == [made.name]


def test_the_key_can_be_left_out(archive: Archive, tmp_path: Path) -> None:
    signed.secret_key(archive.store.home)
    assert backup.make(archive.store, tmp_path / "a.tar", with_key=False).left_out == ["secret.key"]
    assert "secret.key" not in {each.name for each in backup.members(tmp_path / "a.tar")}


def test_what_is_written_while_a_backup_is_made_is_wholly_in_it_or_not_at_all(archive: Archive, tmp_path: Path) -> None:
    filled(archive, 30)
    home, stop = archive.store.home, threading.Event()

    def go_on_fetching() -> None:
        with closing(open_store(home)) as store:
            with store.write() as connection:
                opened = rounds.begin(connection, archive.source.id)
            number = 1000
            while not stop.is_set():
                number += 1
                place = warc.append(captures.path_of(store, opened.id), page(number))
                with store.write() as connection:
                    captures.add(connection, archive.source.id, opened.id, page(number), place)
                    articles.save(
                        connection, archive.source.id, Article(f"http://x/{number}", f"Đá {number}"), page(1).at
                    )

    busy = threading.Thread(target=go_on_fetching)
    busy.start()
    try:
        backup.make(archive.store, tmp_path / "a.tar")
    finally:
        stop.set()
        busy.join()
    done = bringing.restore(tmp_path / "a.tar", tmp_path / "elsewhere")
    with closing(open_store(tmp_path / "elsewhere")) as store:
        assert done.records == len(records(store)) >= 30
        assert done.articles - 3 == done.records - 30  # each page and its article, or neither
        assert all(captures.read(store, each).status == 200 for each in records(store))


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_torn_backup_is_refused_and_the_folder_stays_as_it_was(made: Path, tmp_path: Path, keep: float) -> None:
    torn = tmp_path / "torn.tar"
    torn.write_bytes(made.read_bytes()[: int((made.stat().st_size - 10_240) * keep)])
    with pytest.raises(KhotinError, match="whole backup"):
        bringing.restore(torn, tmp_path / "elsewhere")
    assert not any((tmp_path / "elsewhere").iterdir())


def test_a_backup_in_which_one_byte_changed_is_refused(made: Path, tmp_path: Path) -> None:
    content = bytearray(made.read_bytes())
    content[content.index(b"SQLite format 3") + 50_000] ^= 0xFF
    made.write_bytes(content)
    with pytest.raises(KhotinError, match=r"khotin\.db is not as it was written"):
        bringing.restore(made, tmp_path / "elsewhere")


def test_nothing_is_written_outside_the_folder_whatever_a_file_calls_itself(tmp_path: Path) -> None:
    for name in ("../outside", "/tmp/outside", "warc/../../outside", "index/current.json"):
        with tarfile.open(tmp_path / "bad.tar", "w") as packed:
            told = tarfile.TarInfo(name)
            told.size = 4
            packed.addfile(told, io.BytesIO(b"evil"))
        with pytest.raises(KhotinError, match="is no backup of Khotin"):
            bringing.restore(tmp_path / "bad.tar", tmp_path / "elsewhere")
    assert not list(tmp_path.rglob("outside"))


def test_a_full_folder_is_refused_unless_it_is_to_be_replaced(made: Path, archive: Archive) -> None:
    archive.put(Article("http://x/9", title="Gạch mới", body="Gạch."))
    with pytest.raises(KhotinError, match="--over"):
        bringing.restore(made, archive.store.home)
    assert answers(archive.store.home, "gạch")
    archive.store.close()
    bringing.restore(made, archive.store.home, over=True)
    assert answers(archive.store.home, "gạch") == []
    assert "rất bí mật" in (archive.store.home / "khotin.toml").read_text()  # the settings that are there stay


def test_an_archive_is_replaced_when_it_is_damaged_but_not_while_it_is_in_use(made: Path, archive: Archive) -> None:
    with archive.store.write() as connection:
        leases.take(connection, "worker here", "here", 30)
    with pytest.raises(KhotinError, match="Stop it first"):
        bringing.restore(made, archive.store.home, over=True)
    archive.store.close()
    (archive.store.home / "khotin.db").write_bytes(b"\xff" * 10_000)
    assert bringing.restore(made, archive.store.home, over=True).articles == 3


@pytest.mark.parametrize("room", [0.5, 0.99], ids=["while the database is copied", "while the file is written"])
def test_a_backup_that_cannot_be_written_leaves_the_one_before(made: Path, archive: Archive, room: float) -> None:
    before = made.read_bytes()
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({int(len(before) * room)},) * 2);"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); import khotin; khotin.main()"
    )
    command = [sys.executable, "-c", code, "--home", str(archive.store.home), "backup", str(made)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"KHOTIN_LANG": "en"}, capture_output=True, text=True)
    assert done.returncode == 1 and "Backups made before are untouched" in done.stderr, done.stderr
    assert made.read_bytes() == before
    assert [each.name for each in made.parent.iterdir()] == [made.name]


def test_a_file_put_in_another_s_place_makes_the_backup_begin_anew(archive: Archive, tmp_path: Path) -> None:
    """As destroying does: the file's records stand elsewhere in it afterwards."""
    filled(archive)
    file = archive.store.warc / records(archive.store)[0].warc_file
    tries = []

    def swap(done: int) -> None:
        tries.append(done)
        if len(tries) == 1:
            (archive.store.home / "destroyed.jsonl").write_text('{"id": 1}\n')
            shutil.copy(file, tmp_path / "anew")
            (tmp_path / "anew").replace(file)

    backup.make(archive.store, tmp_path / "a.tar", tell=swap)
    assert len(tries) == 2
    assert "destroyed.jsonl" in {each["name"] for each in backup.check(tmp_path / "a.tar").files}


def test_what_was_destroyed_since_is_on_the_list_of_the_restored_archive(tmp_path: Path) -> None:
    present, restored = tmp_path / "now.jsonl", tmp_path / "then.jsonl"
    lines = [json.dumps({"id": number}) for number in (1, 2, 3)]
    restored.write_text(f"{lines[0]}\n{lines[1]}\n")
    present.write_text(f"{lines[1]}\n{lines[2]}\n")
    bringing.unite(present, restored)
    assert restored.read_text().splitlines() == lines


def test_only_the_newest_nightly_backups_are_kept(archive: Archive, tmp_path: Path) -> None:
    for day in range(10, 14):
        (tmp_path / f"khotin-202601{day}-0200.tar").touch()
    for name in ("mine.tar", "khotin-20260112-0200.tar.part", "khotin-20260112-0200.tar.part.db"):
        (tmp_path / name).touch()
    made, _ = backup.make_nightly(archive.store, tmp_path, keep=2)
    assert sorted(each.name for each in tmp_path.glob("*.tar*")) == ["khotin-20260113-0200.tar", made.name, "mine.tar"]


def test_a_damaged_record_is_found_before_anything_is_put_in_place(archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    scratch(archive.store, records(archive.store)[1])
    backup.make(archive.store, tmp_path / "a.tar")
    with pytest.raises(KhotinError, match="damaged record"):
        bringing.restore(tmp_path / "a.tar", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / "khotin.db").exists()


def test_the_commands_say_what_they_did(made: Path, archive: Archive, tmp_path: Path) -> None:
    def run(home: Path, *words: str) -> str:
        command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
        environment = os.environ | {"KHOTIN_LANG": "vi"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "3 trang đã tải" in run(archive.store.home, "backup", str(tmp_path / "b.tar"))
    told = run(tmp_path / "elsewhere", "restore", str(tmp_path / "b.tar"))
    assert "3 tin, bài" in told and "smtp_password" in told


def test_a_source_of_the_archive_is_there_again(made: Path, tmp_path: Path) -> None:
    bringing.restore(made, tmp_path / "elsewhere")
    with closing(open_store(tmp_path / "elsewhere")) as store, store.read() as connection:
        assert sources.need(connection, "soxd").address
