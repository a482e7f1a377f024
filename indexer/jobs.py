"""What is to be done, and who is doing it?  Jobs are rows, whatever their content: asked for, claimed, ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, insert, select, update

from indexer import clock
from indexer.store.belonging import Reach
from indexer.store.dialects import upsert
from indexer.store.tables import job_lines, jobs

# A worker that gave no sign of life for so long is dead; it gives one every BEAT_SECONDS.
SILENCE_SECONDS = 30
BEAT_SECONDS = 5
# An interrupted job is asked for again so often at most: one that kills its worker must not do so for ever.
MOST_RESUMES = 3
# Lines kept of a job; a round over a whole site tells some thousands.
MOST_LINES = 5000

OPEN = ("waiting", "running")
ENDED = ("done", "failed", "cancelled", "interrupted", "joined")


@dataclass(frozen=True, slots=True)
class Job:
    """One wish and what became of it."""

    id: int
    kind: str
    lane: str
    source_id: int | None
    schedule_id: int | None
    due_at: datetime | None
    arguments: Mapping[str, Any]
    state: str
    asked_by: str
    made_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    worker: str
    beat_at: datetime | None
    cancel_at: datetime | None
    joined_to: int | None
    progress: Mapping[str, Any]
    report: Mapping[str, Any]
    problem: str


class Line(NamedTuple):
    """One line of a job's log, in parts, so that it can be told in any language."""

    id: int
    at: datetime
    message: str
    values: Mapping[str, Any]
    detail: str


COLUMNS = [jobs.c[each.name] for each in fields(Job)]


def ask(
    connection: Connection,
    kind: str,
    asked_by: str,
    lane: str = "round",
    source_id: int | None = None,
    arguments: Mapping[str, Any] | None = None,
    schedule_id: int | None = None,
    due_at: datetime | None = None,
) -> int | None:
    """Ask for a job; returns its number, or None when this due time of the schedule was asked for already."""
    row = {
        "kind": kind, "lane": lane, "source_id": source_id, "schedule_id": schedule_id, "due_at": due_at,
        "arguments": dict(arguments or {}), "state": "waiting", "asked_by": asked_by, "made_at": clock.now(),
        "progress": {}, "report": {},
    }  # fmt: skip
    made = connection.execute(upsert(jobs).values(row).on_conflict_do_nothing().returning(jobs.c.id)).scalar()
    return int(made) if made is not None else None


def ask_once(
    connection: Connection,
    kind: str,
    asked_by: str,
    lane: str = "short",
    arguments: Mapping[str, Any] | None = None,
    unless: Collection[str] = OPEN,
) -> bool:
    """Ask for a job unless one of its kind is in one of these states; whether it was asked for."""
    if is_open(connection, kind, unless):
        return False
    ask(connection, kind, asked_by, lane, arguments=arguments)
    return True


def is_open(connection: Connection, kind: str, states: Collection[str] = OPEN) -> bool:
    """Whether a job of this kind is waiting or running."""
    open_ones = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.state.in_(states)).limit(1)
    return connection.scalar(open_ones) is not None


def last_asked(connection: Connection, kind: str) -> datetime | None:
    """When a job of this kind was asked for last."""
    newest = select(jobs.c.made_at).where(jobs.c.kind == kind).order_by(jobs.c.id.desc()).limit(1)
    return connection.scalar(newest)  # from the end of a table that grows for years


def last_done(connection: Connection, kind: str) -> Job | None:
    """The newest job of this kind that ended well."""
    done = chosen().where(jobs.c.kind == kind, jobs.c.state == "done").order_by(jobs.c.id.desc()).limit(1)
    return next(iter(many(connection, done)), None)


def claim(connection: Connection, lane: str, worker: str, resting: Collection[int] = ()) -> Job | None:
    """The oldest waiting job of a lane, now this worker's; those of sources that are ``resting`` go on waiting.

    A job whose source is being worked on by another job is joined to that one and never run.
    """
    for job in many(connection, chosen().where(jobs.c.state == "waiting", jobs.c.lane == lane).order_by(jobs.c.id)):
        if job.source_id in resting:
            continue
        running = running_for(connection, job)
        if running is not None:
            join(connection, job.id, running.id)
            continue
        now = clock.now()
        change(connection, job.id, state="running", worker=worker, started_at=now, beat_at=now)
        return get(connection, job.id)
    return None


def running_for(connection: Connection, job: Job) -> Job | None:
    if job.source_id is None:
        return None
    same = chosen().where(jobs.c.kind == job.kind, jobs.c.source_id == job.source_id, jobs.c.state == "running")
    return next(iter(many(connection, same)), None)


def join(connection: Connection, job_id: int, running_id: int | None) -> None:
    """Record that another round was doing this work already."""
    change(connection, job_id, state="joined", joined_to=running_id, finished_at=clock.now())


def beat(connection: Connection, job_id: int, worker: str) -> bool:
    """Give a sign of life; False when the job is this worker's no more and must be dropped."""
    mine = update(jobs).where(jobs.c.id == job_id, jobs.c.worker == worker, jobs.c.state == "running")
    return connection.execute(mine.values(beat_at=clock.now())).rowcount == 1


def progress(connection: Connection, job_id: int, told: Mapping[str, Any]) -> None:
    change(connection, job_id, progress=dict(told))


def say(
    connection: Connection, job_id: int, line: str, values: Mapping[str, Any] | None = None, detail: str = ""
) -> None:
    """Add a line to the job's log: English with places for ``values``; and what machines said, for engineers."""
    row = {"job_id": job_id, "at": clock.now(), "line": line, "values": dict(values or {}), "detail": detail}
    connection.execute(insert(job_lines).values(row))


def lines(connection: Connection, job_id: int, after: int = 0, limit: int = MOST_LINES) -> list[Line]:
    """A job's log, oldest first, the last ``limit`` lines of it."""
    wanted = select(job_lines).where(job_lines.c.job_id == job_id, job_lines.c.id > after)
    rows = connection.execute(wanted.order_by(job_lines.c.id.desc()).limit(limit)).all()
    return [Line(row.id, row.at, row.line, row._mapping["values"], row.detail) for row in reversed(rows)]


def finish(connection: Connection, job_id: int, state: str, report: Mapping[str, Any], problem: str = "") -> None:
    change(connection, job_id, state=state, report=dict(report), problem=problem, finished_at=clock.now())


def cancel(connection: Connection, job_id: int) -> None:
    """Wish a job to end: a waiting one never starts, a running one is told by its worker."""
    job = get(connection, job_id)
    if job and job.state == "waiting":
        finish(connection, job_id, "cancelled", {})
    elif job and job.state == "running":
        change(connection, job_id, cancel_at=clock.now())


def wants_cancel(connection: Connection, job_id: int) -> bool:
    job = get(connection, job_id)
    return job is None or job.cancel_at is not None or job.state != "running"


def is_cancelled(connection: Connection, job_id: int) -> bool:
    job = get(connection, job_id)
    return job is not None and job.cancel_at is not None


def bury_silent(connection: Connection) -> list[Job]:
    """Mark the jobs of dead workers as interrupted and ask for them again; returns them."""
    now, silence = clock.now(), timedelta(seconds=SILENCE_SECONDS)
    # a sign of life that is still to come was given before the clock was put back
    is_silent = (jobs.c.beat_at < now - silence) | (jobs.c.beat_at > now + silence)
    dead = many(connection, chosen().where(jobs.c.state == "running", is_silent))
    for job in dead:
        interrupt(connection, job)
    return dead


def interrupt(connection: Connection, job: Job) -> None:
    """The job's worker is gone: what it did is kept, and the rest is asked for again."""
    finish(connection, job.id, "interrupted", job.report)
    resumes = int(job.arguments.get("resumes", 0))
    if job.cancel_at is None and resumes < MOST_RESUMES:
        again = {**job.arguments, "resumes": resumes + 1}
        ask(connection, job.kind, job.asked_by, job.lane, job.source_id, again)


def pause(connection: Connection, job: Job, report: Mapping[str, Any]) -> None:
    """Hours without crawling have begun: what was done is kept, and the rest waits for their end."""
    finish(connection, job.id, "interrupted", {**report, "paused": True})
    go_on(connection, job, job.asked_by)


def go_on(connection: Connection, job: Job, asked_by: str) -> int:
    """Ask for the rest of a job that ended early; the number of the new one."""
    arguments = {name: value for name, value in job.arguments.items() if name != "resumes"} | {"goes_on": True}
    made = ask(connection, job.kind, asked_by, job.lane, job.source_id, arguments)
    assert made is not None  # only a schedule's due time can have been asked for before
    return made


def following(connection: Connection, job: Job) -> Job | None:
    """The next job of the same kind over the same source."""
    wanted = chosen().where(jobs.c.id > job.id, jobs.c.kind == job.kind, jobs.c.source_id == job.source_id)
    return next(iter(many(connection, wanted.order_by(jobs.c.id).limit(1))), None)


def get(connection: Connection, job_id: int) -> Job | None:
    return next(iter(many(connection, chosen().where(jobs.c.id == job_id))), None)


def latest(
    connection: Connection,
    source_id: int | None = None,
    limit: int = 50,
    before: int | None = None,
    state: str | None = None,
    reach: Reach = None,
) -> list[Job]:
    """The newest jobs first: of one source, of those within reach, those before a number, those in a state."""
    wanted = chosen().order_by(jobs.c.id.desc()).limit(limit)
    wanted = wanted if reach is None else wanted.where(jobs.c.source_id.in_(reach))
    wanted = wanted if source_id is None else wanted.where(jobs.c.source_id == source_id)
    wanted = wanted if before is None else wanted.where(jobs.c.id < before)
    return many(connection, wanted if state is None else wanted.where(jobs.c.state == state))


def newest_about(connection: Connection, kind: str, article: int) -> Job | None:
    """The last job of a kind that was asked for about an article."""
    wanted = chosen().where(jobs.c.kind == kind, jobs.c.arguments["article"].as_integer() == article)
    return next(iter(many(connection, wanted.order_by(jobs.c.id.desc()).limit(1))), None)


def unfinished(connection: Connection) -> list[Job]:
    return many(connection, chosen().where(jobs.c.state.in_(OPEN)).order_by(jobs.c.id))


def change(connection: Connection, job_id: int, **values: Any) -> None:
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(values))


def chosen() -> Select[Any]:
    return select(*COLUMNS)


def many(connection: Connection, query: Select[Any]) -> list[Job]:
    return [Job(**row._mapping) for row in connection.execute(query)]
