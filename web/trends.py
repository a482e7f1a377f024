"""How did some questions fare over the years?  The page, its drawing and its figures to take away, the API."""

from dataclasses import dataclass
from typing import Any, Literal

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer.counting import By
from indexer.query import Mistake, Query
from indexer.trends import MOST_QUESTIONS, Series, Trends, trends
from web import answers, curves, sheets
from web.api import PREFIX, mistaken, told
from web.freshness import revalidated
from web.shelf import shelf
from web.tools import (
    Pairs,
    active,
    asked,
    days_of,
    download,
    filters,
    one_of,
    refusal,
    tools,
    typed,
    undivided,
)
from web.tools import with_parameters as written
from web.visitor import language, translate

Per = Literal["count", "1000"]
BYS: tuple[By, ...] = ("month", "year")
PERS: tuple[Per, ...] = ("count", "1000")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address of a page of trends asks for."""

    query: Query  # the filters, shared by all questions
    questions: tuple[str, ...]
    by: By
    per: Per
    mistakes: list[Mistake]

    def parameters(self, **other: str) -> Pairs:
        """Those that ask for this again, some with other values."""
        chosen = {"by": self.by, "per": self.per} | other
        plain = {"by": BYS[0], "per": PERS[0]}
        own = [(name, value) for name, value in chosen.items() if value != plain.get(name)]
        return [*(("q", each) for each in self.questions), *own, *filters(self.query)]

    def address(self, query: Query | None = None, **other: str) -> str:
        """This page, perhaps with other filters or other choices."""
        wish = self if query is None else Wish(query, self.questions, self.by, self.per, [])
        return written(url_for("tools.trends_page"), wish.parameters(**other))


def read_wish() -> Wish:
    query, mistakes = asked(("q", "by", "per", "sort", "page", "per_page", "bom"))
    questions = tuple(dict.fromkeys(filter(None, map(typed, request.args.getlist("q")))))
    if len(questions) > MOST_QUESTIONS:
        mistakes.append(Mistake("q", questions[MOST_QUESTIONS], "Up to six questions are compared at once."))
    by, per = one_of("by", BYS, mistakes), one_of("per", PERS, mistakes)
    return Wish(query, questions[:MOST_QUESTIONS], by, per, mistakes)


def counted(wish: Wish) -> Trends:
    return trends(wish.query, wish.questions, wish.by, shelf().searcher())


@tools.get("/trends")
@revalidated
def trends_page() -> ResponseReturnValue:
    wish = read_wish()
    found = counted(wish)
    return render_template(
        "trends.html",
        wish=wish,
        trends=found,
        chart=curves.draw(found, wish.per == "1000"),
        curves=curves,
        addresses=[undivided(each.query) for each in found.series],
        rated=[found.rates(each) for each in found.series],
        days=days_of(wish.query, found.spans),
        active=active(wish.query, wish.address),
        hidden=filters(wish.query.changed(first=None, last=None)),
        csv=written(url_for("tools.trends_csv"), wish.parameters()),
        svg=written(url_for("tools.trends_svg"), wish.parameters()),
    )


@tools.get("/trends.csv")
@revalidated
def trends_csv() -> ResponseReturnValue:
    """The figures, one row a month or year; undated articles in the last one."""
    wish = read_wish()
    found = counted(wish)
    columns = [column for each in found.series for column in columns_of(found, each)]
    rows = zip([found.by, *found.spans, "undated"], ["articles", *found.articles, found.undated], *columns, strict=True)
    text = sheets.begun(request.args.get("bom")) + "".join(map(sheets.line, rows))
    return download(Response(text, mimetype="text/csv"), "trends.csv")


def columns_of(found: Trends, each: Series) -> tuple[list[object], list[object]]:
    """Hits and rates of one question below its name; when it has a mistake, that and nothing else."""
    if each.mistake:
        empty: list[object] = [None] * (len(found.spans) + 1)
        return [each.query.q, *empty], [each.mistake.sentence(language()), *empty]
    rated = translate("%(question)s, per 1,000 articles", question=each.query.q)
    return [each.query.q, *each.hits, each.undated], [rated, *found.rates(each), None]


@tools.get("/trends.svg")
@revalidated
def trends_svg() -> ResponseReturnValue:
    """The drawing alone, with its own colours and a key, for a paper or a slide."""
    wish = read_wish()
    found = counted(wish)
    chart = curves.draw(found, wish.per == "1000")
    drawing = render_template("trends_drawing.xml", wish=wish, trends=found, chart=chart, curves=curves)
    return download(Response(drawing, mimetype="image/svg+xml"), "trends.svg")


@tools.get(f"{PREFIX}/trends")
@revalidated
def trends_for_programs() -> ResponseReturnValue:
    wish = read_wish()
    if wish.mistakes:
        return mistaken(wish.mistakes)
    if not wish.questions:
        return refusal("Write at least one question: q=…")
    found = counted(wish)
    return told(
        {
            "by": found.by,
            "spans": list(found.spans),
            "articles": list(found.articles),
            "undated_articles": found.undated,
            "series": [series_answer(found, each) for each in found.series],
        }
    )


def series_answer(found: Trends, each: Series) -> dict[str, Any]:
    return {
        "q": each.query.q,
        "total": each.total,
        "undated": each.undated,
        "undated_left_out": each.left_out,
        "hits": list(each.hits),
        "per_1000": found.rates(each),
        "interpretation": answers.interpretation(each.interpretation) if each.interpretation else None,
        "problem": each.mistake.sentence("en") if each.mistake else None,
    }
