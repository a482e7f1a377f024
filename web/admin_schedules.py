"""How does an admin say when a source is crawled?  Choices in plain words first, a cron line for the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, clock, cron_words, presets, schedules
from indexer.blackouts import Blackout, of_source
from indexer.errors import KhotinError
from indexer.store import blackouts, sources
from web.admin import admin
from web.admin_sources import DUE_TIMES_SHOWN, ONE, need_source
from web.api import LARGEST
from web.person import me
from web.shelf import shelf
from web.visitor import language, translate


class Wish(NamedTuple):
    """When a source is to be crawled, as typed: a choice in plain words, or a cron line that goes before it."""

    preset: str = "daily"
    at: str = presets.AT
    weekday: str = "1"
    day: str = "1"
    cron: str = ""
    time_zone: str = schedules.DEFAULT_ZONE

    @property
    def line(self) -> str:
        """The cron line. Raises KhotinError when a choice is none."""
        return self.cron or presets.line(self.preset, self.at, small(self.weekday), small(self.day))


def small(typed: str) -> int:
    """A number that was chosen from a list; 0 when it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 2 else 0


def read_wish(typed: Mapping[str, str]) -> Wish:
    plain = Wish()
    return Wish(
        typed.get("preset", ""),
        typed.get("at", plain.at).strip(),
        typed.get("weekday", plain.weekday),
        typed.get("day", plain.day),
        " ".join(typed.get("cron", "").split()),
        typed.get("time_zone", "").strip() or schedules.DEFAULT_ZONE,
    )


def spoken(cron: str) -> str:
    """A cron line as a sentence in the reader's language; empty when it is too odd for one."""
    return cron_words.sentence(cron, language())


def preset_of(cron: str) -> str:
    """The line itself when it can be told in words, else nothing."""
    return cron if spoken(cron) else ""


@admin.get(f"{ONE}/schedules/new")
def schedule_new(number: int) -> ResponseReturnValue:
    return schedule_page(number, Wish())


def schedule_page(number: int, wish: Wish, status: int = 200) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = need_source(connection, number)
        resting = of_source(blackouts.every(connection), number)
    times: list[tuple[datetime, datetime]] = []
    mistakes, told = {}, ""
    try:
        times = due_times(wish, resting)
        told = spoken(wish.line)
    except KhotinError as mistake:
        mistakes[wrong_field(wish, mistake)], status = mistake.sentence(language()), 400
    page = render_template(
        "admin/schedule_new.html",
        source=found, wish=wish, times=times, told=told, mistakes=mistakes, presets=presets.PRESETS,
    )  # fmt: skip
    return page, status


def due_times(wish: Wish, resting: list[Blackout]) -> list[tuple[datetime, datetime]]:
    """When the next rounds begin, and when they are due.  Raises KhotinError that says what is wrong."""
    return schedules.planned(wish.line, wish.time_zone, resting, clock.now(), DUE_TIMES_SHOWN)


def wrong_field(wish: Wish, mistake: KhotinError) -> str:
    """Where on the page the mistake is to be mended."""
    if "zone" in mistake.values:
        return "time_zone"
    if wish.cron:
        return "cron"
    return "preset-1" if wish.preset not in presets.PRESETS else "at"


@admin.post(f"{ONE}/schedules/new")
def schedule_add(number: int) -> ResponseReturnValue:
    wish = read_wish(request.form)
    if request.form.get("do") != "save":
        return schedule_page(number, wish)
    try:
        due_times(wish, [])
    except KhotinError:
        return schedule_page(number, wish)
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        made = schedules.add(connection, number, wish.line, wish.time_zone)
        after = told_of(schedules.get(connection, made))
        access.decide(
            connection, me(), "add schedule", f"source {found.name}", f"{wish.line} ({wish.time_zone})", after=after
        )
    flash(translate("The schedule was saved."))
    return redirect(url_for("admin.source", number=number, _anchor="schedules"))


def told_of(schedule: schedules.Schedule) -> dict[str, object]:
    """What the log of decisions keeps of a schedule."""
    return {"cron": schedule.cron, "time_zone": schedule.time_zone, "enabled": schedule.enabled}


@admin.post(f"/schedules/<int(max={LARGEST}):number>")
def schedule_change(number: int) -> ResponseReturnValue:
    """Switch a schedule on or off, or delete it."""
    wanted = request.form.get("do", "")
    if wanted not in ("enable", "disable", "delete"):
        abort(400)
    with shelf().store.write() as connection:
        before = need_schedule(connection, number)
        if wanted == "delete":
            schedules.remove(connection, number)
        else:
            schedules.enable(connection, number, wanted == "enable")
        after = None if wanted == "delete" else told_of(schedules.get(connection, number))
        access.decide(
            connection, me(), f"{wanted} schedule", f"source {sources.get(connection, before.source_id).name}",
            f"{before.cron} ({before.time_zone})", before=told_of(before), after=after,
        )  # fmt: skip
    told = {
        "enable": translate("The schedule is on."),
        "disable": translate("The schedule is off."),
        "delete": translate("The schedule was deleted."),
    }
    flash(told[wanted])
    if request.form.get("back") == "schedules":
        return redirect(url_for("admin.schedule_list"))
    return redirect(url_for("admin.source", number=before.source_id, _anchor="schedules"))


def need_schedule(connection: Connection, number: int) -> schedules.Schedule:
    try:
        return schedules.get(connection, number)
    except KhotinError:
        abort(404)
