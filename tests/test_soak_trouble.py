"""Does it hold when the disk is full, the database is locked, the clock leaps, or the index is deleted and damaged?"""

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.replica.content import many
from crawler.replica.server import Fault, Replica, serve
from indexer import build, jobs, schedules
from indexer.engine.whoosh_index import CURRENT, WhooshEngine
from indexer.settings import Settings
from indexer.store import articles, open_store, sources, tables
from indexer.store.database import FILE_NAME
from tests.conftest import Archive, add_site
from tests.long import length
from tests.servers.ports import free_port
from tests.test_soak import taken, warc_problems
from tests.test_soak_faults import Readers, Server, answers, environment, wait_for
from web.app import create_app

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parent.parent
DAMAGES = length("DAMAGES", 60)
PAGES, IMPORTED = 120, 1_500
Limit = Callable[[], None] | None


@dataclass(slots=True)
class Disk:
    """A disk that can be made full and freed: a tmpfs of our own, else a limit on how large files may grow."""

    place: Path
    kind: str

    def resize(self, size: int) -> Limit:
        """From now on so many bytes fit; what a process must do before it writes there, when the disk cannot do it."""
        if self.kind == "tmpfs":
            subprocess.run(["mount", "-o", f"remount,size={size}", str(self.place)], check=True)
            return None
        return lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (size // 4, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        )

    def used(self) -> int:
        if self.kind == "tmpfs":  # counts whole pages, and cannot be made smaller than them
            return shutil.disk_usage(self.place).used
        return sum(each.stat().st_size for each in self.place.rglob("*") if each.is_file())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(place)], capture_output=True)
    made = Disk(place, "limit on files" if mounted.returncode else "tmpfs")
    print(f"\nfull disk by {made.kind}")
    yield made
    if made.kind == "tmpfs":
        subprocess.run(["umount", "-l", str(place)], check=True)


def khotin(
    home: Path, *words: str, replica: Replica | None = None, limit: Limit = None
) -> subprocess.CompletedProcess[str]:
    told = environment(replica) if replica else os.environ | {"KHOTIN_LANG": "en"}
    command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, preexec_fn=limit)


def news(place: Path, count: int = IMPORTED) -> Path:
    lines = [{"id": f"n{n}", "title": f"Đá số {n}", "body": f"Mã zq{n}zq. " + "đá vôi " * 300} for n in range(count)]
    file = place / "news.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return file


def test_a_disk_that_fills_up_during_a_crawl_loses_nothing(disk: Disk, tmp_path: Path) -> None:
    with serve(shown=many(PAGES)) as replica:
        for name in ("calm", "full"):
            add_site((tmp_path if name == "calm" else disk.place) / name, replica)
        assert khotin(tmp_path / "calm", "crawl", "site", replica=replica).returncode == 0
        home, refused = disk.place / "full", 0
        for more in (200_000, 400_000, 1_000_000, 2_000_000, 4_000_000):
            limit = disk.resize(disk.used() + more)
            done = khotin(home, "crawl", "site", replica=replica, limit=limit)
            assert "Traceback" not in done.stderr, done.stderr
            if done.returncode:
                refused += 1
                assert "free" in done.stdout + done.stderr, done.stdout + done.stderr
        assert refused > 1, "the disk was never full"
        last = khotin(home, "crawl", "site", replica=replica, limit=disk.resize(1 << 30))
        assert last.returncode == 0, last.stdout + last.stderr
        calm, full = open_store(tmp_path / "calm"), open_store(home)
        assert len(taken(calm)) == PAGES
        assert taken(full) == taken(calm)
        assert warc_problems(full) == ""
        assert build.check(full, WhooshEngine(full.index)) == []


def test_a_full_disk_keeps_the_index_that_there_is_and_the_site_goes_on_answering(disk: Disk, tmp_path: Path) -> None:
    home, file = disk.place / "data", news(tmp_path)
    assert khotin(home, "import", str(file)).returncode == 0
    store = open_store(home)
    engine = WhooshEngine(store.index)
    right = answers(store, engine, "đá vôi")
    site = create_app(Settings(home=home), store, WhooshEngine(store.index))
    site.config["WTF_CSRF_ENABLED"] = False
    refused = 0
    for more in (0, 100_000, 500_000, 1_500_000, 4_000_000):
        limit = disk.resize(disk.used() + more)
        done = khotin(home, "index", "rebuild", limit=limit)
        assert "Traceback" not in done.stderr, done.stderr
        refused += done.returncode
        assert done.returncode == 0 or "free some space" in done.stderr, done.stderr
        assert answers(store, WhooshEngine(store.index), "đá vôi") == right
        assert site.test_client().get("/api/v1/search?q=zq7zq").get_json()["total"] == 1
        posted = site.test_client().post("/sign-in", data={"name": f"lan{more}", "password": "sai"})
        assert posted.status_code in (403, 503)
    assert refused > 1, "the disk was never full"
    limit = disk.resize(1 << 30)
    assert khotin(home, "index", "rebuild", limit=limit).returncode == 0
    assert build.check(store, WhooshEngine(store.index)) == []
    assert answers(store, WhooshEngine(store.index), "đá vôi") == right
    store.close()


@contextmanager
def locked_for(home: Path, seconds: float) -> Iterator[None]:
    """Another process begins to write and takes so many seconds; half a minute lasts at least as long as the block."""
    program = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60);"
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); time.sleep(float(sys.argv[2]));"
        "sys.argv[2] == '30' and sys.stdin.read(); c.execute('ROLLBACK')"
    )
    command = [sys.executable, "-c", program, str(home / FILE_NAME), str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "locked\n"
        yield


def test_a_locked_database_is_waited_for_and_then_told_plainly_and_nothing_is_lost(tmp_path: Path) -> None:
    home, file = tmp_path / "data", news(tmp_path, 300)
    with serve(shown=many(20)) as replica:
        add_site(home, replica)
        with locked_for(home, 5):
            assert khotin(home, "import", str(file)).returncode == 0
        with locked_for(home, 5):
            assert khotin(home, "crawl", "site", replica=replica).returncode == 0
        for node in range(1, 21):
            replica.edit(node, title=f"Tiêu đề mới {node}")
        with locked_for(home, 30):
            for words in (("import", str(file)), ("crawl", "site", "--full")):
                began = time.monotonic()
                done = khotin(home, *words, replica=replica)
                assert done.returncode != 0
                assert "has been writing" in done.stdout + done.stderr, done.stdout + done.stderr
                assert time.monotonic() - began >= 10 and "Traceback" not in done.stderr
        assert khotin(home, "import", str(file)).returncode == 0
        assert khotin(home, "crawl", "site", "--full", replica=replica).returncode == 0
    store = open_store(home)
    kept = [each for each in taken(store) if each.address]
    assert sorted(each.title for each in kept) == sorted(f"Tiêu đề mới {node}" for node in range(1, 21))
    with store.read() as connection:
        assert articles.count(connection) == 320
    assert build.check(store, WhooshEngine(store.index)) == []
    store.close()


@contextmanager
def served(home: Path, replica: Replica, log: Path) -> Iterator[Server]:
    server = Server(home, replica, free_port(), log)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        print(log.read_text(encoding="utf-8", errors="replace")[-4_000:])


def test_a_clock_that_leaps_fires_no_storm_and_leaves_no_lease(
    tmp_path: Path, set_clock: Callable[[datetime], None]
) -> None:
    home, begun = tmp_path / "data", datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    with serve(shown=many(30), faults={"/index.php/": Fault("slow", 0.3)}) as replica:
        add_site(home, replica)
        store = open_store(home)
        with store.write() as connection:
            number = sources.need(connection, "site").id
            schedules.add(connection, number, "0 * * * *")
            jobs.ask(connection, "round", "test", source_id=number)
        with served(home, replica, tmp_path / "log"):
            wait_for(lambda: len(replica.log) > 5, "a round to begin")
            moments = (
                timedelta(days=31),
                timedelta(days=31, minutes=1),
                timedelta(days=-1),
                timedelta(days=-1, minutes=1),
            )
            for moved in moments:
                set_clock(begun + moved)
                time.sleep(15)  # longer than a lease looks round, and than a job is left unburied
            replica.faults.clear()
            set_clock(begun + timedelta(days=-1, hours=1))
            wait_for(lambda: not opened(home), "all rounds to end")
        with store.read() as connection:
            found = connection.execute(
                select(tables.jobs.c.state, tables.jobs.c.due_at).order_by(tables.jobs.c.id)
            ).all()
            rounds = [(state, due) for state, due in found if due is not None or state != "waiting"]
            left = connection.execute(select(tables.leases.c.name)).all()
        due = [moment for _, moment in rounds if moment is not None]
        print(rounds)
        # one for all that a month missed, perhaps one of its first minute, and one of the hour after the leap back
        assert 1 <= len(due) == len(set(due)) <= 3, rounds
        assert not left
        assert rounds[0][0] == "done", "a leap is no reason to end a round that is under way"
        assert len(taken(store)) == 30
        store.close()


def opened(home: Path) -> bool:
    with closing(sqlite3.connect(home / FILE_NAME)) as connection:
        return bool(connection.execute("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')").fetchone()[0])


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    home = tmp_path / "data"
    assert khotin(home, "import", str(news(tmp_path))).returncode == 0
    return home


def test_an_index_that_is_deleted_while_it_is_served_comes_back(filled: Path, tmp_path: Path) -> None:
    with serve(shown=()) as replica, served(filled, replica, tmp_path / "log") as server:
        readers = Readers(server.port, {f"zq{n}zq": f"n{n}" for n in range(0, IMPORTED, 10)})
        wait_for(lambda: readers.ask("zq10zq")[0] == "200", "the site")
        readers.known |= set(readers.questions)
        with readers.reading():
            for _ in range(max(2, DAMAGES // 20)):
                shutil.rmtree(filled / "index")
                wait_for(lambda: (filled / "index" / CURRENT).exists(), "the index to be made anew")
                wait_for(lambda: readers.ask("zq10zq")[0] == "200", "answers")
        print(dict(readers.statuses))
        assert not readers.wrong, readers.wrong[:10]
        assert set(readers.statuses) <= {"200", "503"}


def test_a_column_that_is_damaged_while_it_is_served_is_noticed_and_made_anew(filled: Path, tmp_path: Path) -> None:
    pick, store = random.Random(3), open_store(filled)
    right = [answers(store, WhooshEngine(store.index), line) for line in ("đá vôi", "zq10zq", "số")]
    with serve(shown=()) as replica, served(filled, replica, tmp_path / "log") as server:
        readers = Readers(server.port, {f"zq{n}zq": f"n{n}" for n in range(0, IMPORTED, 10)})
        wait_for(lambda: readers.ask("zq10zq")[0] == "200", "the site")
        for number in range(DAMAGES):
            damage(filled / "index", pick, shorter=number % 3 == 0)
            wait_for(lambda: not WhooshEngine(store.index).check(), "the damage to be mended")
            found = [answers(store, WhooshEngine(store.index), line) for line in ("đá vôi", "zq10zq", "số")]
            assert found == right
            wait_for(lambda: readers.ask("zq10zq")[0] == "200", "answers")
            status, told = readers.ask("zq10zq")
            assert (status, told["total"]) == ("200", 1)
    store.close()


def damage(index: Path, pick: random.Random, shorter: bool) -> None:
    path = pick.choice(sorted(each for each in index.rglob("*") if each.is_file() and each.stat().st_size))
    size = path.stat().st_size
    if shorter:
        os.truncate(path, pick.randrange(size))
        return
    with path.open("r+b") as file:
        for _ in range(pick.randint(1, 20)):
            at = pick.randrange(size)
            file.seek(at)
            held = file.read(1)
            file.seek(at)
            file.write(bytes([held[0] ^ (1 << pick.randrange(8))]))


def test_an_index_that_was_damaged_at_rest_never_answers_wrongly(archive: Archive) -> None:
    with serve(shown=many(60)) as replica:
        add_site(archive.store.home / "other", replica)
        assert khotin(archive.store.home / "other", "crawl", "site", replica=replica).returncode == 0
    store, pick = open_store(archive.store.home / "other"), random.Random(4)
    asked = ("xây dựng", '"lưu số 7 tại"', "quy hoạch -nhà", "")
    right = [answers(store, WhooshEngine(store.index), line) for line in asked]
    refused = 0
    for number in range(DAMAGES):
        damage(store.index, pick, shorter=number % 4 == 0)
        site = create_app(Settings(home=store.home), store, WhooshEngine(store.index)).test_client()
        status = site.get("/api/v1/search?q=xây dựng").status_code
        assert status in (200, 503)
        refused += status == 503
        if status == 200:
            assert [answers(store, WhooshEngine(store.index), line) for line in asked] == right
        engine = WhooshEngine(store.index)
        build.mend(store, engine)
        build.update(store, engine)
        assert build.check(store, WhooshEngine(store.index)) == []
        assert [answers(store, WhooshEngine(store.index), line) for line in asked] == right
    print(f"\n{DAMAGES} damages at rest: {refused} refused with 503, the others did not touch what answers")
    store.close()
