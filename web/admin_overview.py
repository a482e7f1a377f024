"""Does anything need the admin?  Said first; then what came in, what failed, what is next, how much room there is."""

from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from indexer import alarms, build, clock, disk, jobs, schedules
from indexer.blackouts import end, of_source
from indexer.errors import NotNowError
from indexer.jobs import SILENCE_SECONDS, Job
from indexer.schedules import Schedule
from indexer.store import articles, blackouts, lately, requests, rounds, sources
from indexer.store.belonging import rings_for
from indexer.store.lately import Lately
from indexer.store.sources import Source
from web import needs
from web.admin import State, admin, mine, state_of
from web.admin_jobs import causes
from web.keeper import reach
from web.needs import Need
from web.shelf import Shelf, shelf
from web.visitor import language

WEEK = timedelta(days=7)
NEXT_SHOWN = 5
NEWEST_FAILURES = 5
CAUSES_SHOWN = 3
# A waiting job is taken within a second by a worker that lives and has room.
PATIENCE = timedelta(minutes=2)


@admin.get("", strict_slashes=False)
def overview() -> ResponseReturnValue:
    here = shelf()
    with here.store.read() as connection:
        present = mine(connection)
        open_jobs = [each for each in jobs.unfinished(connection) if is_ours(each)]
        states = [state_of(connection, each, open_jobs) for each in present]
        brought = lately.since(connection, clock.now() - WEEK)
        week = {number: each for number, each in brought.items() if reach() is None or number in (reach() or ())}
        page: dict[str, Any] = {
            "states": states,
            "open_jobs": open_jobs,
            "names": sources.names(connection),
            "week": week,
            "failures": failed_lately(connection),
            "failing": failing(connection, states),
            "coming": coming(connection, present),
        }
        waiting = needed(connection, present, open_jobs)
        count = articles.count(connection, reach())
    troubles, behind = of_index(here, count)
    waiting += troubles
    page |= {"behind": behind, "articles": count}
    total = Lately(*(sum(getattr(each, name) for each in week.values()) for name in Lately.__slots__))
    return render_template("admin/overview.html", needs=waiting, total=total, room=disk.room(here.store.home), **page)


def is_ours(job: Job) -> bool:
    return reach() is None or job.source_id in (reach() or ())


def of_index(here: Shelf, count: int) -> tuple[list[Need], int | None]:
    """What is wrong with the index of so many articles, and how many changes it lacks; None when it cannot be asked."""
    try:
        missing = needs.of_index(here.engine.state() is None, count)
        return [missing] if missing else [], build.behind(here.store, here.engine)
    except NotNowError as problem:  # a cluster that is away: an admin must see the rest all the same
        return [Need(problem.sentence(language()), None, ())], None


def needed(connection: Connection, present: list[Source], open_jobs: list[Job]) -> list[Need]:
    """All that waits for somebody, the troubles first."""
    scheduled = {each.source_id for each in schedules.every(connection) if each.enabled}
    return [
        *(needs.of_alarm(each) for each in alarms.ringing(connection) if rings_for(connection, each.cause, reach())),
        *filter(None, (needs.of_silence(silent_since(connection, open_jobs)),)),
        *filter(None, (needs.of_requests(requests.count_open(connection, reach())),)),
        *(needs.of_rhythm(each) for each in present if each.address and each.id not in scheduled),
    ]


def silent_since(connection: Connection, open_jobs: list[Job]) -> datetime | None:
    """Since when nobody has done what is to be done; None while a worker lives, or has a reason to wait."""
    now, known = clock.now(), blackouts.every(connection)
    alive = now - timedelta(seconds=SILENCE_SECONDS)
    if any(job.state == "running" and job.beat_at and job.beat_at > alive for job in open_jobs):
        return None
    left = [
        job.made_at
        for job in open_jobs
        if job.state == "waiting" and job.made_at < now - PATIENCE and not end(of_source(known, job.source_id), now)
    ]
    return min(left, default=None)


def coming(connection: Connection, present: list[Source]) -> list[tuple[datetime, Schedule]]:
    """The next crawls of all sources."""
    known, numbers = blackouts.every(connection), {each.id for each in present}
    found = [
        (begins, each)
        for each in schedules.every(connection)
        if each.source_id in numbers
        for begins, _ in schedules.upcoming(each, known, NEXT_SHOWN)
    ]
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))[:NEXT_SHOWN]


def failed_lately(connection: Connection) -> list[Job]:
    """The newest jobs that failed this week."""
    newest = jobs.latest(connection, limit=NEWEST_FAILURES, state="failed", reach=reach())
    return [each for each in newest if each.made_at > clock.now() - WEEK]


def failing(connection: Connection, states: list[State]) -> list[tuple[State, list[dict[str, Any]]]]:
    """The sources that have failed pages, each with the most frequent causes of the last rounds."""
    return [(each, causes_of(connection, each.source.id)) for each in states if each.failed]


def causes_of(connection: Connection, source_id: int) -> list[dict[str, Any]]:
    last = next((each for each in rounds.every(connection, source_id, 5) if each.report.get("failures")), None)
    return causes(last.report)[:CAUSES_SHOWN] if last else []
