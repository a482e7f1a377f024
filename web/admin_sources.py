"""How does an admin look after a source?  Add it, change it, crawl it, see what failed, remove it."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, audit, jobs, schedules
from indexer.audit import Wish
from indexer.store import addresses, blackouts, previews, rounds, sources
from indexer.store.sources import Source
from web import certificates
from web.admin import admin, ask_for_round, mine, state_of
from web.api import LARGEST
from web.person import me
from web.shelf import shelf
from web.source_settings import PROFILES, as_typed, changed, read_settings
from web.visitor import translate

ONE = f"/sources/<int(max={LARGEST}):number>"
LINES = "change profile lines"
EARLIER_SHOWN = 5
JOBS_SHOWN = 10
DUE_TIMES_SHOWN = 5
FAILURES_SHOWN = 100
# A failed page's reason is kept in parts by the report of its round; older rounds than these told it in words only.
ROUNDS_ASKED = 5


@admin.get("/sources")
def source_list() -> ResponseReturnValue:
    with shelf().store.read() as connection:
        listed = [(each, schedules.every(connection, each.id)) for each in mine(connection)]
    return render_template("admin/sources.html", sources=listed)


@admin.get(ONE)
def source(number: int) -> ResponseReturnValue:
    return source_page(number, None, {})


def source_page(number: int, typed: Mapping[str, str] | None, mistakes: Mapping[str, str], moved_to: str = "") -> str:
    with shelf().store.read() as connection:
        found = need_source(connection, number)
        page: dict[str, Any] = {
            "state": state_of(connection, found, jobs.unfinished(connection)),
            "schedules": schedules.every(connection, number),
            "jobs": jobs.latest(connection, number, JOBS_SHOWN),
            "failures": addresses.failed(connection, number, FAILURES_SHOWN),
            "reasons": reasons(connection, number),
            "earlier": earlier_lines(connection, found.name),
            "look": previews.of_source(connection, number),
        }
        known = blackouts.every(connection)
    page["held"] = certificates.kept(shelf().settings.home, found.ca_file)
    page["moved_to"] = moved_to
    page["next_five"] = lambda each: [begins for begins, _ in schedules.upcoming(each, known, DUE_TIMES_SHOWN)]
    return render_template(
        "admin/source.html", source=found, typed=typed or as_typed(found), mistakes=mistakes, profiles=PROFILES, **page
    )


def earlier_lines(connection: Connection, name: str) -> list[access.Decision]:
    """The last changes of how a source is read that can be taken back, newest first."""
    found = audit.found(connection, Wish(subject=f"source {name}", action=LINES), EARLIER_SHOWN)
    return [each for each in found if each.before and "overrides" in each.before]


def need_source(connection: Connection, number: int) -> Source:
    found = next((each for each in mine(connection) if each.id == number), None)
    if found is None:
        abort(404)
    return found


def reasons(connection: Connection, number: int) -> dict[str, Mapping[str, Any]]:
    """Why pages failed, by address, in parts that can be told in any language."""
    reports = [each.report for each in reversed(rounds.every(connection, number, ROUNDS_ASKED))]
    return {failure["address"]: failure for report in reports for failure in report.get("failures", ())}


@admin.post(ONE)
def source_change(number: int) -> ResponseReturnValue:
    typed = request.form.to_dict()
    values, mistakes = read_settings(typed)
    with shelf().store.read() as connection:
        known = need_source(connection, number)
    values["ca_file"], wrong = certificates.take(shelf().settings.home, typed, known.ca_file)
    mistakes |= wrong
    if mistakes:
        return source_page(number, typed, mistakes), 400
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        before, after = changed({name: getattr(found, name) for name in values}, values)
        if after:
            sources.change(connection, number, **values)
            told = "; ".join(f"{name}: {before[name]} → {after[name]}" for name in after)
            access.decide(connection, me(), "change source", f"source {found.name}", told, before, after)
    flash(translate("The settings were saved."))
    return redirect(url_for("admin.source", number=number))


@admin.post(f"{ONE}/crawl")
def source_crawl(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        made, is_new = ask_for_round(connection, found, request.form.get("retry") == "1")
    if not is_new:
        flash(translate("A crawl of this source was asked for before; here it is."))
    return redirect(url_for("admin.job", number=made))


@admin.get(f"{ONE}/remove")
def source_leave(number: int) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = need_source(connection, number)
    return render_template("admin/source_remove.html", source=found)


@admin.post(f"{ONE}/remove")
def source_remove(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        for job in jobs.unfinished(connection):
            if job.source_id == number:
                jobs.cancel(connection, job.id)
        sources.remove(connection, number)
        access.decide(connection, me(), "remove source", f"source {found.name}", before={"address": found.address})
    flash(translate("Source “%(name)s” is crawled no more. Its articles stay in the archive.", name=found.name))
    return redirect(url_for("admin.source_list"))
