"""Who may open which route?  One table over the whole site; a route that it does not know is open to nobody."""

from collections.abc import Mapping

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer.access import Role
from indexer.errors import KhotinError
from web import sign_in
from web.visitor import role

Roles = frozenset[Role]

EVERYBODY: Roles = frozenset(("reader", "researcher", "editor", "admin"))
SIGNED_IN: Roles = EVERYBODY - {"reader"}
STAFF: Roles = frozenset(("editor", "admin"))
ADMINS: Roles = frozenset(("admin",))

# By blueprint, or by endpoint where one route differs from its neighbours. A new route of a known blueprint has that
# one's rule; a new blueprint needs a line here (tests/test_web_rights.py).
RIGHTS: Mapping[str, Roles] = {
    # what readers open
    "static": EVERYBODY,
    "api": EVERYBODY,
    "doors": EVERYBODY,
    "feed": EVERYBODY,
    "looking": EVERYBODY,
    "manual": EVERYBODY,
    "pages": EVERYBODY,
    "robots": EVERYBODY,
    "take": EVERYBODY,
    "tools": EVERYBODY,
    "ways": EVERYBODY,
    # what belongs to a person
    "desk": SIGNED_IN,
    # the administration
    "admin": ADMINS,
    "admin.inbox": STAFF,
    "admin.answer_request": STAFF,
    "cases": STAFF,
    "destroying": ADMINS,
    "people": ADMINS,
    "restricting": STAFF,
    "upkeep": ADMINS,
    "words": STAFF,
}


def prepare(app: Flask) -> None:
    app.before_request(guard)


def roles_of(endpoint: str) -> Roles:
    """Who may open a route: nobody, when the table does not know it."""
    return RIGHTS.get(endpoint, RIGHTS.get(endpoint.partition(".")[0], frozenset()))


def guard() -> ResponseReturnValue | None:
    """Let on who may; ask others to sign in, or tell them that it is not for them."""
    if request.endpoint is None:  # there is no such page, which is told later
        return None
    return None if role() in roles_of(request.endpoint) else turned_away()


def turned_away() -> ResponseReturnValue:
    if role() == "reader" and "." in (request.endpoint or ""):
        wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("doors.sign_in", next=wanted))
    if role() == "editor" and request.endpoint == "admin.overview":
        return redirect(url_for("restricting.page"))
    return sign_in.refused(403, KhotinError("Your account may not do this. Ask an admin of this site."))
