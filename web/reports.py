"""How does a reader report a mistake in an article, or wish it taken down?  By a form, to the admins' inbox."""

from datetime import datetime, timedelta
from typing import cast

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from indexer import accounts, clock
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.language.clean import clean
from indexer.settings import Settings
from indexer.store import requests
from indexer.store.requests import KINDS, Kind
from web.admin import admin
from web.keeper import reach
from web.pages import pages
from web.replay import ARTICLE, of_article
from web.security_log import network
from web.shelf import shelf
from web.visitor import language, translate

LONGEST_TEXT, LONGEST_CONTACT = 4_000, 200
# A field that no person sees; what fills it is a program.
TRAP = "website"
# All of a day together: more is somebody's program, and an inbox that nobody can read.
MOST_A_DAY = 200


@pages.get(f"{ARTICLE}/report")
@of_article
def report(kept: Kept) -> ResponseReturnValue:
    if request.args.get("sent"):
        return render_template("report_sent.html", kept=kept)
    return form(kept, {}, {})


def form(kept: Kept, typed: dict[str, str], mistakes: dict[str, str]) -> str:
    limits = {"text": LONGEST_TEXT, "contact": LONGEST_CONTACT}
    return render_template("report.html", kept=kept, typed=typed, mistakes=mistakes, trap=TRAP, limits=limits)


@pages.post(f"{ARTICLE}/report")
@of_article
def send_report(kept: Kept) -> ResponseReturnValue:
    typed = {name: clean(request.form.get(name, "")).strip() for name in ("kind", "text", "contact")}
    mistakes = {name: translate(message) for name, message in wrong(typed)}
    if mistakes:
        return form(kept, typed, mistakes), 400
    try:
        if not request.form.get(TRAP):
            take(kept, typed)
    except KhotinError as problem:
        return form(kept, typed, {"text": problem.sentence(language())}), 429
    return redirect(url_for("pages.report", number=kept.id, sent=1), 303)


def wrong(typed: dict[str, str]) -> list[tuple[str, str]]:
    """What is to be mended, field by field."""
    found = []
    if typed["kind"] not in KINDS:
        message = "Choose what your report is about."
        found.append(("kind", message))
    if not typed["text"]:
        message = "Write what is wrong, or what you wish and why."
        found.append(("text", message))
    if len(typed["text"]) > LONGEST_TEXT:
        message = "The text is too long. Shorten it to 4,000 characters."
        found.append(("text", message))
    if len(typed["contact"]) > LONGEST_CONTACT:
        message = "The contact is too long. An e-mail address or a telephone number is enough."
        found.append(("contact", message))
    return found


def take(kept: Kept, typed: dict[str, str]) -> None:
    """Put a report into the inbox.  Raises KhotinError when a sender, or all together, send too many."""
    bucket = f"{network(request.remote_addr or '')} report"
    with shelf().store.write() as connection:
        wait = accounts.seconds_to_wait(connection, bucket)
        if wait:
            raise KhotinError("Too many tries. Wait %(seconds)s seconds and try again.", seconds=wait)
        if requests.count_since(connection, clock.now() - timedelta(days=1)) >= MOST_A_DAY:
            raise KhotinError("Too many reports came today. Try again tomorrow, or write to us (see “Contact”).")
        accounts.note_failure(connection, bucket)  # each one makes the next wait, as with failed sign-ins
        kind = cast(Kind, typed["kind"])
        requests.add(connection, kept.id, kind, typed["text"], typed["contact"], due(kind, shelf().settings))


def due(kind: Kind, settings: Settings) -> datetime:
    """By when a request that comes now is to be decided."""
    hours = {
        "personal-data": settings.hours_personal_data,
        "wrong": settings.hours_mistake,
        "copyright": settings.hours_copyright,
        "other": settings.hours_other,
    }
    return clock.now() + timedelta(hours=hours[kind])


@admin.get("/requests")
def inbox() -> ResponseReturnValue:
    """Where the inbox was before."""
    return redirect(url_for("cases.inbox"))


def waiting_reports() -> int:
    """How many reports wait for an answer, for the administration's menu."""
    if not current_user.is_authenticated:
        return 0
    with shelf().store.read() as connection:
        return requests.count_open(connection, reach())
