"""What do we hold of an article, and what can be done with it?  The desk of whoever looks after single articles."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, audit, correcting, jobs
from indexer.access import Decision
from indexer.article import Kept
from indexer.audit import Wish
from indexer.corrected import FIELDS, said
from indexer.errors import KhotinError
from indexer.jobs import Job
from indexer.query import LONGEST_QUESTION, Query
from indexer.search import Hit, search
from indexer.store import articles, captures, corrections, requests, screening
from indexer.store.articles import Version
from indexer.store.captures import Capture
from indexer.store.corrections import Written
from indexer.store.requests import Request
from indexer.store.screening import Found
from web.api import LARGEST
from web.keeper import is_mine, of_mine
from web.pasted import by_address
from web.person import me
from web.restricting import our_hosts
from web.shelf import shelf
from web.visitor import language, translate

cases = Blueprint("cases", __name__, url_prefix="/admin/cases")

ARTICLE = f"/<int(max={LARGEST}):number>"
# Captures that are listed: the last year of a page that is asked for once a week.
CAPTURES_SHOWN = 50
# Whoever wants more reads the pages of results.
HITS_SHOWN = 10
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Case:
    """All that the archive knows of an article and of what was done about it."""

    kept: Kept
    addresses: list[str]
    versions: list[Version]
    captures: list[Capture]
    corrections: list[Written]
    findings: list[Found]
    requests: list[Request]
    decisions: list[Decision]
    job: Job | None


@cases.get("", strict_slashes=False)
def desk() -> ResponseReturnValue:
    """Look an article up: by number or address it opens at once, by words those that were found are listed."""
    which = request.args.get("which", "").strip()[:LONGEST_QUESTION]
    if not which:
        return render_template("admin/cases.html", which="", hits=(), problem="")
    with shelf().store.read() as connection:
        found = looked_up(connection, which)
    if found:
        return redirect(url_for("cases.case", number=found.id))
    hits, problem = by_words(which)
    return render_template("admin/cases.html", which=which, hits=hits, problem=problem), 200 if hits else 404


def looked_up(connection: Connection, which: str) -> Kept | None:
    """The article of a number or an address, restricted or not."""
    if which.isdecimal():
        found = articles.get(connection, int(which)) if int(which) <= LARGEST else None
    else:
        found = by_address(connection, which, our_hosts(), is_mine)
    return found if found and is_mine(found) else None


def by_words(which: str) -> tuple[tuple[Hit, ...], str]:
    """What is found by words or a document's number; restricted articles only by number or address."""
    here = shelf()
    try:
        asked = Query(q=which, per_page=HITS_SHOWN, facets=of_mine())
        found = search(asked, here.store, here.columns(), here.glossary)
    except KhotinError as problem:
        return (), problem.sentence(language())
    nothing = translate("Nothing was found. A restricted article is found by its number or its address at the source.")
    return found.hits, "" if found.hits else nothing


@cases.get(ARTICLE)
def case(number: int) -> ResponseReturnValue:
    return case_page(number)


def case_page(number: int, typed: dict[str, str] | None = None, problem: str = "") -> str:
    with shelf().store.read() as connection:
        told = gathered(connection, need(connection, number))
    return render_template(
        "admin/case.html",
        case=told,
        fields=FIELDS,
        said=said,
        typed={"field": request.args.get("field", ""), "text": "", "reason": ""} | (typed or {}),
        problem=problem,
        destroying=address_to_destroy(number),
    )


def need(connection: Connection, number: int) -> Kept:
    return articles.get(connection, number) or abort(404)


def gathered(connection: Connection, kept: Kept) -> Case:
    return Case(
        kept,
        articles.other_addresses(connection, kept.id),
        articles.history(connection, kept.id)[::-1],
        captures.seen(connection, kept.id, CAPTURES_SHOWN),
        corrections.history(connection, kept.id),
        screening.of_article(connection, kept.id),
        requests.of_article(connection, kept.id),
        audit.found(connection, Wish(subject=f"article {kept.id}")),
        jobs.newest_about(connection, "reread", kept.id),
    )


def address_to_destroy(number: int) -> str:
    """Where an article is destroyed by a written decision, for who may."""
    return url_for("destroying.page", which=number) if current_user.role == "admin" else ""


@cases.post(f"{ARTICLE}/reread")
def reread(number: int) -> ResponseReturnValue:
    """Ask for the kept pages to be read again, as the source is marked up now."""
    with shelf().store.write() as connection:
        need(connection, number)
        last = jobs.newest_about(connection, "reread", number)
        if last is None or last.state not in jobs.OPEN:
            jobs.ask(connection, "reread", me(), "short", arguments={"article": number})
            access.decide(connection, me(), "read again", f"article {number}")
    flash(translate("The kept pages of this article are read again as soon as the worker is free."))
    return redirect(url_for("cases.case", number=number, _anchor="again"), 303)


@cases.post(f"{ARTICLE}/correct")
def correct(number: int) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("field", "text", "reason")}
    try:
        with shelf().store.write() as connection:
            kept = need(connection, number)
            correcting.correct(connection, kept, typed["field"], typed["text"], typed["reason"][:LONGEST_REASON], me())
    except KhotinError as problem:
        return case_page(number, typed, problem.sentence(language())), 400
    flash(translate("The correction stands above the article; what the source says is unchanged."))
    return redirect(url_for("cases.case", number=number, _anchor="corrections"), 303)


@cases.post(f"/corrections/<int(max={LARGEST}):number>/withdraw")
def withdraw(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        article = correcting.withdraw(connection, number, request.form.get("reason", "")[:LONGEST_REASON], me())
    flash(translate("The correction is withdrawn."))
    return redirect(url_for("cases.case", number=article, _anchor="corrections"), 303)
