"""Who does the jobs?  One loop: fires schedules, claims jobs, gives signs of life, keeps the index up to date."""

import logging
import math
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from indexer import build, clock, disk, jobs, learn, leases, retest, schedules, telling, upkeep
from indexer.engine import Engine
from indexer.errors import KhotinError
from indexer.jobs import BEAT_SECONDS, SILENCE_SECONDS, Job
from indexer.store import Store, blackouts, destructions, lessons, letters, requests, searches

log = logging.getLogger("khotin.worker")
PAUSE_SECONDS = 0.5
# After an update the index rests this many times as long as the update took, so that searches keep the machine.
REST = 2.0
LEAP_SECONDS = 10.0  # the clock differs so much from counted seconds only when somebody puts it
POST_SECONDS = 5.0  # between two looks at whether letters are to leave
DESTROY_AGAIN = timedelta(minutes=1)  # after a try that could not end
MEASURE_SECONDS = 60.0  # between two looks at the disk
MEND_SECONDS = 600.0  # between two looks at whether the index's files are whole: all of them are read


class Outcome(NamedTuple):
    """How a job ended: done, failed or cancelled; its report; and what was wrong, in a sentence."""

    state: str
    report: Mapping[str, Any]
    problem: str = ""


@dataclass(slots=True)
class Desk:
    """What a job's handler is given: where to tell its progress, and whether it is to end."""

    store: Store
    job: Job
    worker: str
    lost: threading.Event = field(default_factory=threading.Event)
    rests: threading.Event = field(default_factory=threading.Event)

    def say(self, line: str, values: Mapping[str, Any] | None = None, detail: str = "") -> None:
        with self.store.write() as connection:
            jobs.say(connection, self.job.id, line, values, detail)

    def progress(self, told: Mapping[str, Any]) -> None:
        with self.store.write() as connection:
            jobs.progress(connection, self.job.id, told)

    def must_end(self) -> bool:
        """The job was cancelled or taken from this worker, the worker is stopping, or hours without crawling began."""
        if self.lost.is_set():
            return True
        with self.store.read() as connection:
            if self.job.lane == "round" and self.job.source_id in blackouts.resting(connection):
                self.rests.set()
            return self.rests.is_set() or jobs.wants_cancel(connection, self.job.id)


Handler = Callable[[Desk], Outcome]


def work(store: Store, engine: Engine, handlers: Mapping[str, Handler], rounds: int, stop: threading.Event) -> None:
    """Work until ``stop`` is set: ``rounds`` rounds at a time, one short job beside them."""
    me = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    room = {"round": rounds, "short": 1, upkeep.LANE: 1}
    busy: dict[threading.Thread, Desk] = {}
    indexing = threading.Thread(target=keep_indexed, args=(store, engine, stop), name="index")
    indexing.start()
    log.info("The worker began.")
    beaten = posted = measured = -MEASURE_SECONDS
    watch, trusted = clock.Watch(), math.inf
    while not stop.is_set():
        try:
            if trusted == math.inf or abs(watch.leap()) > LEAP_SECONDS:
                with store.write() as connection:
                    schedules.bring_forward(connection)
                beaten, trusted = -POST_SECONDS, time.monotonic()
            if time.monotonic() - beaten > BEAT_SECONDS:
                beaten = time.monotonic()
                give_signs(store, busy, me)
            # after a leap of the clock every worker is given the time for a sign of life by the new one
            look_round(store, bury=time.monotonic() - trusted > 2 * BEAT_SECONDS)
            if time.monotonic() - posted > POST_SECONDS:
                posted = time.monotonic()
                ask_to_post(store)
                upkeep.ask_when_due(store)
                ask_to_destroy(store)
                ask_to_test(store)
                look_at_requests(store)
            if time.monotonic() - measured > MEASURE_SECONDS:
                measured = time.monotonic()
                disk.watch(store)
            busy = {thread: desk for thread, desk in busy.items() if thread.is_alive()}
            start_jobs(store, handlers, room, busy, me)
        except KhotinError as problem:  # a full disk or a busy database: tell, and go on when it is mended
            log.error("%s", problem)
        except Exception:  # a worker that nobody watches must not stand still
            log.exception("The worker stumbled; going on.")
        stop.wait(PAUSE_SECONDS)
    for desk in busy.values():
        desk.lost.set()
    for thread in (*busy, indexing):
        thread.join()
    with store.write() as connection:
        for desk in busy.values():
            give_back(connection, desk.job.id)
        leases.release(connection, f"worker {me}", me)
    log.info("The worker ended.")


def give_signs(store: Store, busy: Mapping[threading.Thread, Desk], me: str) -> None:
    """Of the worker itself, and of each of its jobs."""
    with store.write() as connection:
        leases.take(connection, f"worker {me}", me, SILENCE_SECONDS)
    for thread, desk in busy.items():
        with store.write() as connection:
            if thread.is_alive() and not jobs.beat(connection, desk.job.id, desk.worker):
                desk.lost.set()


def look_round(store: Store, bury: bool) -> None:
    with store.write() as connection:
        schedules.fire(connection)
        if bury:
            jobs.bury_silent(connection)


def look_at_requests(store: Store) -> None:
    """An alarm for a reader's request that nobody decided in time."""
    with store.read() as connection:
        late = requests.has_silent_late(connection)
    if late:
        with store.write() as connection:
            requests.ring_for_late(connection)


def start_jobs(
    store: Store,
    handlers: Mapping[str, Handler],
    room: Mapping[str, int],
    busy: dict[threading.Thread, Desk],
    me: str,
) -> None:
    for lane, places in room.items():
        taken = sum(1 for desk in busy.values() if desk.job.lane == lane)
        if taken < places:
            with store.write() as connection:
                job = jobs.claim(connection, lane, me, blackouts.resting(connection) if lane == "round" else ())
            if job:
                desk = Desk(store, job, me)
                thread = threading.Thread(target=do, args=(desk, handlers), name=f"job {job.id}")
                busy[thread] = desk
                thread.start()


def do(desk: Desk, handlers: Mapping[str, Handler]) -> None:
    """Run one job's handler: one of the three borders where everything is caught, told, and survived."""
    log.info("Job %s began: %s", desk.job.id, desk.job.kind)
    try:
        handler = handlers.get(desk.job.kind)
        outcome = handler(desk) if handler else Outcome("failed", {}, f"No handler for jobs of kind {desk.job.kind}.")
    except KhotinError as problem:
        outcome = Outcome("failed", {}, str(problem))
    except Exception as problem:
        log.exception("Job %s failed", desk.job.id)
        outcome = Outcome("failed", {}, f"{type(problem).__name__}: {problem}")
    if not desk.lost.is_set():
        with desk.store.write() as connection:
            if outcome.state == "cancelled" and desk.rests.is_set() and not jobs.is_cancelled(connection, desk.job.id):
                jobs.pause(connection, desk.job, outcome.report)
            else:
                jobs.finish(connection, desk.job.id, outcome.state, outcome.report, outcome.problem)
    log.info("Job %s ended: %s", desk.job.id, "given back" if desk.lost.is_set() else outcome.state)


def give_back(connection: Any, job_id: int) -> None:
    """The worker stops: what is unfinished goes on with the next one."""
    job = jobs.get(connection, job_id)
    if job and job.state == "running":
        jobs.interrupt(connection, job)


def ask_to_learn(store: Store, engine: Engine) -> None:
    """A short job for what the archive teaches, when it is time to."""
    size = engine.size()  # which another machine may have to be asked
    with store.write() as connection:
        if learn.is_due(lessons.last(connection), size):
            jobs.ask_once(connection, "learn", "worker")


def ask_to_tidy(store: Store, engine: Engine) -> None:
    """A short job that makes one piece of an index in many, at night."""
    if clock.now().astimezone(clock.VIETNAM).hour in upkeep.NIGHT and engine.is_untidy():
        with store.write() as connection:
            jobs.ask_once(connection, "tidy", "worker")


def ask_to_post(store: Store) -> None:
    """A short job for the letters to readers and admins, when some are to be written or to leave."""
    with store.read() as connection:
        wanted = letters.is_due(connection) or searches.is_due(connection) or telling.is_due(connection)
    if wanted:
        with store.write() as connection:
            jobs.ask_once(connection, "post", "worker")


def ask_to_destroy(store: Store) -> None:
    """A short job for what is to be destroyed and was not yet: a crawl stood in its way, the disk was full."""
    with store.read() as connection:
        left = destructions.unfinished(connection)
    rested = [each for each in left if each.tried_at is None or clock.now() - each.tried_at > DESTROY_AGAIN]
    if rested:
        with store.write() as connection:
            jobs.ask_once(connection, "destroy", "worker", arguments={"destruction": rested[0].id})


def ask_to_test(store: Store) -> None:
    """Once a day a short job that asks missed questions again, and forgets what was asked long ago."""
    with store.read() as connection:
        due = retest.is_due(connection)
    if due:
        with store.write() as connection:
            retest.ask(connection, "worker")


def unless(stop: threading.Event) -> Callable[[int], None]:
    """Ends an update between two of its commits when the worker is told to stop."""

    def tell(done: int) -> None:
        if stop.is_set():
            raise build.Stopped

    return tell


def keep_indexed(store: Store, engine: Engine, stop: threading.Event) -> None:
    """Bring the index up to date whenever the store is ahead of it."""
    mended, looked = -MEND_SECONDS, engine.looks()
    build.warm_up()
    while not stop.is_set():
        began = time.monotonic()
        try:
            before, looked = looked, engine.looks()
            if began - mended >= MEND_SECONDS or touched(before, looked):
                # what was made anew is read once more: damage may follow on damage before it is looked at
                mended = -MEND_SECONDS if build.mend(store, engine) else began
            if build.is_behind(store, engine):
                build.update(store, engine, unless(stop))
                ask_to_learn(store, engine)
                ask_to_tidy(store, engine)
        except build.Stopped:
            return
        except KhotinError as problem:
            log.error("%s", problem)
        except Exception:
            log.exception("The index could not be updated; trying again.")
        stop.wait(max(PAUSE_SECONDS, REST * (time.monotonic() - began)))


def touched(before: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a piece of the index that was written once and for all looks different, or all are other ones."""
    return not (before.keys() & now.keys()) or any(now[name] != look for name, look in before.items() if name in now)
