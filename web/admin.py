"""What does an admin see?  How each source is doing, and who decided what; each further page has a file of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from sqlalchemy import Connection

from indexer import access, jobs, leases, presets, schedules
from indexer.errors import KhotinError
from indexer.jobs import Job
from indexer.speech import tell
from indexer.store import addresses, rounds, sources
from indexer.store.rounds import Round
from indexer.store.sources import Source
from web import sign_in
from web.keeper import reach
from web.person import me
from web.visitor import language

admin = Blueprint("admin", __name__, url_prefix="/admin")


def register(app: Flask) -> None:
    """Give the site its administration."""
    from web import (  # noqa: F401 - they add their pages to `admin`
        admin_blackouts,
        admin_jobs,
        admin_overview,
        admin_schedules,
        admin_sources,
        admin_sources_mend,
        admin_sources_moves,
        admin_sources_preview,
        cases,
        cases_personal,
        cases_requests,
        departments,
        destroying,
        people,
        reports,
        restricting,
    )

    sign_in.prepare(app, app.extensions["khotin"].settings)
    people.register(app)
    app.register_blueprint(admin)
    app.register_blueprint(restricting.restricting)
    app.register_blueprint(destroying.destroying)
    app.register_blueprint(cases.cases)
    app.register_blueprint(departments.departments)
    app.jinja_env.globals.update(
        told=told,
        spoken=admin_schedules.spoken,
        days_spoken=admin_blackouts.days_spoken,
        clock_time=presets.written,
        preset_of=admin_schedules.preset_of,
        waiting_reports=reports.waiting_reports,
    )


@dataclass(frozen=True, slots=True)
class State:
    """How one source is doing."""

    source: Source
    round: Round | None
    round_state: str
    job: Job | None
    due: datetime | None
    failed: int


def state_of(connection: Connection, source: Source, open_jobs: list[Job]) -> State:
    last = rounds.latest(connection, source.id)
    times = [each.next_due for each in schedules.every(connection, source.id) if each.next_due]
    return State(
        source,
        last,
        round_state(connection, source, last),
        next((job for job in open_jobs if job.source_id == source.id), None),
        min(times, default=None),
        addresses.count_failed(connection, source.id),
    )


def round_state(connection: Connection, source: Source, last: Round | None) -> str:
    """A round that calls itself running while nobody holds the host was killed."""
    if last is None or last.state != "running":
        return last.state if last else ""
    held = leases.holder_of(connection, f"host:{urlsplit(source.address).hostname or ''}")
    return "running" if held else "interrupted"


def told(part: Mapping[str, Any]) -> str:
    """What was kept in parts, as a sentence in the reader's language."""
    return tell(part, language())


def mine(connection: Connection) -> list[Source]:
    """The sources that who is signed in looks after."""
    watched = reach()
    return [each for each in sources.every(connection) if watched is None or each.id in watched]


def ask_for_round(connection: Connection, source: Source, retry: bool) -> tuple[int, bool]:
    """Ask for a round over a source; returns its number, and whether it is a new one: one at a time is enough."""
    if not source.address:
        raise KhotinError("The source “%(name)s” has no web address to crawl.", name=source.name)
    if source.paused_at:
        raise KhotinError("The source “%(name)s” rests. Let it go on first.", name=source.name)
    for each in jobs.unfinished(connection):
        if (each.kind, each.source_id) == ("round", source.id):
            return each.id, False
    made = jobs.ask(connection, "round", me(), source_id=source.id, arguments={"retry": True} if retry else {})
    assert made is not None  # only a schedule's due time can have been asked for before
    access.decide(connection, me(), "retry failed pages" if retry else "crawl now", f"source {source.name}")
    return made, True
