"""What can a reader open?  Home, results, articles, help, about: each route reads its address and fills a template."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.utils import redirect

from indexer import access, cited, clock
from indexer.article import Kept
from indexer.engine.columns import IndexMissingError
from indexer.errors import KhotinError
from indexer.language import fold
from indexer.match import Matches
from indexer.passages import Span, found_on, marks
from indexer.query import Query, from_parameters
from indexer.search import Results, lesson_of, read_question, search, taught, visible
from indexer.store import articles
from indexer.view import view_of
from indexer.zones import zone_texts
from web import citation, narrow, timeline
from web.api import LARGEST
from web.freshness import revalidated
from web.marks import lines, shifted
from web.shelf import Shelf, shelf
from web.visitor import day, role, translate

pages = Blueprint("pages", __name__)

# Enough to see that the archive is alive, few enough to leave the search box the first thing.
NEWEST = 6


@pages.get("/")
@revalidated
def home() -> ResponseReturnValue:
    return browse()


@pages.get("/search")
@revalidated
def results() -> ResponseReturnValue:
    asked, mistakes = from_parameters(request.args.to_dict(flat=False))
    if not asked.q.strip() and not asked.filters and not mistakes:
        return browse()
    here = shelf()
    try:
        found = search(asked, here.store, here.columns(), here.glossary)
    except IndexMissingError:
        raise
    except KhotinError as problem:
        return render_template("refused.html", query=asked, problem=problem), 400
    return render_template(
        "results.html",
        query=asked,
        results=found,
        mistakes=mistakes,
        groups=narrow.groups(asked, found.facets, translate),
        active=narrow.active(asked, translate, day),
        timeline=timeline.draw(found.timeline),
        unaccented=unaccented(found),
        documents=documents_asked(found),
    )


def documents_asked(found: Results) -> list[str]:
    """The whole document numbers that the question names: each has a page of its own."""
    patterns = [slot.pattern for unit in found.interpretation.question.units for slot in unit.forms[0].slots]
    bare = ["/".join(pattern.parts) for pattern in patterns if pattern and pattern.full]
    return [cited.written(each) for each in bare if cited.is_document(each)]


@pages.get("/documents/<path:number>")
@revalidated
def document(number: str) -> ResponseReturnValue:
    """The articles that cite a document, grouped by the date and issuer that they state."""
    here = shelf()
    columns = here.columns()
    bare = cited.bare_of(number)
    if not bare or not cited.is_document(bare):
        abort(404)
    found = cited.bearers(number, here.store, columns, visible(here.store, columns).shown)
    page = render_template("document.html", number=cited.usual(found, bare), bearers=found, query=Query())
    return page, 200 if found else 404


def browse() -> str:
    """What the archive holds, for who has not asked anything yet."""
    here = shelf()
    found = search(Query(sort="newest", per_page=NEWEST), here.store, here.columns(), here.glossary)
    return render_template("home.html", results=found, query=Query(), timeline=timeline.draw(found.timeline))


def unaccented(found: Results) -> str:
    """The question without accents, where that may find what the accents did not."""
    plain = fold.bare(found.query.q)
    accented = found.interpretation.accents in ("accented", "half")
    return plain if accented and not found.total else ""


@pages.get(f"/articles/<int(max={LARGEST}):number>")
@revalidated
def article(number: int) -> ResponseReturnValue:
    here = shelf()
    with here.store.read() as connection:
        kept = articles.get(connection, number)
    if kept and kept.merged_into:
        return redirect(moved(kept.merged_into), 301)
    if kept is None or not access.may_see(kept, role()):
        abort(404)
    asked, _ = from_parameters(request.args.to_dict(flat=False))
    return render_template("article.html", kept=kept, query=asked, shown=reading(kept, asked, here), **citations(kept))


def moved(number: int) -> str:
    """The address of the article that this one was merged into, with the question it was opened for."""
    question = request.query_string.decode(errors="replace")
    return url_for("pages.article", number=number) + (f"?{question}" if question else "")


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's texts, and the letters of each that were asked for."""

    texts: dict[str, str]
    marks: dict[str, list[Span]]

    def lines(self, zone: str) -> list[Markup]:
        return list(lines(self.texts[zone], self.marks.get(zone, ())))

    def files(self, kept: Kept) -> list[list[Markup]]:
        """For each attachment the lines of its text (its name, the first line of its piece, left out)."""
        found, start = [], 0
        for each in kept.article.attachments:
            begin, end = start + len(each.name) + 1, start + len(each.name) + 1 + len(each.text)
            found.append(list(lines(each.text, shifted(self.marks.get("attachments", ()), begin, end))))
            start = end + 1
        return found


def reading(kept: Kept, asked: Query, here: Shelf) -> Reading:
    return Reading(dict(zone_texts(kept.article)), marks_of(kept, asked, here))


def marks_of(kept: Kept, asked: Query, here: Shelf) -> dict[str, list[Span]]:
    """The letters that answer the question; none when nothing was asked or the index does not hold the article."""
    try:
        columns = here.columns()
        documents = np.flatnonzero((columns.ids == kept.id) & columns.live)
        if not asked.q or not len(documents):
            return {}
        matches = Matches(view_of(columns))
        glossary = taught(here.glossary, lesson_of(here.store, columns))
        units = read_question(asked, matches, glossary).units
        document = int(documents[-1])
        return marks(zone_texts(kept.article), found_on([document], units, matches)[document])
    except KhotinError:
        return {}


def citations(kept: Kept) -> dict[str, str]:
    address = url_for("pages.article", number=kept.id, _external=True)
    today: date = clock.local_day(clock.now())
    return {
        "cite_vi": citation.vietnamese(kept, address, today, day),
        "cite_en": citation.english(kept, address, today, day),
    }


@pages.get("/help")
@revalidated
def help_page() -> ResponseReturnValue:
    return render_template("help.html")


@pages.get("/about")
@revalidated
def about() -> ResponseReturnValue:
    return render_template("about.html")


@pages.get("/healthz")
def health() -> ResponseReturnValue:
    """Whether this site can answer: for a monitor, so in no language."""
    told: dict[str, object] = {"store": "ok", "index": "ok", "articles": None, "indexed": None, "generation": None}
    here = shelf()
    try:
        with here.store.read() as connection:
            told["articles"] = articles.count(connection)
    except SQLAlchemyError:
        told["store"] = "unreadable"
    try:
        columns = here.columns()
        told |= {"indexed": int(columns.live.sum()), "generation": columns.generation}
    except KhotinError:
        told["index"] = "missing"
    well = told["store"] == told["index"] == "ok"
    return {"status": "ok" if well else "failing", **told}, 200 if well else 503
