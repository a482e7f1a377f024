"""Is every wished job done once, by whoever comes first?"""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from indexer import jobs
from indexer.jobs import MOST_RESUMES, SILENCE_SECONDS, Job
from indexer.store import Store, open_store, sources

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
SetClock = Callable[[datetime], None]
CLAIM_ALL = """
import sys
from pathlib import Path
from indexer import jobs
from indexer.store import open_store
store = open_store(Path(sys.argv[1]))
while True:
    with store.write() as connection:
        job = jobs.claim(connection, "short", sys.argv[2])
    if job is None:
        break
    print(job.id)
"""


@pytest.fixture
def source_id(store: Store) -> int:
    with store.write() as connection:
        return sources.add(connection, "soxd", "http://soxd.replica.test/").id


def ask(store: Store, **more: object) -> int:
    with store.write() as connection:
        made = jobs.ask(connection, "round", "lan", **more)  # type: ignore[arg-type]
    assert made is not None
    return made


def claim(store: Store, worker: str = "w1", lane: str = "round") -> Job | None:
    with store.write() as connection:
        return jobs.claim(connection, lane, worker)


def get(store: Store, number: int) -> Job:
    with store.read() as connection:
        found = jobs.get(connection, number)
    assert found
    return found


def test_two_processes_share_the_jobs_and_do_none_twice(store: Store) -> None:
    asked = [ask(store, lane="short") for _ in range(40)]
    command = [sys.executable, "-c", CLAIM_ALL, str(store.home)]
    both = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in ("w1", "w2")]
    taken = [int(number) for each in both for number in each.communicate()[0].split()]
    assert sorted(taken) == asked


def test_threads_with_stores_of_their_own_do_no_job_twice(store: Store) -> None:
    asked = [ask(store, lane="short") for _ in range(20)]
    taken: list[int] = []

    def work() -> None:
        mine = open_store(store.home)
        while job := claim(mine, threading.current_thread().name, "short"):
            taken.append(job.id)
        mine.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == asked


def test_a_second_round_of_a_source_is_joined_to_the_running_one(store: Store, source_id: int) -> None:
    first, second = ask(store, source_id=source_id), ask(store, source_id=source_id)
    assert claim(store) == get(store, first)
    assert claim(store, "w2") is None
    assert (get(store, second).state, get(store, second).joined_to) == ("joined", first)


def test_rounds_of_two_sources_run_side_by_side(store: Store, source_id: int) -> None:
    with store.write() as connection:
        other = sources.add(connection, "soct", "http://soct.replica.test/").id
    ask(store, source_id=source_id), ask(store, source_id=other)
    assert claim(store) and claim(store)


def test_short_jobs_do_not_wait_for_rounds(store: Store, source_id: int) -> None:
    ask(store, source_id=source_id)
    short = ask(store, lane="short")
    found = claim(store, lane="short")
    assert found and found.id == short


def test_a_due_time_is_asked_for_once(store: Store, source_id: int) -> None:
    with store.write() as connection:
        twice = [
            jobs.ask(connection, "round", "schedule", source_id=source_id, schedule_id=1, due_at=NOON) for _ in range(2)
        ]
    assert twice[0] is not None and twice[1] is None


def test_a_silent_workers_job_is_interrupted_and_asked_for_again(store: Store, set_clock: SetClock) -> None:
    set_clock(NOON)
    number = ask(store, arguments={"full": True})
    claim(store)
    set_clock(NOON + timedelta(seconds=SILENCE_SECONDS + 1))
    with store.write() as connection:
        assert [each.id for each in jobs.bury_silent(connection)] == [number]
        assert jobs.bury_silent(connection) == []
    again = claim(store, "w2")
    assert get(store, number).state == "interrupted"
    assert again and again.arguments == {"full": True, "resumes": 1}


def test_a_living_worker_keeps_its_job_and_a_buried_one_learns_it(store: Store, set_clock: SetClock) -> None:
    set_clock(NOON)
    number = ask(store)
    claim(store)
    set_clock(NOON + timedelta(seconds=SILENCE_SECONDS - 1))
    with store.write() as connection:
        assert jobs.beat(connection, number, "w1")
    set_clock(NOON + timedelta(seconds=SILENCE_SECONDS + 20))
    with store.write() as connection:
        assert jobs.bury_silent(connection) == []
        jobs.interrupt(connection, get(store, number))
        assert not jobs.beat(connection, number, "w1")


def test_a_job_that_kills_its_worker_is_not_tried_for_ever(store: Store, set_clock: SetClock) -> None:
    set_clock(NOON)
    ask(store)
    tries = 0
    while claim(store):
        tries += 1
        set_clock(NOON + timedelta(minutes=tries))
        with store.write() as connection:
            jobs.bury_silent(connection)
    assert tries == 1 + MOST_RESUMES


def test_a_cancelled_job_whose_worker_died_is_not_resumed(store: Store, set_clock: SetClock) -> None:
    set_clock(NOON)
    number = ask(store)
    claim(store)
    with store.write() as connection:
        jobs.cancel(connection, number)
    set_clock(NOON + timedelta(minutes=2))
    with store.write() as connection:
        jobs.bury_silent(connection)
    assert claim(store) is None


def test_a_waiting_job_that_is_cancelled_never_starts_and_a_running_one_is_told(store: Store) -> None:
    running, waiting = ask(store), ask(store)
    claim(store)
    with store.write() as connection:
        jobs.cancel(connection, running)
        jobs.cancel(connection, waiting)
        assert jobs.wants_cancel(connection, running)
    assert (get(store, running).state, get(store, waiting).state) == ("running", "cancelled")
    assert claim(store) is None


def test_the_end_of_a_log_is_told_in_its_order(store: Store) -> None:
    number = ask(store)
    with store.write() as connection:
        for line in "abcd":
            jobs.say(connection, number, line)
        told = jobs.lines(connection, number, limit=3)
        after = jobs.lines(connection, number, after=told[1].id)
    assert ([each.message for each in told], [each.message for each in after]) == (["b", "c", "d"], ["d"])


def test_jobs_are_listed_newest_first_page_by_page(store: Store) -> None:
    numbers = [ask(store) for _ in range(5)]
    with store.read() as connection:
        first = jobs.latest(connection, limit=3)
        second = jobs.latest(connection, limit=3, before=first[-1].id)
        assert jobs.latest(connection, state="failed") == []
    assert [each.id for each in (*first, *second)] == numbers[::-1]


def test_a_dead_workers_job_does_not_stay_when_the_clock_is_put_back(store: Store, set_clock: SetClock) -> None:
    set_clock(NOON)
    number = ask(store)
    claim(store)
    set_clock(NOON - timedelta(days=1))
    with store.write() as connection:
        assert [each.id for each in jobs.bury_silent(connection)] == [number]
