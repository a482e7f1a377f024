"""Who may open which route?  One table over the whole site; a route that it does not know is open to nobody."""

from collections.abc import Mapping

from flask import Flask, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from indexer.access import Role
from indexer.errors import KhotinError
from web import bearer, sign_in
from web.desk_security import SETTING_UP
from web.person import must_set_up
from web.security_log import note
from web.shelf import shelf
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
    "api.restrict": frozenset(),  # see BY_TOKEN
    "doors": EVERYBODY,
    "feed": EVERYBODY,
    "looking": EVERYBODY,
    "manual": EVERYBODY,
    "offices": EVERYBODY,
    "pages": EVERYBODY,
    "robots": EVERYBODY,
    "take": EVERYBODY,
    "tools": EVERYBODY,
    "ways": EVERYBODY,
    "watching": EVERYBODY,  # /metrics asks for this machine or its token by itself
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

# What only a token opens, and for which of its purposes.
BY_TOKEN: Mapping[str, str] = {"api.restrict": "restrict"}
# What a token is for where it is no condition; all else that programs ask is a search.
SCOPES: Mapping[str, str] = {"take.export": "export", **BY_TOKEN}


def prepare(app: Flask) -> None:
    app.before_request(guard)


def roles_of(endpoint: str) -> Roles:
    """Who may open a route: nobody, when the table does not know it."""
    return RIGHTS.get(endpoint, RIGHTS.get(endpoint.partition(".")[0], frozenset()))


def guard() -> ResponseReturnValue | None:
    """Let on who may; ask others to sign in, or tell them that it is not for them."""
    if request.endpoint is None:  # there is no such page, which is told later
        return None
    if g.shows_token or request.endpoint in BY_TOKEN:
        scope = SCOPES.get(request.endpoint, "search")
        return bearer.turned_away(scope) if g.shows_token else bearer.missing(scope)
    if role() not in roles_of(request.endpoint):
        return turned_away()
    if role() != "reader" and request.endpoint not in SETTING_UP and must_set_up(current_user):
        return redirect(url_for("desk.security"))
    return None


def turned_away() -> ResponseReturnValue:
    if role() == "reader" and "." in (request.endpoint or ""):
        wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("doors.sign_in", next=wanted))
    if role() == "editor" and request.endpoint == "admin.overview":
        return redirect(url_for("restricting.page"))
    if role() != "reader":
        with shelf().store.write() as connection:
            note(connection, "refused", str(current_user.name), request.path)
    return sign_in.refused(403, KhotinError("Your account may not do this. Ask an admin of this site."))
