"""How often is each of many names met?  A pasted list is counted and forgotten: page, CSV, API."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer.errors import KhotinError, NotNowError
from indexer.lists import READINGS, Reading, Row, Table, table, terms_of
from indexer.query import Query
from web import sheets
from web.api import PREFIX, mistaken, told
from web.shelf import shelf
from web.tools import (
    active,
    asked,
    days_of,
    download,
    filters,
    refusal,
    tools,
    typed,
    undivided,
    with_parameters,
)
from web.visitor import language, translate

# The days are fields beside the list; what else narrows stands in the address.
DAYS = ("from", "to")


@tools.get("/lists")
def lists_page() -> ResponseReturnValue:
    return page(None)


@tools.post("/lists")
def count_list() -> ResponseReturnValue:
    """The table, or the same as CSV. Nothing of the list is kept: neither here nor in the browser."""
    query, _ = asked(form=DAYS)
    try:
        found = counted(query, request.form.get("terms", ""), reading_of(request.form.get("read", READINGS[0])))
    except NotNowError:
        raise
    except KhotinError as mistake:
        return page(None, mistake), 400
    if request.form.get("do") != "csv":
        return page(found)
    text = sheets.begun(request.form.get("bom")) + "".join(map(sheets.line, rows(found)))
    return download(Response(text, mimetype="text/csv"), "list.csv")


def page(found: Table | None, mistake: KhotinError | None = None) -> str:
    query, mistakes = asked(form=DAYS)
    return render_template(
        "lists.html",
        found=found,
        mistake=mistake,
        mistakes=mistakes,
        undivided=undivided,
        days=days_of(query, map(str, found.years)) if found else {},
        typed="\n".join(map(typed, request.form.get("terms", "").splitlines())),
        reading=request.form.get("read", READINGS[0]),
        first=query.first,
        last=query.last,
        here=address(query.changed(first=None, last=None)),
        active=active(query.changed(first=None, last=None), address),
    )


def address(query: Query) -> str:
    return with_parameters(url_for("tools.lists_page"), filters(query))


def reading_of(written: object) -> Reading:
    for each in READINGS:
        if each == written:
            return each
    raise KhotinError("Choose how the lines are read: whole or words.")


def counted(query: Query, pasted: str, reading: Reading) -> Table:
    return table(query, terms_of(pasted), reading, shelf().searcher())


def rows(found: Table) -> list[list[object]]:
    """The table as it is taken away; the last row counts each article once."""
    head = [translate("Name or term"), translate("Total"), *found.years, translate("Date unknown"), translate("Note")]
    whole = [translate("Articles with at least one of them"), *figures(found, found.together)]
    return [head, *([each.text, *figures(found, each), note(each)] for each in found.rows), whole]


def figures(found: Table, row: Row) -> list[object]:
    if row.mistake:
        return [None] * (len(found.years) + 2)
    return [row.total, *(row.years.get(year, 0) for year in found.years), row.undated]


def note(row: Row) -> str:
    if row.mistake:
        return row.mistake.sentence(language())
    return translate("Did you mean: %(question)s", question=row.mended.q) if row.mended else ""


@tools.post(f"{PREFIX}/lists")
def count_for_programs() -> ResponseReturnValue:
    """The table for programs: `{"terms": [...], "read": "whole"}`, filters in the address."""
    query, mistakes = asked()
    if mistakes:
        return mistaken(mistakes)
    given = request.get_json()
    terms = given.get("terms") if isinstance(given, dict) else None
    if not isinstance(terms, list) or not all(isinstance(each, str) for each in terms):
        return refusal('Send {"terms": ["…", "…"]}, and "read": "whole" or "words".')
    found = counted(query, "\n".join(terms), reading_of(given.get("read", READINGS[0])))
    return told(
        {
            "years": list(found.years),
            "rows": [row_answer(each) for each in found.rows],
            "together": row_answer(found.together),
        }
    )


def row_answer(row: Row) -> dict[str, Any]:
    return {
        "term": row.text or None,
        "q": row.query.q or None,
        "total": None if row.mistake else row.total,
        "years": {str(year): hits for year, hits in row.years.items()},
        "undated": row.undated,
        "did_you_mean": row.mended.q if row.mended else None,
        "problem": row.mistake.sentence("en") if row.mistake else None,
    }
