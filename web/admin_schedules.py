"""How does an admin say when a source is crawled?  Choices in plain words first, a cron line for the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access, clock, schedules
from indexer.errors import KhotinError
from indexer.store import sources
from web.admin import admin, me
from web.admin_sources import DUE_TIMES_SHOWN, ONE, need_source
from web.api import LARGEST
from web.shelf import shelf
from web.visitor import language, translate


class Wish(NamedTuple):
    """When a source is to be crawled, as typed: a preset, or a cron line that goes before it."""

    preset: str = "daily"
    cron: str = ""
    time_zone: str = schedules.DEFAULT_ZONE

    @property
    def line(self) -> str:
        return self.cron or schedules.PRESETS.get(self.preset, "")


def read_wish(typed: Mapping[str, str]) -> Wish:
    return Wish(
        typed.get("preset", ""),
        " ".join(typed.get("cron", "").split()),
        typed.get("time_zone", "").strip() or schedules.DEFAULT_ZONE,
    )


def preset_of(cron: str) -> str:
    """The preset that a cron line is; empty when it is none."""
    return next((name for name, line in schedules.PRESETS.items() if line == cron), "")


def due_times(wish: Wish) -> list[datetime]:
    """The next due times.  Raises KhotinError that says what is wrong."""
    if not wish.line:
        raise KhotinError("Choose how often the source is crawled.")
    return schedules.next_times(wish.line, wish.time_zone, clock.now(), DUE_TIMES_SHOWN)


@admin.get(f"{ONE}/schedules/new")
def schedule_new(number: int) -> ResponseReturnValue:
    return schedule_page(number, Wish())


def schedule_page(number: int, wish: Wish, status: int = 200) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = need_source(connection, number)
    times: list[datetime] = []
    mistakes = {}
    try:
        times = due_times(wish)
    except KhotinError as mistake:
        mistakes[wrong_field(wish, mistake)], status = mistake.sentence(language()), 400
    return (
        render_template(
            "admin/schedule_new.html",
            source=found,
            wish=wish,
            times=times,
            mistakes=mistakes,
            presets=schedules.PRESETS,
        ),
        status,
    )


def wrong_field(wish: Wish, mistake: KhotinError) -> str:
    """Where on the page the mistake is to be mended."""
    if "zone" in mistake.values:
        return "time_zone"
    return "cron" if wish.cron else "preset-1"


@admin.post(f"{ONE}/schedules/new")
def schedule_add(number: int) -> ResponseReturnValue:
    wish = read_wish(request.form)
    if request.form.get("do") != "save":
        return schedule_page(number, wish)
    try:
        due_times(wish)
    except KhotinError:
        return schedule_page(number, wish)
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        schedules.add(connection, number, wish.line, wish.time_zone)
        made = {"cron": wish.line, "time_zone": wish.time_zone}
        access.decide(connection, me(), "add schedule", f"source {found.name}", after=made)
    flash(translate("The schedule was saved."))
    return redirect(url_for("admin.source", number=number, _anchor="schedules"))


@admin.post(f"/schedules/<int(max={LARGEST}):number>")
def schedule_change(number: int) -> ResponseReturnValue:
    """Switch a schedule on or off, or delete it."""
    wanted = request.form.get("do", "")
    with shelf().store.write() as connection:
        try:
            found = schedules.get(connection, number)
        except KhotinError:
            abort(404)
        if wanted == "delete":
            schedules.remove(connection, number)
        elif wanted in ("enable", "disable"):
            schedules.enable(connection, number, wanted == "enable")
        else:
            abort(400)
        name = sources.get(connection, found.source_id).name
        before = {"cron": found.cron, "time_zone": found.time_zone, "enabled": found.enabled}
        after = None if wanted == "delete" else before | {"enabled": wanted == "enable"}
        access.decide(connection, me(), f"{wanted} schedule", f"source {name}", before=before, after=after)
    told = {
        "enable": translate("The schedule is on."),
        "disable": translate("The schedule is off."),
        "delete": translate("The schedule was deleted."),
    }
    flash(told[wanted])
    return redirect(url_for("admin.source", number=found.source_id, _anchor="schedules"))
