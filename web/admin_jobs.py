"""How does an admin watch a job, stop it, have it go on?  From its wish to its report, beside that of the last time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, clock, jobs
from indexer.blackouts import end, of_source
from indexer.jobs import Job
from indexer.store import addresses, blackouts, rounds, sources
from web.admin import admin
from web.api import LARGEST
from web.keeper import reach
from web.person import me
from web.shelf import shelf
from web.visitor import translate

JOBS_ON_A_PAGE = 50
# The end of a job's log; whoever wants all of it reads the worker's own.
LINES_SHOWN = 200
SAMPLES = 3
# What a round may be asked to do again after it ended so.
ENDED_EARLY = ("cancelled", "interrupted")


@admin.get("/jobs")
def history() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before <= LARGEST:
        abort(404)
    with shelf().store.read() as connection:
        found = jobs.latest(connection, limit=JOBS_ON_A_PAGE + 1, before=before, reach=reach())
        names = sources.names(connection)
    shown = found[:JOBS_ON_A_PAGE]
    older = shown[-1].id if len(found) > len(shown) else None
    return render_template("admin/jobs.html", jobs=shown, older=older, first=before is None, names=names)


@admin.get(f"/jobs/<int(max={LARGEST}):number>")
def job(number: int) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = need_job(connection, number)
        page = {
            "lines": jobs.lines(connection, number, limit=LINES_SHOWN),
            "names": sources.names(connection),
            "linked": any(each.id == found.source_id for each in sources.every(connection)),
            **about_round(connection, found),
        }
    return render_template("admin/job.html", job=found, causes=causes(found.report), most=LINES_SHOWN, **page)


def about_round(connection: Connection, job: Job) -> dict[str, Any]:
    """What the page of a round tells besides: its last time, what failed since, what goes on, when it may begin."""
    nothing = {"before": None, "failed": 0, "following": None, "may_resume": False, "rests_until": None}
    if job.source_id is None:
        return nothing
    round_id = int(job.report.get("round") or 0)
    compared = bool(round_id) and not job.arguments.get("retry")
    busy = any(each.source_id == job.source_id for each in jobs.unfinished(connection))
    return nothing | {
        "before": rounds.before(connection, job.source_id, round_id) if compared else None,
        "failed": addresses.count_failed(connection, job.source_id),
        "following": jobs.following(connection, job) if job.state == "interrupted" else None,
        "may_resume": job.state in ENDED_EARLY and not busy and rounds.goes_on(connection, job.source_id),
        "rests_until": rests_until(connection, job),
    }


def rests_until(connection: Connection, job: Job) -> datetime | None:
    """When the hours without crawling end for which a waiting job waits."""
    if job.state != "waiting" or job.lane != "round":
        return None
    return end(of_source(blackouts.every(connection), job.source_id), clock.now())


def causes(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Why pages failed, the most frequent cause first; of an older report as far as it tells (pure)."""
    counted: list[dict[str, Any]] = [dict(each) for each in report.get("causes", ())]
    if not counted:
        for each in report.get("failures", ()):
            known = next((one for one in counted if one["message"] == each["message"]), None)
            if known is None:
                counted.append({**each, "count": 0, "samples": []})
                known = counted[-1]
            known["count"] += 1
            known["samples"] = [*known["samples"], each["address"]][:SAMPLES]
    return sorted(counted, key=lambda each: -int(each["count"]))


@admin.post(f"/jobs/<int(max={LARGEST}):number>/cancel")
def cancel(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        found = need_job(connection, number)
        if found.state in jobs.OPEN:
            jobs.cancel(connection, number)
            access.decide(connection, me(), "cancel job", f"job {number}")
    flash(translate("The job is told to stop.") if found.state in jobs.OPEN else translate("The job had ended before."))
    return redirect(url_for("admin.job", number=number))


@admin.post(f"/jobs/<int(max={LARGEST}):number>/resume")
def resume(number: int) -> ResponseReturnValue:
    """Have a round that was stopped or interrupted go on where it ended."""
    with shelf().store.write() as connection:
        found = need_job(connection, number)
        if about_round(connection, found)["may_resume"]:
            made = jobs.go_on(connection, found, me())
            access.decide(connection, me(), "resume job", f"job {number}")
            return redirect(url_for("admin.job", number=made))
    flash(translate("This job cannot go on: another one runs, or it ended more than a day ago. Crawl the source anew."))
    return redirect(url_for("admin.job", number=number))


def need_job(connection: Connection, number: int) -> Job:
    found = jobs.get(connection, number)
    if found is None:
        abort(404)
    return found
