"""Do two workers and three sites on one PostgreSQL lose, double or confuse anything while they are killed at random?"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawler.replica.content import many
from crawler.replica.server import Replica, serve
from indexer import build, clock, jobs, schedules
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import Store, articles, captures, open_store, sources, tables
from tests.long import length
from tests.servers import postgres
from tests.servers.ports import free_ports
from tests.test_soak_faults import Readers, address, end, environment, opened, processes, states_of_rounds, wait_for

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parent.parent
SECONDS = length("HOST_SECONDS", 60)
PAGES = 30


@dataclass(slots=True)
class Piece:
    """One `khotin work` or `khotin web`, as on a host of its own: killed with all its processes, and started again."""

    words: tuple[str, ...]
    home: Path
    replica: Replica
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "khotin", "--home", str(self.home), *self.words]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.replica), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        assert self.process
        for number in (self.process.pid, *processes(self.process.pid)):
            end(number)
        self.process.wait()
        self.start()

    def kill_crawl(self) -> None:
        """Only the round that a worker runs."""
        assert self.process
        for number, line in processes(self.process.pid).items():
            if "-m crawler" in line:
                end(number)


def test_nothing_is_lost_or_doubled_by_kills_of_workers_and_sites(served: postgres.Postgres, tmp_path: Path) -> None:
    home, log = tmp_path / "data", tmp_path / "log"
    with serve(shown=many(PAGES)) as replica, closing(open_store(home, create=True)) as store:
        with store.write() as connection:
            source = sources.add(connection, "site", replica.url, delay_seconds=0.0).id
            schedule = schedules.add(connection, source, "0 2 1 1 *")
        build.update(store, WhooshEngine(store.index))
        ports = free_ports(3)
        workers = [Piece(("work",), home, replica, log) for _ in range(2)]
        sites = [Piece(("web", "--port", str(port)), home, replica, log) for port in ports]
        phrases = {f'"lưu số {node} tại văn phòng"': address(replica, node) for node in range(1, PAGES + 1)}
        readers = [Readers(port, phrases) for port in ports]
        with running([*workers, *sites]), reading(readers):
            fired = disturb(store, schedule, workers, sites)
            last_round(store, source)
        statuses = sum((each.statuses for each in readers), Counter[str]())
        print(f"{SECONDS} s; {len(fired)} due times; answers {dict(statuses)}")
        assert not [wrong for each in readers for wrong in each.wrong]
        assert statuses["200"] > 0
        check(store, replica, fired)


@contextmanager
def running(pieces: list[Piece]) -> Iterator[None]:
    for each in pieces:
        each.start()
    try:
        yield
    finally:
        for each in pieces:
            assert each.process
            each.process.terminate()
        for each in pieces:
            assert each.process
            each.process.wait(120)


@contextmanager
def reading(readers: list[Readers]) -> Iterator[None]:
    threads = [threading.Thread(target=each.read, args=(seed,)) for seed, each in enumerate(readers)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        for reader in readers:
            reader.stop.set()
        for each in threads:
            each.join()


def disturb(store: Store, schedule: int, workers: list[Piece], sites: list[Piece]) -> set[datetime]:
    """Kill by chance until the time is over, and have the schedule due again and again; the due times."""
    pick, over, due = random.Random(7), time.monotonic() + SECONDS, set[datetime]()
    while time.monotonic() < over:
        moment = clock.now()
        with store.write() as connection:
            schedules.change(connection, schedule, next_due=moment)
        due.add(moment)
        for _ in range(8):
            time.sleep(pick.uniform(0.2, 1.5))
            assert_one_round(store)
        target = pick.choice(["worker", "site", "crawl"])
        if target == "crawl":
            for each in workers:
                each.kill_crawl()
        else:
            pick.choice(workers if target == "worker" else sites).kill()
        wait_for(lambda moment=moment: is_asked(store, moment), "the due time")
    return due


def is_asked(store: Store, moment: datetime) -> bool:
    with store.read() as connection:
        return connection.scalar(select(tables.jobs.c.id).where(tables.jobs.c.due_at == moment)) is not None


def assert_one_round(store: Store) -> None:
    with store.read() as connection:
        on = [each for each in jobs.unfinished(connection) if each.kind == "round" and each.state == "running"]
    assert len(on) <= 1, "one round over a host at a time"


def last_round(store: Store, source: int) -> None:
    """Everything that was begun ends, then one whole round; the index follows."""
    wait_for(lambda: not opened(store), "the rounds to end")
    with store.write() as connection:
        jobs.ask(connection, "round", "test", source_id=source, arguments={"full": True})
    wait_for(lambda: not opened(store), "the last round")
    wait_for(lambda: not build.is_behind(store, WhooshEngine(store.index)), "the index")


def check(store: Store, replica: Replica, fired: set[datetime]) -> None:
    """Every article once, every due time once, every capture readable, and an index that fits."""
    table = tables.jobs
    with store.read() as connection:
        kept = [each for each in articles.after(connection, 0, 10_000) if each.merged_into is None]
        by_due = select(table.c.due_at, func.count()).where(table.c.due_at.is_not(None)).group_by(table.c.due_at)
        asked = {row[0]: row[1] for row in connection.execute(by_due)}
    assert Counter(each.article.address for each in kept) == {replica.address(n): 1 for n in replica.site.articles}
    assert asked == dict.fromkeys(fired, 1)
    states = states_of_rounds(store)
    assert set(states) <= {"done", "joined", "interrupted", "crawl killed"}, states
    for each in captures.every(store, 1):
        assert captures.read(store, each).status == each.status
    assert build.check(store, WhooshEngine(store.index)) == []
