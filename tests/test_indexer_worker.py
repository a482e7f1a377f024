"""Does the worker do its jobs, tell what went wrong, and stop cleanly?"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from indexer import jobs
from indexer.article import Article
from indexer.clock import VIETNAM, now
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.jobs import Job
from indexer.store import Store, articles, blackouts, sources
from indexer.worker import Desk, Handler, Outcome, work
from tests.patience import PATIENCE, wait_for


@contextmanager
def working(store: Store, engine: WhooshEngine, handlers: Mapping[str, Handler]) -> Iterator[None]:
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(store, engine, handlers, 2, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(PATIENCE)
        assert not worker.is_alive()


def ask(store: Store, kind: str, **more: object) -> int:
    with store.write() as connection:
        made = jobs.ask(connection, kind, "lan", **more)  # type: ignore[arg-type]
    assert made is not None
    return made


def get(store: Store, number: int) -> Job:
    with store.read() as connection:
        found = jobs.get(connection, number)
    assert found
    return found


def wait_for_state(store: Store, number: int, state: str) -> None:
    wait_for(lambda: get(store, number).state == state, f"job {number} to be {state}", every=0.02)


def count(desk: Desk) -> Outcome:
    desk.say("eins")
    desk.progress({"done": 1, "waiting": 0})
    return Outcome("done", {"fetched": 1})


def wait_for_end(desk: Desk) -> Outcome:
    desk.say("waiting")
    wait_for(desk.must_end, "the order to end")
    return Outcome("cancelled", {"fetched": 2})


def mendable(desk: Desk) -> Outcome:
    raise KhotinError("The site %(host)s is away.", host="soxd")


def broken(desk: Desk) -> Outcome:
    raise ZeroDivisionError("division by zero")


TOYS: dict[str, Handler] = {"count": count, "wait": wait_for_end, "mendable": mendable, "broken": broken}


def test_a_job_tells_its_progress_its_log_and_its_report(store: Store, engine: WhooshEngine) -> None:
    number = ask(store, "count")
    with working(store, engine, TOYS):
        wait_for_state(store, number, "done")
    job = get(store, number)
    assert (job.progress, job.report, job.problem) == ({"done": 1, "waiting": 0}, {"fetched": 1}, "")
    with store.read() as connection:
        assert [each.message for each in jobs.lines(connection, number)] == ["eins"]


def test_a_job_that_fails_tells_why_and_the_worker_goes_on(store: Store, engine: WhooshEngine) -> None:
    failing = [ask(store, kind) for kind in ("mendable", "broken", "unheard")]
    last = ask(store, "count")
    with working(store, engine, TOYS):
        wait_for_state(store, last, "done")
        for each in failing:
            wait_for_state(store, each, "failed")
    assert [get(store, each).problem for each in failing] == [
        "The site soxd is away.",
        "ZeroDivisionError: division by zero",
        "No handler for jobs of kind unheard.",
    ]


def test_a_running_job_ends_when_it_is_cancelled(store: Store, engine: WhooshEngine) -> None:
    number = ask(store, "wait")
    with working(store, engine, TOYS):
        wait_for_state(store, number, "running")
        with store.write() as connection:
            jobs.cancel(connection, number)
        wait_for_state(store, number, "cancelled")
    assert get(store, number).report == {"fetched": 2}


def test_a_worker_that_stops_gives_its_jobs_back(store: Store, engine: WhooshEngine) -> None:
    number = ask(store, "wait")
    with working(store, engine, TOYS):
        wait_for_state(store, number, "running")
    assert get(store, number).state == "interrupted"
    with store.read() as connection:
        (again,) = [job for job in jobs.unfinished(connection) if job.kind == "wait"]
    assert (again.state, again.arguments) == ("waiting", {"resumes": 1})


def test_hours_without_crawling_pause_a_running_round_and_it_goes_on_when_they_end(
    store: Store, engine: WhooshEngine, set_clock: Callable[[datetime], None]
) -> None:
    monday = datetime(2026, 1, 5, 8, 0, tzinfo=VIETNAM)
    set_clock(monday)
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/").id
    number = ask(store, "wait", source_id=source, arguments={"full": True})
    with working(store, engine, TOYS):
        wait_for_state(store, number, "running")
        with store.write() as connection:
            blackouts.add(connection, None, "1", 7 * 60, 17 * 60)
        wait_for_state(store, number, "interrupted")
        with store.read() as connection:
            (again,) = [job for job in jobs.unfinished(connection) if job.kind == "wait"]
        assert get(store, number).report == {"fetched": 2, "paused": True}
        assert (again.state, again.arguments) == ("waiting", {"full": True, "goes_on": True})
        short = ask(store, "count", lane="short", source_id=source)
        wait_for_state(store, short, "done")
        assert get(store, again.id).state == "waiting"
        set_clock(monday.replace(hour=17))
        wait_for_state(store, again.id, "running")


def test_a_short_job_does_not_wait_for_long_rounds(store: Store, engine: WhooshEngine) -> None:
    rounds = [ask(store, "wait") for _ in range(3)]
    short = ask(store, "count", lane="short")
    with working(store, engine, TOYS):
        wait_for_state(store, short, "done")
        wait_for_state(store, rounds[1], "running")
        assert [get(store, each).state for each in rounds] == ["running", "running", "waiting"]


def test_two_workers_share_the_jobs(store: Store, engine: WhooshEngine) -> None:
    done: list[int] = []

    def note(desk: Desk) -> Outcome:
        done.append(desk.job.id)
        return Outcome("done", {})

    asked = [ask(store, "note") for _ in range(6)]
    with working(store, engine, {"note": note}), working(store, WhooshEngine(store.index), {"note": note}):
        for each in asked:
            wait_for_state(store, each, "done")
    assert sorted(done) == asked


def test_what_a_job_keeps_is_soon_found(store: Store, engine: WhooshEngine) -> None:
    def save(desk: Desk) -> Outcome:
        with desk.store.write() as connection:
            source = sources.add(connection, "soxd", "http://soxd.replica.test/")
            articles.save(connection, source.id, Article("http://soxd.replica.test/1", title="Nhà ở xã hội"), now())
        return Outcome("done", {})

    ask(store, "save")

    def is_indexed() -> bool:
        try:
            return int(engine.columns().live.sum()) == 1
        except KhotinError:
            return False

    with working(store, engine, {"save": save}):
        wait_for(is_indexed, "the article to be found")
