"""What may a program ask, and what is it answered?  The API as one table (pure).

A new route under `/api/` is one more entry of `OPERATIONS`; tests/test_web_openapi.py fails for a route without one.
`/openapi.json` and the page about the API are made from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from indexer import days
from indexer.query import FACETS, LONGEST_QUESTION, MOST_PAGES, MOST_PER_PAGE, SORTS, STATES, YEAR, Query
from web.taking.formats import FORMATS, NAMES

Schema = dict[str, Any]
JSON = "application/json"
DEFAULT = Query()


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may stand in an address; ``says`` is a message, translated on the page about the API."""

    name: str
    says: str
    schema: Schema
    place: Literal["query", "path"] = "query"
    example: object = None
    needed: bool = False  # what stands in a path always is


@dataclass(frozen=True, slots=True)
class Operation:
    """One question that a program may ask. ``answers``: by media type the name of a shape (web/shapes.py), or "" for
    what is no JSON. ``problems``: how it may fail."""

    path: str
    name: str
    says: str
    parameters: tuple[Parameter, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[int, ...] = (400, 503)
    example: str = ""  # an address to try
    method: Literal["get", "post"] = "get"
    body: str = ""  # the shape of what is posted
    scope: str = "search"  # what a token must be made for, where one is shown
    needs_token: bool = False


def whole(least: int, most: int | None = None, default: int | None = None) -> Schema:
    bounds = {"minimum": least, "maximum": most, "default": default}
    return {"type": "integer"} | {name: value for name, value in bounds.items() if value is not None}


def one_of(*values: str, default: str | None = None) -> Schema:
    return {"type": "string", "enum": list(values)} | ({"default": default} if default else {})


def like(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


SWITCH = one_of("0", "1")
DAY = like(days.ONE.pattern)
ANY_VALUE = {"type": "string"}
NARROWED: dict[str, Schema] = {
    "year": like(f"-?{YEAR.pattern}"),
    "state": one_of(*STATES, *(f"-{state}" for state in STATES)),
}

QUESTION = Parameter(
    "q",
    "The question, as it is typed into the search box. The first 1,000 characters count.",
    {"type": "string"},
    example="nhà ở xã hội",
)
assert f"{LONGEST_QUESTION:,}" in QUESTION.says
SPAN = (
    Parameter(
        "from",
        "The first day, month or year, as 2024-03-15, 2024-03 or 2024. Articles without a date are left out.",
        DAY,
        example="2023-01",
    ),
    Parameter("to", "The last day, month or year, written in the same way.", DAY, example="2024-06-30"),
)
MEANING = (
    Parameter("undated", "1: only articles without a date; 0: only dated ones.", SWITCH),
    Parameter("exact", "1: only exactly what was typed.", SWITCH),
    Parameter("like", "Only the group of this article: issues of its series, copies of its text.", whole(1)),
    Parameter(
        "without",
        "What the question was widened by and is not to be: the id of a chip of the answer. May be repeated.",
        {"type": "array", "items": {"type": "string"}},
    ),
)
NARROWS = "Only articles with this value; with a leading - only others. May be repeated: one of the values is enough."
SAID = {
    "department": "Only articles of this department's sources, by its short name; with a leading - only others. May be "
    "repeated: one of the departments is enough.",
}
NARROWING = tuple(
    Parameter(
        name,
        SAID.get(name, NARROWS),
        {"type": "array", "items": NARROWED.get(name, ANY_VALUE)},
    )
    for name in FACETS
)
# What decides which articles are found: for every operation that works on the hits of a question.
ASKED = (QUESTION, *SPAN, *MEANING, *NARROWING)
PAGED = (
    Parameter("page", "Which page of the answer.", whole(1, MOST_PAGES, DEFAULT.page)),
    Parameter("per_page", "How many articles a page holds.", whole(1, MOST_PER_PAGE, DEFAULT.per_page)),
    Parameter("sort", "In which order.", one_of(*SORTS, default=DEFAULT.sort)),
    Parameter("collapse", "1: issues of a series and copies of a text stand under the best of them.", SWITCH),
    Parameter("explain", "1: also what each part of the question adds to each score.", SWITCH),
    Parameter(
        "cursor",
        "To take all hits, page after page in the order of their numbers: * first, then what the answer gives.",
        {"type": "string"},
    ),
)
PAGE, PER_PAGE, SORT = PAGED[:3]
BOM = Parameter("bom", "1: a CSV begins so that Excel reads its letters right.", SWITCH)
LANGUAGE = Parameter("lang", "The language of sentences for people.", one_of("vi", "en"))
NUMBER = Parameter("number", "The number of an article in this archive.", whole(1), "path", example=1)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "/api/v1/search",
        "search",
        "Search the archive: hits with passages, facets, timeline, and what was understood.",
        (*ASKED, *PAGED),
        {JSON: "Answer"},
        (400, 410, 503),
        example="/api/v1/search?q=nhà ở xã hội&year=2024",
    ),
    Operation(
        "/api/v1/articles/{number}",
        "article",
        "One article with its whole text.",
        (NUMBER,),
        {JSON: "Article"},
        (404, 410),
    ),
    Operation(
        "/api/v1/suggest",
        "suggest",
        "What may follow what was typed so far.",
        (
            replace(QUESTION, example="nhà ở"),
            Parameter("format", "As browsers ask for it.", one_of("opensearch")),
        ),
        {JSON: "Suggestions", "application/x-suggestions+json": "BrowserSuggestions"},
        example="/api/v1/suggest?q=nhà ở",
    ),
    Operation(
        "/api/v1/articles/{number}/versions",
        "versions",
        "All versions of an article, oldest first, each with what changed.",
        (NUMBER,),
        {JSON: "Versions"},
        (404, 410),
    ),
    Operation(
        "/api/v1/trends",
        "trends",
        "How often up to six questions were written about, by month or year, beside all articles.",
        (
            Parameter("q", "A question; up to six.", {"type": "array", "items": {"type": "string"}, "maxItems": 6}),
            Parameter("by", "What is counted together.", one_of("month", "year", default="month")),
            Parameter("per", "As the page of trends has it; the answer holds both.", one_of("count", "1000")),
            *SPAN,
            *MEANING,
            *NARROWING,
        ),
        {JSON: "Trends"},
        example="/api/v1/trends?q=nhà ở xã hội&q=cát&by=year",
    ),
    Operation(
        "/api/v1/concordance",
        "concordance",
        "Every place where what was asked stands, between the words around it.",
        (*ASKED, PAGE, PER_PAGE, replace(SORT, schema=one_of("left", "right", "date", default="left"))),
        {JSON: "Concordance"},
        example="/api/v1/concordance?q=nhà ở xã hội&sort=right",
    ),
    Operation(
        "/api/v1/lists",
        "lists",
        "How many articles answer each of up to 500 names or terms, by year. The list is not kept.",
        (*SPAN, *MEANING, *NARROWING),
        {JSON: "ListAnswer"},
        (400, 415, 503),
        method="post",
        body="List",
    ),
    Operation(
        "/api/v1/export",
        "export",
        "All articles that a question counts, as a file that arrives while it is written.",
        (*ASKED, Parameter("format", "How they are written.", one_of(*NAMES), needed=True), BOM, SORT),
        {**{each.media_type: "" for each in FORMATS.values()}, "application/zip": ""},
        example="/api/v1/export?q=nhà ở xã hội&format=csl",
        scope="export",
    ),
    Operation(
        "/api/v1/articles/{number}/restrict",
        "restrict",
        "Take an article from the public, with the reason that the log keeps.",
        (NUMBER,),
        {JSON: "Restricted"},
        (400, 404, 415),
        method="post",
        body="Reason",
        scope="restrict",
        needs_token=True,
    ),
)
