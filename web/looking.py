"""How is the archive looked through without the query language?  Values of a facet, lists to browse, the builder."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer.article import Kept
from indexer.clock import local_day
from indexer.language import fold
from indexer.query import FACETS, Query, address
from indexer.search import search
from indexer.searcher import Searcher
from indexer.store import articles
from web import builder, narrow, offices, timeline
from web.freshness import revalidated
from web.shelf import shelf
from web.visitor import asked_in, may_ask_state, translate

looking = Blueprint("looking", __name__)

# What the archive can be browsed by, and what each list is called.
KINDS = {
    "department": "By department",
    "year": "By year and month",
    "section": "By section",
    "unit": "By unit",
    "source": "By source",
    "place": "By place",
    "number": "By document number",
}
# So many of each list are shown on the page that holds all lists; so many on a page of its own.
FIRST, LISTED = 10, 300
ARRIVALS = 30

Values = list[tuple[str, int]]


@looking.get("/facets/<name>")
@revalidated
def values(name: str) -> ResponseReturnValue:
    """All values of a facet among the hits, as if none of them were chosen: to search in, and to choose several."""
    if name not in FACETS or (name == "state" and not may_ask_state()):
        abort(404)
    asked, _ = asked_in(request.args.to_dict(flat=False))
    chosen = asked.facets.get(name, ())
    others = asked.changed(facets={each: held for each, held in asked.facets.items() if each != name})
    known = [pair for pair in spread_of(others, name) if pair[0]]
    wanted = request.args.get("find", "")
    bare = {value.removeprefix("-") for value in chosen}
    kept = [pair for pair in known if pair[0] in bare]
    kept += [(value, 0) for value in sorted(bare - {value for value, _ in kept})]
    found = [pair for pair in matching(known, name, wanted) if pair[0] not in bare]
    return render_template(
        "values.html", name=name, title=translate(title_of(name)), query=asked, others=others, chosen=chosen,
        kept=kept, found=found[:LISTED], left_out=max(0, len(found) - LISTED), find=wanted, label=labelled(name),
    )  # fmt: skip


def title_of(name: str) -> str:
    return narrow.TITLES.get(name, "On the source site")


def labelled(name: str) -> "narrow.Translate":
    return lambda value: narrow.label(name, value, translate, offices.called())


def matching(known: Sequence[tuple[str, int]], name: str, wanted: str) -> Values:
    """The values whose names hold what was typed, whatever its accents and capitals."""
    typed = fold.bare(wanted.strip())
    return [pair for pair in known if typed in fold.bare(narrow.label(name, pair[0], translate, offices.called()))]


def spread_of(query: Query, name: str) -> Values:
    return shelf().searcher().values(query, name)


def kinds() -> list[tuple[str, str]]:
    """What there is to browse by: departments only where there are several."""
    return [(kind, title) for kind, title in KINDS.items() if kind != "department" or offices.several()]


@looking.get("/browse")
@revalidated
def browse() -> ResponseReturnValue:
    here = shelf()
    found = search(Query(sort="newest", per_page=1), here.store, here.columns(), here.glossary)
    lists = [(kind, translate(title), found.facets[kind]) for kind, title in kinds() if found.facets[kind]]
    newest = arrived(here.searcher(), 0)[:FIRST]
    return render_template(
        "browse.html", lists=lists, first=FIRST, newest=newest, total=found.total, query=Query(), label=labelled
    )


@looking.get("/browse/<kind>")
@revalidated
def browse_by(kind: str) -> ResponseReturnValue:
    if kind not in dict(kinds()):
        abort(404)
    here = shelf()
    if kind == "year":
        found = search(Query(sort="newest", per_page=1), here.store, here.columns(), here.glossary)
        undated = next((hits for month, hits, _ in found.timeline if not month), 0)
        drawn = timeline.draw(found.timeline)
        return render_template("browse_year.html", title=translate(KINDS[kind]), timeline=drawn, undated=undated)
    known = [pair for pair in spread_of(Query(), kind) if pair[0]]
    wanted = request.args.get("find", "")
    found_values = matching(known, kind, wanted)
    page, pages = page_of(len(found_values), LISTED)
    return render_template(
        "browse_by.html", kind=kind, title=translate(KINDS[kind]), find=wanted, all=len(known), total=len(found_values),
        values=found_values[(page - 1) * LISTED :][:LISTED], page=page, pages=pages, query=Query(),
        label=labelled(kind),
    )  # fmt: skip


@looking.get("/browse/new")
@revalidated
def arrivals() -> ResponseReturnValue:
    """What came into the archive last, whatever its own date."""
    searcher = shelf().searcher()
    page, pages = page_of(searcher.view.size, ARRIVALS)
    days = list(by_day(arrived(searcher, (page - 1) * ARRIVALS)))
    return render_template("browse_new.html", days=days, page=page, pages=pages, query=Query())


def arrived(searcher: Searcher, start: int) -> list[Kept]:
    """Articles in the order in which they came, the last ones first: their numbers rise."""
    numbers = searcher.arrived(start, ARRIVALS)
    with searcher.store.read() as connection:
        kept = articles.several(connection, numbers)
    return [kept[number] for number in numbers if number in kept]


def by_day(kept: Sequence[Kept]) -> Iterator[tuple[date, list[Kept]]]:
    for day, several in groupby(kept, key=lambda each: local_day(each.first_seen)):
        yield day, list(several)


def page_of(count: int, size: int) -> tuple[int, int]:
    """The page that the address names, and how many there are."""
    pages = max(1, -(-count // size))
    written = request.args.get("page", "1")
    right = written.isascii() and written.isdigit() and len(written) < 9  # longer ones are no page of ours
    return min(max(int(written), 1), pages) if right else 1, pages


@looking.get("/search/builder")
@revalidated
def build() -> ResponseReturnValue:
    """The question as a form; when the form comes back, its line is searched."""
    asked, _ = asked_in(request.args.to_dict(flat=False))
    sent = any(name in request.args for name in builder.NAMES)
    boxes = builder.Boxes(**{n: request.args.get(n, "") for n in builder.NAMES}) if sent else builder.boxes_of(asked.q)
    line = builder.line_of(boxes)
    if sent and line and boxes.in_order:
        asked = asked.changed(q=line, without=())
        return redirect(f"{url_for('pages.results')}?{address(asked)}", 303)
    here = shelf()
    sections = search(Query(per_page=1, sort="newest"), here.store, here.columns(), here.glossary).facets["section"]
    page = render_template("builder.html", boxes=boxes, query=asked, sections=sections, sent=sent)
    return page, 400 if sent else 200
