"""Do schedules fire once, and do rounds survive, with real workers that are really killed?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.replica.content import articles as bundled
from crawler.replica.server import Fault, Replica, serve
from indexer import clock, jobs, schedules
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import Store, articles, sources
from tests.patience import wait_for

ROOT = Path(__file__).parent.parent


@contextmanager
def worker(home: Path, replica: Replica) -> Iterator[subprocess.Popen[bytes]]:
    """A real `khotin work`; stopped at the end of the block unless it is dead by then."""
    environment = os.environ | {"KHOTIN_RESOLVE": replica.resolve}
    command = [sys.executable, "-m", "khotin", "--home", str(home), "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def states(store: Store) -> list[str]:
    """The states of the rounds, in the order they were asked for."""
    with store.read() as connection:
        return [job.state for job in reversed(jobs.latest(connection)) if job.kind == "round"]


@pytest.fixture
def source(store: Store) -> int:
    with store.write() as connection:
        return sources.add(connection, "soxd", "http://soxd.replica.test/", delay_seconds=0.0).id


def ask(store: Store, source: int) -> None:
    with store.write() as connection:
        jobs.ask(connection, "round", "test", source_id=source, arguments={"max_pages": 12})


def test_a_due_time_fires_once_with_two_workers_and_the_index_follows(store: Store, source: int) -> None:
    with store.write() as connection:
        schedule = schedules.add(connection, source, "0 2 1 1 *")
        schedules.change(connection, schedule, next_due=clock.now())
    with serve(shown=bundled()[:24]) as replica, worker(store.home, replica), worker(store.home, replica):
        wait_for(lambda: states(store) == ["done"], "the round")
        wait_for(lambda: WhooshEngine(store.index).state(), "the index")
        time.sleep(2)  # both workers look several times
        assert states(store) == ["done"]
    assert len({request.path for request in replica.log}) == len(replica.log), "no page was asked for twice"
    with store.read() as connection:
        assert articles.count(connection) > 0
        assert schedules.get(connection, schedule).next_due > clock.now()  # type: ignore[operator]


def test_a_round_asked_for_while_one_runs_is_joined_to_it(store: Store, source: int) -> None:
    slow = {"/index.php/": Fault("slow", 0.3)}
    with serve(faults=slow) as replica, worker(store.home, replica):
        ask(store, source)
        wait_for(lambda: states(store) == ["running"], "the first round")
        ask(store, source)
        wait_for(lambda: "joined" in states(store), "the second to be joined")
        wait_for(lambda: states(store) == ["done", "joined"], "the first to end")


def test_cancelling_stops_the_crawl_and_keeps_what_it_took(store: Store, source: int) -> None:
    with serve(faults={"/index.php/": Fault("slow", 0.3)}) as replica, worker(store.home, replica):
        ask(store, source)
        wait_for(lambda: len(replica.log) > 3, "some pages")
        with store.write() as connection:
            jobs.cancel(connection, next(job.id for job in jobs.latest(connection) if job.kind == "round"))
        wait_for(lambda: states(store) == ["cancelled"], "the round to be cancelled")
        asked = len(replica.log)
        time.sleep(2)
        assert len(replica.log) == asked, "nobody crawls on"


def test_a_killed_worker_leaves_no_orphan_and_another_goes_on(store: Store, source: int) -> None:
    with serve(faults={"/index.php/": Fault("slow", 0.2)}) as replica:
        with worker(store.home, replica) as first:
            ask(store, source)
            wait_for(lambda: len(replica.log) > 5, "some pages")
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
        time.sleep(5)
        asked = len(replica.log)
        time.sleep(2)
        assert len(replica.log) == asked, "no orphan crawls on"
        replica.faults.clear()
        with worker(store.home, replica):
            wait_for(lambda: states(store) == ["interrupted", "done"], "another worker to finish the round")
    # These are asked for anew by every process: they show that the site is alive, and what it knows.
    anew = ("/robots.txt", "/sitemap.xml", "/")
    paths = [each.path for each in replica.log if each.status == 200 and each.path not in anew]
    assert len(paths) - len(set(paths)) <= 1, "only the page that was under way may be asked for again"


def test_a_worker_that_is_told_to_stop_hands_its_round_over(store: Store, source: int) -> None:
    with serve(faults={"/index.php/": Fault("slow", 0.2)}) as replica:
        with worker(store.home, replica):
            ask(store, source)
            wait_for(lambda: len(replica.log) > 3, "some pages")
        assert states(store)[0] == "interrupted"
        replica.faults.clear()
        with worker(store.home, replica):
            wait_for(lambda: states(store)[-1] == "done", "the next worker to finish it")
