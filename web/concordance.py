"""Where does every occurrence stand?  The page of lines in context, all of them to take away, the API."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer.concordance import SORTS, Line, Occurrences, Sort, lines, occurrences, ordered
from indexer.corrected import day_of
from indexer.counting import Counted
from indexer.engine.places import Documents
from indexer.errors import KhotinError, NotNowError
from indexer.personal import masked
from indexer.query import Mistake, Query
from indexer.store import Store
from web import answers, sheets
from web.api import PREFIX, mistaken, told
from web.freshness import revalidated
from web.shelf import shelf
from web.tools import active, asked, download, filters, one_of, tools, typed
from web.tools import with_parameters as written

LINES = 50
# What is taken away is read in pieces of so many lines: enough to be quick, few enough to hold.
PIECE = 200
COLUMNS = ("left", "found", "right", "article", "date", "section", "source", "title", "zone", "address", "department")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address of a concordance asks for."""

    query: Query
    sort: Sort
    mistakes: list[Mistake]

    def address(self, query: Query | None = None, sort: str = "", page: int = 1, to: str = "concordance_page") -> str:
        """This concordance with other filters, order or page; or what it is taken away as."""
        asked_for = query or self.query
        sort = sort or self.sort
        own = [("sort", sort)] if sort != SORTS[0] else []
        own += [("page", str(page))] if page > 1 else []
        return written(url_for(f"tools.{to}"), [("q", asked_for.q), *own, *filters(asked_for)])


def read_wish() -> Wish:
    query, mistakes = asked(("sort", "bom", *(() if request.args.get("per_page") else ("per_page",))))
    per_page = query.per_page if request.args.get("per_page") else LINES
    query = query.changed(q=typed(query.q), page=query.page, per_page=per_page)
    return Wish(query, one_of("sort", SORTS, mistakes), mistakes)


@dataclass(frozen=True, slots=True)
class Found:
    """All occurrences of one question in one generation, and their order."""

    counted: Counted
    places: Occurrences
    order: Documents

    @property
    def total(self) -> int:
        return len(self.order)

    def lines(self, first: int, many: int, store: Store) -> list[Line]:
        return lines(self.places, self.order[first : first + many].tolist(), self.counted, store)


def find(wish: Wish) -> Found:
    """Every occurrence, in order.  Raises KhotinError for what cannot be asked."""
    searcher = shelf().searcher()
    counted = searcher.count(wish.query)
    if not counted.question.units:
        raise KhotinError("Write a word, phrase or number to see it in context.")
    found = occurrences(counted)
    return Found(counted, found, ordered(found, searcher.view.columns, wish.sort))


@tools.get("/concordance")
@revalidated
def concordance_page() -> ResponseReturnValue:
    wish = read_wish()
    told: dict[str, Any] = {"wish": wish, "query": wish.query, "active": active(wish.query, wish.address)}
    if not wish.query.q:
        return render_template("concordance.html", found=None, mistake=None, **told)
    try:
        found = find(wish)
    except NotNowError:
        raise
    except KhotinError as mistake:
        return render_template("concordance.html", found=None, mistake=mistake, **told), 400
    many = wish.query.per_page
    shown = found.lines((wish.query.page - 1) * many, many, shelf().store)
    pages = max(1, -(-found.total // many))
    return render_template("concordance.html", found=found, mistake=None, lines=shown, pages=pages, **told)


@tools.get("/concordance.csv")
def concordance_csv() -> ResponseReturnValue:
    """Every line, as rows."""
    head = sheets.begun(request.args.get("bom")) + sheets.line(COLUMNS)
    return taken("text/csv", "concordance.csv", csv_line, head)


@tools.get("/concordance.jsonl")
def concordance_jsonl() -> ResponseReturnValue:
    """Every line, as objects."""
    return taken("application/jsonl", "concordance.jsonl", json_line)


def taken(kind: str, name: str, line: Callable[[Line, str], str], head: str = "") -> ResponseReturnValue:
    """A file of all lines, sent while they are read; what is restricted meanwhile is left out."""
    found = find(read_wish())
    return download(Response(pieces(found, shelf().store, request.url_root, line, head), mimetype=kind), name)


def pieces(found: Found, store: Store, root: str, line: Callable[[Line, str], str], head: str) -> Iterator[str]:
    yield head
    for first in range(0, found.total, PIECE):
        yield "".join(line(each, root) for each in found.lines(first, PIECE, store))


def csv_line(line: Line, root: str) -> str:
    return sheets.line(line_answer(line, root)[name] for name in COLUMNS)


def json_line(line: Line, root: str) -> str:
    return json.dumps(line_answer(line, root), ensure_ascii=False) + "\n"


def line_answer(line: Line, root: str) -> dict[str, Any]:
    kept = line.kept
    return {
        "left": line.left,
        "found": line.found,
        "right": line.right,
        "zone": line.zone,
        "article": kept.id,
        "title": masked(kept.article.title),
        "date": answers.day(day_of(kept)),
        "section": kept.article.section,
        "source": kept.source,
        "department": kept.department.short or None,
        "language": kept.article.language,
        "address": f"{root}articles/{kept.id}",
    }


@tools.get(f"{PREFIX}/concordance")
@revalidated
def concordance_for_programs() -> ResponseReturnValue:
    wish = read_wish()
    if wish.mistakes:
        return mistaken(wish.mistakes)
    found = find(wish)
    many = wish.query.per_page
    shown = found.lines((wish.query.page - 1) * many, many, shelf().store)
    return told(
        {
            "query": answers.query(wish.query) | {"sort": wish.sort},
            "interpretation": answers.interpretation(found.counted.interpretation),
            "total": found.total,
            "articles": found.places.articles,
            "lines": [line_answer(each, request.url_root) for each in shown],
        }
    )
