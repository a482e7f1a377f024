"""What did people do?  The decisions, by person, action and day, also as a file; and the security log."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from indexer import audit
from indexer.access import Decision
from indexer.audit import Wish
from indexer.days import YEARS, first_day, last_day
from indexer.errors import KhotinError
from indexer.store import events
from web.admin import admin
from web.api import LARGEST
from web.keeper import reach
from web.people import people
from web.sheets import BOM, line
from web.shelf import shelf
from web.tools import download
from web.visitor import language

SHOWN = 100
LONGEST_ABOUT = 200
COLUMNS = ("id", "at", "who", "action", "subject", "reason", "before", "after")


def read_wish(typed: Mapping[str, str]) -> Wish:
    """Raises KhotinError for a day that is none."""
    texts = {name: typed.get(name, "").strip()[:LONGEST_ABOUT] for name in ("who", "action", "about")}
    try:
        since, until = typed.get("from", "").strip(), typed.get("to", "").strip()
        first, last = first_day(since) if since else None, last_day(until) if until else None
        if any(each.year not in YEARS for each in (first, last) if each):
            raise ValueError(first, last)
        return Wish(**texts, since=first, until=last, reach=reach())
    except (ValueError, OverflowError):
        raise KhotinError("Write days as 2026-01-31, months as 2026-01, years as 2026.") from None


def before() -> int | None:
    """The row before which the page begins."""
    told = request.args.get("before", type=int)
    if told is not None and not 0 < told <= LARGEST:
        abort(404)
    return told


@admin.get("/decisions")
def decisions() -> ResponseReturnValue:
    wish, problem = Wish(), ""
    try:
        wish = read_wish(request.args)
    except KhotinError as mistake:
        problem = mistake.sentence(language())
    with shelf().store.read() as connection:
        rows = [] if problem else audit.found(connection, wish, SHOWN + 1, before())
        who, actions = audit.known(connection, reach())
    page = render_template(
        "admin/decisions.html", decisions=rows[:SHOWN], people=who, actions=actions, problem=problem,
        typed=request.args, **around(rows),
    )  # fmt: skip
    return page, 400 if problem else 200


def around(rows: list[Any]) -> dict[str, Any]:
    """Where one goes on, and the filters as they are; for a page of rows that is one row longer than it shows."""
    asked = {name: value for name, value in request.args.items() if name in ("who", "action", "about", "from", "to",
                                                                            "kind") and value}  # fmt: skip
    older = rows[SHOWN - 1].id if len(rows) > SHOWN else None
    return {"older": older, "asked": asked, "first": "before" not in request.args}


@admin.get("/decisions.<any(csv, jsonl):form>")
def decisions_file(form: str) -> ResponseReturnValue:
    """All that pass the filters, as a file that arrives while it is written."""
    found = audit.every(shelf().store, read_wish(request.args))
    made = as_csv(found) if form == "csv" else as_lines(found)
    media_type = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    answer = Response((each.encode("utf-8", "replace") for each in made), content_type=media_type)
    return download(answer, f"khotin-decisions.{form}")


def as_row(decision: Decision) -> dict[str, Any]:
    return {name: getattr(decision, name) for name in COLUMNS} | {"at": decision.at.isoformat()}


def as_csv(found: Iterator[Decision]) -> Iterator[str]:
    """Every cell is text to a spreadsheet, whatever was typed as a reason."""
    yield BOM + line(COLUMNS)
    for each in found:
        told = as_row(each).values()
        yield line(json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in told)


def as_lines(found: Iterator[Decision]) -> Iterator[str]:
    yield from (json.dumps(as_row(each), ensure_ascii=False) + "\n" for each in found)


@people.get("/security")
def security() -> ResponseReturnValue:
    who, kind = (request.args.get(name, "").strip()[:LONGEST_ABOUT] for name in ("who", "kind"))
    with shelf().store.read() as connection:
        rows = events.latest(connection, SHOWN + 1, before(), who, kind)
    return render_template(
        "admin/security.html", events=rows[:SHOWN], kinds=events.KINDS, who=who, kind=kind, **around(rows)
    )
