"""How does an admin mend what is read from a site?  By pointing at the right part, seeing the effect, and saving it."""

from typing import Any, NamedTuple

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, jobs
from indexer.decode import decode
from indexer.markup import Element
from indexer.store import previews, sources
from indexer.store.previews import Looked
from web.admin import admin
from web.admin_sources import LINES, ONE, earlier_lines, need_source
from web.admin_sources_preview import LOOK, Shown, ask_to_look, need_look
from web.api import LARGEST
from web.harmless import harmless, parsed
from web.person import me
from web.picking import ON_ARTICLES, ON_LISTS, line_of, meant, parts, pointable
from web.replay import PAGE_POLICY
from web.selectors import Proposal, propose, propose_list
from web.shelf import shelf
from web.source_settings import LONGEST_LINES
from web.visitor import language, translate

PAGE = f"{LOOK}/pages/<int(max=9):place>"
SHOWN_WORDS = 300  # characters of a chosen part


class Pointing(NamedTuple):
    """A page of a look on which a field is pointed at."""

    shown: Shown
    page: Looked
    field: str
    tree: Element
    others: list[Element]


def pointing(number: int, place: int) -> Pointing:
    """What an address asks for; 404 for a page that is not kept."""
    with shelf().store.read() as connection:
        shown = need_look(connection, number)
    page = next((each for each in shown.pages if each.place == place), None) or abort(404)
    fields = ON_ARTICLES if place else ON_LISTS
    field = request.args.get("field", fields[0])
    if field not in fields:
        abort(404)
    others = [parsed(text_of(each)) for each in shown.pages if each.place and place and each.place != place]
    return Pointing(shown, page, field, parsed(text_of(page)), others)


def text_of(page: Looked) -> str:
    return decode(page.body, page.headers.get("content-type", ""))


@admin.get(PAGE)
def look_parts(preview: int, place: int) -> ResponseReturnValue:
    """A page as the list of its parts: point at the one that is the field."""
    at = pointing(preview, place)
    fields = ON_ARTICLES if place else ON_LISTS
    return render_template(
        "admin/preview_page.html", shown=at.shown, page=at.page, field=at.field, fields=fields, parts=parts(at.tree)
    )


@admin.get(f"{PAGE}/look")
def look_looks(preview: int, place: int) -> ResponseReturnValue:
    """A page nearly as it looks: harmless, each of its texts a link that says which part it is."""
    at = pointing(preview, place)

    def address_of(part: int) -> str:
        return url_for("admin.look_choice", _external=True, preview=preview, place=place, field=at.field, part=part)

    fields = ON_ARTICLES if place else ON_LISTS
    head = render_template("admin/_pointing.html", shown=at.shown, page=at.page, field=at.field, fields=fields)
    told = harmless(
        text_of(at.page), at.page.address, head, language(), lambda number, address: "",
        lambda tree: pointable(tree, address_of),
    )  # fmt: skip
    answered = Response(told, mimetype="text/html")
    answered.headers |= {"Content-Security-Policy": PAGE_POLICY, "X-Robots-Tag": "noindex"}
    return answered


@admin.get(f"{PAGE}/choice")
def look_choice(preview: int, place: int) -> ResponseReturnValue:
    """What was pointed at, how it is found again, and what stands there on the other pages."""
    at = pointing(preview, place)
    part, step = request.args.get("part", 0, type=int), request.args.get("step", 0, type=int)
    element = meant(at.tree, min(max(part, 0), LARGEST), at.field, min(max(step, -20), 20))
    if element is None:
        flash(translate("That part of the page cannot be pointed at. Choose another one."))
        return redirect(url_for("admin.look_parts", preview=preview, place=place, field=at.field))
    found = proposed(at, element)
    if found is None:
        flash(translate("There is no link in that part. Choose the headline of an article in the list."))
        return redirect(url_for("admin.look_parts", preview=preview, place=place, field=at.field))
    places = [at.page.place, *(each.place for each in at.shown.pages if each.place and each.place != at.page.place)]
    return render_template(
        "admin/preview_choice.html", shown=at.shown, page=at.page, field=at.field, part=part, step=step, found=found,
        chosen=line_of(element)[:SHOWN_WORDS], places=places, most=SHOWN_WORDS,
    )  # fmt: skip


def proposed(at: Pointing, element: Element) -> Proposal | None:
    if at.field in ON_LISTS:
        return propose_list(element, [at.tree])
    return propose(element, [at.tree, *at.others])


@admin.post(f"{LOOK}/try")
def look_tried(preview: int) -> ResponseReturnValue:
    """Read the pages in another way, and show that beside the present one. Nothing is saved."""
    with shelf().store.write() as connection:
        shown = need_look(connection, preview)
        if not shown.pages:
            abort(400)
        previews.change(connection, preview, trial=wished(shown))
        ask_to_look(connection, preview, trial=True)
    return redirect(url_for("admin.preview", preview=preview))


def wished(shown: Shown) -> dict[str, Any]:
    """The lines that are to be tried: a selector before those in hand, or all lines as typed or as in a file."""
    field = request.form.get("field", "")
    if field in (*ON_ARTICLES, *ON_LISTS):
        return {"field": field, "selector": request.form.get("selector", "")[:500], "lines": lines_now(shown)}
    sent = request.files.get("file")
    if sent and sent.filename:
        return {"lines": sent.read(LONGEST_LINES).decode("utf-8", errors="replace").removeprefix("\ufeff")}
    return {"lines": request.form.get("lines", "")[:LONGEST_LINES].replace("\r\n", "\n")}


def lines_now(shown: Shown) -> str:
    """The lines that are tried, else those that are set."""
    trial = shown.preview.trial
    return str(trial["lines"] if trial.get("report") else shown.preview.settings.get("overrides", ""))


@admin.post(f"{LOOK}/keep")
def look_kept(preview: int) -> ResponseReturnValue:
    """Save the way of reading that was tried: in the look, and in its source where it is one."""
    with shelf().store.write() as connection:
        shown = need_look(connection, preview)
        trial = shown.preview.trial
        if not trial.get("report"):
            abort(400)
        settings = {**shown.preview.settings, "overrides": trial["lines"]}
        previews.change(
            connection, preview, settings=settings, report={**shown.preview.report, **trial["report"]}, trial={}
        )
        if trial.get("field") in ON_LISTS:  # other articles are found by it
            ask_to_look(connection, preview)
        if shown.source:
            set_lines(connection, shown.source.id, str(trial["lines"]))
    if shown.source is None:
        flash(translate("The way of reading is noted; it is saved with the source when you add it."))
        return redirect(url_for("admin.preview", preview=preview))
    flash(translate("The way of reading was saved; new pages are read by it. Pages kept before can be read again."))
    return redirect(url_for("admin.source", number=shown.source.id, _anchor="reading"))


def set_lines(connection: Connection, number: int, lines: str) -> None:
    """Give a source other lines; those before are kept in the log, from where they can be taken back."""
    found = need_source(connection, number)
    sources.change(connection, number, overrides=lines)
    before, after = {"overrides": found.overrides}, {"overrides": lines}
    access.decide(connection, me(), LINES, f"source {found.name}", before=before, after=after)


@admin.post(f"{LOOK}/drop")
def look_dropped(preview: int) -> ResponseReturnValue:
    """Leave the way of reading as it is."""
    with shelf().store.write() as connection:
        need_look(connection, preview)
        previews.change(connection, preview, trial={}, job_id=None)
    return redirect(url_for("admin.preview", preview=preview))


@admin.post(f"{ONE}/lines-before")
def source_lines_before(number: int) -> ResponseReturnValue:
    """Take back the last change of how a source is read."""
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        earlier = earlier_lines(connection, found.name)
        if not earlier or not earlier[0].before:
            abort(400)
        set_lines(connection, number, str(earlier[0].before["overrides"]))
    flash(translate("The site is read as before. Pages kept before can be read again."))
    return redirect(url_for("admin.source", number=number, _anchor="reading"))


@admin.post(f"{ONE}/reread")
def source_reread(number: int) -> ResponseReturnValue:
    """Read all kept pages again, as the source is read now."""
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        known = (each for each in jobs.unfinished(connection) if (each.kind, each.source_id) == ("reread", number))
        open_one = next(known, None)
        made = open_one.id if open_one else jobs.ask(connection, "reread", me(), source_id=number)
        if open_one is None:
            access.decide(connection, me(), "read pages again", f"source {found.name}")
    return redirect(url_for("admin.job", number=made))
