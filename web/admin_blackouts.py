"""In which hours is nothing crawled, as an admin sets it?  Shown under all schedules, whose next times they put off."""

from collections.abc import Mapping

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, cron_words, presets, schedules
from indexer.blackouts import Blackout
from indexer.errors import KhotinError
from indexer.store import blackouts, sources
from web.admin import admin, mine
from web.admin_sources import DUE_TIMES_SHOWN, need_source
from web.api import LARGEST
from web.keeper import reach
from web.person import me
from web.shelf import shelf
from web.visitor import language, translate


@admin.get("/schedules")
def schedule_list() -> ResponseReturnValue:
    return schedules_page({}, {})


def schedules_page(typed: Mapping[str, str], mistakes: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        watched = reach()
        known = [each for each in blackouts.every(connection) if watched is None or each.source_id in (None, *watched)]
        every = [(each, schedules.upcoming(each, known, DUE_TIMES_SHOWN)) for each in schedules.every(connection)]
        present, names = mine(connection), sources.names(connection)
    shown = {each.id for each in present}
    listed = [pair for pair in every if pair[0].source_id in shown]
    listed.sort(key=lambda pair: (names[pair[0].source_id].lower(), pair[0].id))
    page = render_template(
        "admin/schedules.html",
        schedules=listed, blackouts=known, sources=present, names=names, typed=typed, mistakes=mistakes,
    )  # fmt: skip
    return page, status


@admin.post("/blackouts/new")
def blackout_add() -> ResponseReturnValue:
    """Hours without crawling, for one source or for all."""
    typed = request.form.to_dict()
    days = "".join(sorted(set(request.form.getlist("days"))))
    try:
        begins, ends = (presets.minute_of(typed.get(name, "")) for name in ("begins", "ends"))
        with shelf().store.write() as connection:
            source_id = chosen_source(connection, typed.get("source", ""))
            blackouts.add(connection, source_id, days, begins, ends)
            note(connection, "add blackout", source_id, after=told_of(days, begins, ends))
    except KhotinError as mistake:
        field = "begins" if "day of the week" not in mistake.message else "day-1"
        return schedules_page(typed | {"days": days}, {field: mistake.sentence(language())}, 400)
    flash(translate("Saved. No crawl begins in these hours, and a running one pauses."))
    return redirect(url_for("admin.schedule_list", _anchor="blackouts"))


def chosen_source(connection: Connection, typed: str) -> int | None:
    """The source that is chosen; None when it is all of them."""
    if not typed and reach() is None:
        return None
    return need_source(connection, int(typed) if typed.isdecimal() and len(typed) <= 18 else 0).id


@admin.post(f"/blackouts/<int(max={LARGEST}):number>/delete")
def blackout_delete(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        found = blackouts.remove(connection, number)
        if found is None:
            abort(404)
        note(connection, "delete blackout", found.source_id, before=told_of(found.days, found.begins, found.ends))
    flash(translate("The hours were deleted."))
    return redirect(url_for("admin.schedule_list", _anchor="blackouts"))


def told_of(days: str, begins: int, ends: int) -> dict[str, str]:
    """What the log of decisions keeps of such hours."""
    return {"days": days, "begins": presets.written(begins), "ends": presets.written(ends)}


def note(
    connection: Connection,
    action: str,
    source_id: int | None,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    subject = "all sources" if source_id is None else f"source {sources.get(connection, source_id).name}"
    hours = " ".join((before or after or {}).values())
    access.decide(connection, me(), action, subject, hours, before=before, after=after)


def days_spoken(found: Blackout) -> str:
    """On which days, in words."""
    return cron_words.first_up(cron_words.weekdays_told([int(each) for each in found.days], language()))
