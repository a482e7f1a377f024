"""Which texts may hold personal data, and may they be public?  The findings that wait, with the lines they stand in."""

from dataclasses import dataclass

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import deciding, jobs, personal
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.store import articles, screening
from indexer.store.screening import OPEN, PAGE, Found
from web.api import LARGEST
from web.cases import LONGEST_REASON, cases
from web.keeper import reach
from web.person import me
from web.restricting import alone_ours
from web.shelf import shelf
from web.visitor import language, translate

SHOWN = 50
# Lines of a text that are shown: enough to know what it is.
PLACES = 5
AROUND = 60
VERBS = {"allow": deciding.allow, "keep": deciding.keep, "restrict": deciding.restrict}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: what it is, and the letters around it."""

    kind: str
    before: str
    found: str
    after: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its article, the file that it is about, and where it stands."""

    found: Found
    kept: Kept | None
    name: str
    places: list[Place]
    open: bool


@cases.get("/personal")
def personal_data() -> ResponseReturnValue:
    return inbox_page()


def inbox_page(problem: str = "", wrong: int = 0) -> str:
    wanted = request.args.get("show", type=int) or 0
    settled = request.args.get("decided") == "1"
    with shelf().store.read() as connection:
        held = screening.listed(connection, ("public", "kept") if settled else OPEN, SHOWN, reach())
        kept = articles.several(connection, [each.article_id for each in held])
        states: tuple[screening.State, ...] = ("withheld", "listed", "public", "kept")
        sizes = {state: screening.count(connection, (state,), reach()) for state in states}
        looking = jobs.is_open(connection, "screen")
    shown = [with_places(each, kept.get(each.article_id), each.id == wanted) for each in held]
    return render_template(
        "admin/personal.html",
        shown=shown,
        sizes=sizes,
        settled=settled,
        looking=looking,
        problem=problem,
        wrong=wrong,
        most=SHOWN,
        page=PAGE,
    )


def with_places(found: Found, kept: Kept | None, openly: bool) -> Shown:
    text = text_of(found, kept)
    files = kept.article.attachments if kept else ()
    name = next((each.name or each.address for each in files if each.address == found.part), found.part)
    return Shown(found, kept, name, places(text, openly), openly)


def text_of(found: Found, kept: Kept | None) -> str:
    """The text in which it was found, wherever that lies now."""
    if kept is None:
        return ""
    if found.part == PAGE:
        return personal.texts_of(kept.article)
    shown = (each.text for each in kept.article.attachments if each.address == found.part)
    return found.text or next(shown, "")


def places(text: str, openly: bool) -> list[Place]:
    """The first findings with what stands around them; the numbers hidden unless somebody asked to see them."""
    found = personal.screen(text)
    numbers = [each for each in found if each.kind != "people"]
    told = text if openly else personal.masked(text)
    return [place(told, each) for each in (numbers or found)[:PLACES]]


def place(text: str, each: personal.Finding) -> Place:
    first = max(text.rfind("\n", 0, each.start) + 1, each.start - AROUND)
    stop = text.find("\n", each.end)
    last = min(len(text) if stop < 0 else stop, each.end + AROUND)
    return Place(
        each.kind, text[first : each.start], text[each.start : each.end][:200], text[each.end : last], each.sure
    )


@cases.post(f"/personal/<int(max={LARGEST}):number>/<any({', '.join(VERBS)}):verb>")
def decide_personal(number: int, verb: str) -> ResponseReturnValue:
    try:
        with shelf().store.write() as connection:
            found = need(connection, number)
            alone_ours(connection, found.article_id)
            VERBS[verb](connection, found, me(), request.form.get("reason", "").strip()[:LONGEST_REASON])
    except KhotinError as problem:
        return inbox_page(problem.sentence(language()), number), 400
    flash(translate("The decision is written down."))
    return redirect(url_for("cases.personal_data"), 303)


def need(connection: Connection, number: int) -> Found:
    return screening.get(connection, number) or abort(404)


@cases.post("/personal/look")
def look_through() -> ResponseReturnValue:
    """Ask for all articles to be looked through again."""
    with shelf().store.write() as connection:
        jobs.ask_once(connection, "screen", me())
    flash(translate("All articles are looked through as soon as the worker is free."))
    return redirect(url_for("cases.personal_data"), 303)
