"""Does an archive move to another database and back with every row as it was, whatever happens on the way?"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update

from indexer import backup, build, clock, jobs, leases, moving
from indexer import restore as bringing
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError, NotNowError
from indexer.moving import Side
from indexer.store import Store, articles, database, open_store, sources, tables
from tests.servers import postgres

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parent.parent
OLD = Path(__file__).parent / "data" / "archive-0.1.0"


@pytest.fixture
def address(on_a_server: postgres.Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty place on the server; the archives of folders are files."""
    monkeypatch.setenv("KHOTIN_STORE", "")
    before = on_a_server.schemas()
    yield f"{on_a_server.address}?schema=k_copy"
    on_a_server.drop(on_a_server.schemas() - before)


@pytest.fixture
def home(tmp_path: Path, address: str) -> Path:
    """An archive of an earlier version, with all that is hard to copy."""
    shutil.copytree(OLD, tmp_path / "data")
    with closing(open_store(tmp_path / "data")) as store:
        fill(store, 300)
    return tmp_path / "data"


def fill(store: Store, count: int) -> None:
    with store.write() as connection:
        source = sources.add(connection, "kho", "").id
        given = (Article("", title=f"Tin số {n} “ă'", body=f"Mã zq{n}zq. " * 30) for n in range(count))
        numbers = [articles.save(connection, source, each, clock.now(), "bulk").id for each in given]
        points_forward = update(tables.articles).where(tables.articles.c.id == numbers[0])
        connection.execute(points_forward.values(merged_into=numbers[-2]))
        last = numbers[-1]
        connection.execute(delete(tables.versions).where(tables.versions.c.article_id == last))
        connection.execute(delete(tables.articles).where(tables.articles.c.id == last))
        told = {"at": clock.now(), "who": "lan", "action": "a", "subject": "b", "reason": "c\nd"}
        connection.execute(insert(tables.decisions).values(told))  # nothing was before it
        connection.execute(insert(tables.decisions).values(told | {"before": None, "after": {"ă": [1, 2.5, None]}}))
        number = jobs.ask(connection, "learn", "test", arguments={"x": True})
        assert number
        jobs.say(connection, number, "line", {"a": "ế"}, "detail")


def everything(home: Path) -> dict[str, Any]:
    """All that the file of an archive holds, as SQLite tells it, the counters of its tables among it. A migration once
    wrote a moment without its fraction of a second, which is the same moment."""
    with closing(sqlite3.connect(home / database.FILE_NAME)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        shape = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        return {"": shape} | {
            name: sorted(map(plain, connection.execute(f'SELECT * FROM "{name}"')), key=repr) for name in names
        }


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each.removesuffix(".000000") if isinstance(each, str) else each for each in row)


def test_there_and_back_every_table_is_as_it_was(home: Path, tmp_path: Path, address: str) -> None:
    before = everything(home)
    there = moving.move(Side(home, ""), Side(home, address))
    back = moving.move(Side(home, address), Side(tmp_path / "back", ""))
    assert there.tables == back.tables and there.files == 0
    assert {each.table for each in there.tables} == set(tables.metadata.tables)
    assert everything(home) == before
    assert everything(tmp_path / "back") == before
    assert back.files == len(list((home / "warc").iterdir())) > 0
    assert (tmp_path / "back" / "warc").stat().st_mode == (home / "warc").stat().st_mode


def test_what_was_copied_works_on_and_no_number_is_given_twice(
    home: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(home)) as store:
        build.update(store, WhooshEngine(store.index))
        with store.read() as connection:
            last = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'articles'"))
    moving.move(Side(home, ""), Side(home, address))
    monkeypatch.setenv("KHOTIN_STORE", address)
    with closing(open_store(home)) as store:
        assert store.is_served
        engine = WhooshEngine(store.index)
        assert not build.is_behind(store, engine), "the index that was there still fits"
        with store.write() as connection:
            source = sources.need(connection, "kho").id
            saved = articles.save(connection, source, Article("", title="Mới", body="Bài mới."), clock.now())
            assert saved.id == last + 1, "the number of the deleted article is not given again"
        build.update(store, engine)
        assert build.check(store, engine) == []


def test_nothing_is_copied_over_an_archive_or_from_one_in_use(home: Path, tmp_path: Path, address: str) -> None:
    moving.move(Side(home, ""), Side(home, address))
    with pytest.raises(KhotinError, match="an archive already"):
        moving.move(Side(home, ""), Side(home, address))
    with pytest.raises(KhotinError, match="the same archive"):
        moving.move(Side(home, ""), Side(home, ""))
    with closing(open_store(home)) as store, store.write() as connection:
        leases.take(connection, "worker a", "a", 60)
    with pytest.raises(KhotinError, match="is running"):
        moving.move(Side(home, ""), Side(tmp_path / "other", ""))
    with pytest.raises(KhotinError, match="no Khotin archive"):
        moving.move(Side(tmp_path / "nowhere", ""), Side(home, f"{address}2"))


def test_nobody_writes_what_would_stay_behind_while_it_is_copied(
    home: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.2)
    refused = []

    def tell(rows: int) -> None:
        if not refused:
            with closing(open_store(home)) as store, pytest.raises(NotNowError) as told, store.write():
                pass
            refused.append(told)

    moving.move(Side(home, ""), Side(home, address), tell)
    assert refused


def test_a_copy_that_is_killed_is_begun_anew(home: Path, tmp_path: Path, address: str) -> None:
    """At whatever moment: there is nothing there, or all of it."""
    with closing(open_store(home)) as store:
        fill_more(store)
    before = everything(home)
    for source, target in ((str(home), address), (address, str(tmp_path / "back"))):
        patience, killed = 0.4, 0
        while not ended_within(patience, run(home, source, target)):
            patience, killed = patience * 1.4, killed + 1
        assert killed > 2
    assert everything(tmp_path / "back") == before


def ended_within(seconds: float, process: subprocess.Popen[bytes]) -> bool:
    """Has it copied all, or found it there?  Else it is killed."""
    try:
        assert process.wait(seconds) in (0, 1)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return False
    return True


def test_a_backup_of_one_kind_is_restored_as_the_other(
    home: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(home)
    with closing(open_store(home)) as store:
        backup.make(store, tmp_path / "file.tar")
    monkeypatch.setenv("KHOTIN_STORE", address)
    served = tmp_path / "served"
    bringing.restore(tmp_path / "file.tar", served)
    with pytest.raises(KhotinError, match="an archive in"):
        bringing.restore(tmp_path / "file.tar", served)
    bringing.restore(tmp_path / "file.tar", served, over=True)
    assert not (served / database.FILE_NAME).exists()
    with closing(open_store(served)) as store:
        backup.make(store, tmp_path / "server.tar")
    monkeypatch.setenv("KHOTIN_STORE", "")
    bringing.restore(tmp_path / "server.tar", tmp_path / "back")
    assert everything(tmp_path / "back") == before


def fill_more(store: Store) -> None:
    with store.write() as connection:
        source = sources.need(connection, "kho").id
        for n in range(1_000):
            given = Article("", title=f"Thêm {n}", body=f"Thêm {n}. " * 100)
            articles.save(connection, source, given, clock.now(), "bulk")


def run(home: Path, source: str, target: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "khotin", "--home", str(home), "store", "copy", source, target]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"KHOTIN_STORE": ""}, stdout=subprocess.DEVNULL)
