"""How does an admin look after a source?  Add it, change it, crawl it, see what failed, remove it."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, clock, jobs, schedules
from indexer.store import addresses, rounds, sources
from indexer.store.sources import Source
from web.admin import admin, ask_for_round, me, state_of
from web.api import LARGEST
from web.shelf import shelf
from web.visitor import translate

ONE = f"/sources/<int(max={LARGEST}):number>"
PROFILES = (  # a test keeps them those that the crawler knows
    "drupal",
    "nukeviet",
    "vnpt",
    "sharepoint-td",
    "sharepoint-moc",
    "sharepoint",
    "liferay",
    "dnn",
    "joomla",
    "wordpress",
    "generic",
)
JOBS_SHOWN = 10
DUE_TIMES_SHOWN = 5
FAILURES_SHOWN = 100
# A failed page's reason is kept in parts by the report of its round; older rounds than these told it in words only.
ROUNDS_ASKED = 5
# The name is also a word of the command line.
NAME = re.compile(r"\w[\w .-]{0,79}")
LONGEST_DELAY = 3600.0


@admin.get("/sources")
def source_list() -> ResponseReturnValue:
    with shelf().store.read() as connection:
        listed = [(each, schedules.every(connection, each.id)) for each in sources.every(connection)]
    return render_template("admin/sources.html", sources=listed)


@admin.route("/sources/new", methods=["GET", "POST"])
def source_new() -> ResponseReturnValue:
    typed = request.form.to_dict()
    if request.method == "GET":
        return render_template("admin/source_new.html", typed={}, mistakes={}, profiles=PROFILES)
    values, mistakes = read_settings(typed)
    name = typed.get("name", "").strip() or urlsplit(str(values.get("address", ""))).hostname or ""
    with shelf().store.write() as connection:
        mistakes |= name_mistakes(connection, name, mistakes)
        if not mistakes:
            made = sources.add(connection, name, **values)
            access.decide(connection, me(), "add source", f"source {name}", after=values)
    if mistakes:
        page = render_template("admin/source_new.html", typed=typed, mistakes=mistakes, profiles=PROFILES)
        return page, 400
    flash(translate("Source “%(name)s” was added. Crawl it now, or give it a schedule.", name=name))
    return redirect(url_for("admin.source", number=made.id))


def name_mistakes(connection: Connection, name: str, others: Mapping[str, str]) -> dict[str, str]:
    if not name and "address" in others:
        return {}  # the address would have given the name
    if not NAME.fullmatch(name):
        return {"name": translate("Use letters, digits, spaces, dots and hyphens; begin with a letter or a digit.")}
    if sources.find(connection, name):
        return {"name": translate("There is already a source named “%(name)s”. Choose another name.", name=name)}
    return {}


def read_settings(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a source as typed; and what is wrong, by field (pure)."""
    values: dict[str, Any] = {"allow_private": typed.get("allow_private") == "1"}
    mistakes: dict[str, str] = {}
    values["address"] = typed.get("address", "").strip()
    if not is_web_address(values["address"]):
        mistakes["address"] = translate("Write the whole web address, as in https://soxd.example.gov.vn/")
    values["profile"] = typed.get("profile", "")
    if values["profile"] not in ("", *PROFILES):
        mistakes["profile"] = translate("Choose one of the profiles.")
    try:
        values["delay_seconds"] = read_delay(typed.get("delay_seconds", ""))
    except ValueError:
        mistakes["delay_seconds"] = translate("Write a number of seconds from 0 to 3600, or leave it empty.")
    return values, mistakes


def is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return fine and parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)


def read_delay(written: str) -> float | None:
    """Seconds as written with point or comma; None for the site's own. Raises ValueError."""
    if not written.strip():
        return None
    delay = float(written.strip().replace(",", "."))
    if not math.isfinite(delay) or not 0 <= delay <= LONGEST_DELAY:
        raise ValueError(written)
    return delay


@admin.get(ONE)
def source(number: int) -> ResponseReturnValue:
    return source_page(number, None, {})


def source_page(number: int, typed: Mapping[str, str] | None, mistakes: Mapping[str, str]) -> str:
    with shelf().store.read() as connection:
        found = need_source(connection, number)
        page: dict[str, Any] = {
            "state": state_of(connection, found, jobs.unfinished(connection)),
            "schedules": schedules.every(connection, number),
            "jobs": jobs.latest(connection, number, JOBS_SHOWN),
            "failures": addresses.failed(connection, number, FAILURES_SHOWN),
            "reasons": reasons(connection, number),
        }
    page["next_five"] = next_five
    return render_template(
        "admin/source.html", source=found, typed=typed or as_typed(found), mistakes=mistakes, profiles=PROFILES, **page
    )


def next_five(schedule: schedules.Schedule) -> list[datetime]:
    return schedules.next_times(schedule.cron, schedule.time_zone, clock.now(), DUE_TIMES_SHOWN)


def need_source(connection: Connection, number: int) -> Source:
    found = next((each for each in sources.every(connection) if each.id == number), None)
    if found is None:
        abort(404)
    return found


def as_typed(source: Source) -> dict[str, str]:
    delay = "" if source.delay_seconds is None else f"{source.delay_seconds:g}"
    private = "1" if source.allow_private else ""
    return {"address": source.address, "profile": source.profile, "delay_seconds": delay, "allow_private": private}


def reasons(connection: Connection, number: int) -> dict[str, Mapping[str, Any]]:
    """Why pages failed, by address, in parts that can be told in any language."""
    reports = [each.report for each in reversed(rounds.every(connection, number, ROUNDS_ASKED))]
    return {failure["address"]: failure for report in reports for failure in report.get("failures", ())}


@admin.post(ONE)
def source_change(number: int) -> ResponseReturnValue:
    typed = request.form.to_dict()
    values, mistakes = read_settings(typed)
    if mistakes:
        return source_page(number, typed, mistakes), 400
    with shelf().store.write() as connection:
        before = need_source(connection, number)
        new = {key: value for key, value in values.items() if getattr(before, key) != value}
        if new:
            sources.change(connection, number, **values)
            old = {key: getattr(before, key) for key in new}
            access.decide(connection, me(), "change source", f"source {before.name}", before=old, after=new)
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
