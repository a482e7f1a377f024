"""Which departments does a reader see, and whose page is this?  One alone is the archive's own: no choice is shown."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue

from indexer.query import Query
from indexer.store import departments
from indexer.store.departments import Department
from web import keeper
from web.freshness import revalidated
from web.shelf import shelf
from web.visitor import language

offices = Blueprint("offices", __name__)


def known() -> list[Department]:
    """All departments of the archive, read once for each request."""
    if "departments" not in g:
        with shelf().store.read() as connection:
            g.departments = departments.every(connection)
    found: list[Department] = g.departments
    return found


def several() -> list[Department]:
    """Those among which a reader can choose, by their names; none where there is no choice."""
    return sorted(known(), key=lambda each: each.name(language()).lower()) if len(known()) > 1 else []


def own() -> list[Department]:
    """Those among which who is signed in may choose for a source."""
    with shelf().store.read() as connection:
        return keeper.own(connection)


def of(number: int | None) -> str:
    """What the department of this number is called; a dash for none."""
    return next((each.name(language()) for each in known() if each.id == number), "–")


def called() -> Mapping[str, str]:
    """What each department is called in the language of this request, by what addresses call it."""
    return {each.short: each.name(language()) for each in known()}


def at_head() -> Department | None:
    """Whose name stands at the head of the page: the one that is chosen alone, or the only one there is."""
    chosen = set(request.args.getlist("department"))
    if not chosen and len(known()) == 1:
        return known()[0]
    return next((each for each in known() if {each.short} == chosen), None)


def alone(query: Query, department: str) -> Query:
    """The query, of one department or, without a name, of all."""
    kept = {name: values for name, values in query.facets.items() if name != "department"}
    return query.changed(facets=kept | ({"department": (department,)} if department else {}))


@offices.get("/departments/<short>/logo")
@revalidated
def logo(short: str) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        picture = departments.logo(connection, short)
    if picture is None:
        abort(404)
    return Response(picture, mimetype="image/png")
