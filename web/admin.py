"""What does an admin see?  How the archive is doing, every job from its wish to its report, and who decided what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, jobs, leases, schedules
from indexer.errors import KhotinError
from indexer.jobs import Job
from indexer.store import addresses, rounds, sources
from indexer.store.rounds import Round
from indexer.store.sources import Source
from web.api import LARGEST
from web.shelf import shelf
from web.visitor import translate

admin = Blueprint("admin", __name__, url_prefix="/admin")

JOBS_ON_A_PAGE = 50
NEWEST_FAILURES = 5
# The end of a job's log; whoever wants all of it reads the worker's own.
LINES_SHOWN = 200


def register(app: Flask) -> None:
    """Give the site its administration."""
    from web import (  # noqa: F401 - they add their pages to `admin`
        admin_schedules,
        admin_sources,
        people,
        reports,
        restricting,
        sign_in,
    )

    sign_in.prepare(app, app.extensions["khotin"].settings)
    people.register(app)
    app.register_blueprint(admin)
    app.register_blueprint(restricting.restricting)
    app.jinja_env.globals.update(
        told=told, preset_of=admin_schedules.preset_of, waiting_reports=reports.waiting_reports
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
    """A failure that was kept in parts, as a sentence in the reader's language."""
    return translate(str(part.get("message", "")), **part.get("values", {}))


def me() -> str:
    return str(current_user.name)


@admin.get("", strict_slashes=False)
def overview() -> ResponseReturnValue:
    with shelf().store.read() as connection:
        open_jobs = jobs.unfinished(connection)
        states = [state_of(connection, each, open_jobs) for each in sources.every(connection)]
        failures = jobs.latest(connection, limit=NEWEST_FAILURES, state="failed")
        names = sources.names(connection)
    return render_template("admin/overview.html", states=states, open_jobs=open_jobs, failures=failures, names=names)


@admin.get("/jobs")
def history() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before <= LARGEST:
        abort(404)
    with shelf().store.read() as connection:
        found = jobs.latest(connection, limit=JOBS_ON_A_PAGE + 1, before=before)
        names = sources.names(connection)
    shown = found[:JOBS_ON_A_PAGE]
    older = shown[-1].id if len(found) > len(shown) else None
    return render_template("admin/jobs.html", jobs=shown, older=older, first=before is None, names=names)


@admin.get(f"/jobs/<int(max={LARGEST}):number>")
def job(number: int) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = need_job(connection, number)
        lines = jobs.lines(connection, number, limit=LINES_SHOWN)
        names = sources.names(connection)
        linked = any(each.id == found.source_id for each in sources.every(connection))
    return render_template("admin/job.html", job=found, lines=lines, names=names, linked=linked, most=LINES_SHOWN)


@admin.post(f"/jobs/<int(max={LARGEST}):number>/cancel")
def cancel(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        found = need_job(connection, number)
        if found.state in jobs.OPEN:
            jobs.cancel(connection, number)
            before = {"state": found.state}
            access.decide(connection, me(), "cancel job", f"job {number}", "", before, {"state": "cancelled"})
    flash(translate("The job is told to stop.") if found.state in jobs.OPEN else translate("The job had ended before."))
    return redirect(url_for("admin.job", number=number))


def need_job(connection: Connection, number: int) -> Job:
    found = jobs.get(connection, number)
    if found is None:
        abort(404)
    return found


def ask_for_round(connection: Connection, source: Source, retry: bool) -> tuple[int, bool]:
    """Ask for a round over a source; returns its number, and whether it is a new one: one at a time is enough."""
    if not source.address:
        raise KhotinError("The source “%(name)s” has no web address to crawl.", name=source.name)
    for each in jobs.unfinished(connection):
        if (each.kind, each.source_id) == ("round", source.id):
            return each.id, False
    made = jobs.ask(connection, "round", me(), source_id=source.id, arguments={"retry": True} if retry else {})
    assert made is not None  # only a schedule's due time can have been asked for before
    access.decide(connection, me(), "retry failed pages" if retry else "crawl now", f"source {source.name}")
    return made, True
