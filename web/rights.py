"""Who may open which route, and whose things with it?  One table of each; a route that they do not know is closed."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Flask, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from indexer.access import Role
from indexer.errors import KhotinError
from indexer.store.belonging import Reach, is_within
from web import bearer, sign_in
from web.answers import problem
from web.api import told
from web.desk_security import SETTING_UP
from web.keeper import bonds_of, reach, reach_of
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
    "departments": ADMINS,
    "admin.inbox": STAFF,
    "admin.answer_request": STAFF,
    "cases": STAFF,
    "destroying": ADMINS,
    "people": ADMINS,
    "restricting": STAFF,
    "upkeep": ADMINS,
    "words": STAFF,
}


class Thing(NamedTuple):
    """What an argument of a route names: the kind of thing, as indexer/store/belonging.py finds its source."""

    kind: str
    argument: str


ARCHIVE = "archive"  # for who looks after the whole archive alone
LISTS = "lists"  # lists or looks up things: its view shows those of the reader's own departments, and no others

SOURCE, PREVIEW, ARTICLE = Thing("source", "number"), Thing("preview", "preview"), Thing("article", "number")
JOB, REQUEST = Thing("job", "number"), Thing("request", "number")

# What somebody who is bound to departments may do with the routes that not everybody opens: a blueprint that is the
# archive's as a whole has one line, any other one for each of its routes (tests/test_web_rights_of_departments.py).
DEPARTMENTS: Mapping[str, Thing | str] = {
    "api.restrict": ARTICLE,
    "admin.overview": LISTS,
    "admin.decisions": LISTS,
    "admin.decisions_file": LISTS,
    "admin.inbox": LISTS,
    # sources and how they are read
    "admin.source_list": LISTS,
    "admin.source_new": LISTS,
    "admin.source": SOURCE,
    "admin.source_change": SOURCE,
    "admin.source_crawl": SOURCE,
    "admin.source_leave": SOURCE,
    "admin.source_remove": SOURCE,
    "admin.source_pause": SOURCE,
    "admin.source_move": SOURCE,
    "admin.source_merging": SOURCE,  # and that which it goes into, see `need_source`
    "admin.source_merge": SOURCE,
    "admin.source_look": SOURCE,
    "admin.source_lines_before": SOURCE,
    "admin.source_reread": SOURCE,
    "admin.source_department": SOURCE,
    "admin.preview": PREVIEW,
    "admin.look_added": PREVIEW,
    "admin.look_again": PREVIEW,
    "admin.look_choice": PREVIEW,
    "admin.look_dropped": PREVIEW,
    "admin.look_kept": PREVIEW,
    "admin.look_looks": PREVIEW,
    "admin.look_parts": PREVIEW,
    "admin.look_support": PREVIEW,
    "admin.look_tried": PREVIEW,
    # when they are crawled, and how that went
    "admin.schedule_list": LISTS,
    "admin.schedule_new": SOURCE,
    "admin.schedule_add": SOURCE,
    "admin.schedule_change": Thing("schedule", "number"),
    "admin.blackout_add": LISTS,
    "admin.blackout_delete": Thing("blackout", "number"),
    "admin.history": LISTS,
    "admin.job": JOB,
    "admin.cancel": JOB,
    "admin.resume": JOB,
    # single articles
    "cases.desk": LISTS,
    "cases.case": ARTICLE,
    "cases.reread": ARTICLE,
    "cases.correct": ARTICLE,
    "cases.withdraw": Thing("correction", "number"),
    "cases.inbox": LISTS,
    "cases.request_page": REQUEST,
    "cases.examine": REQUEST,
    "cases.decide": REQUEST,
    "cases.reply": REQUEST,
    "cases.personal_data": LISTS,
    "cases.decide_personal": Thing("finding", "number"),
    "cases.look_through": ARCHIVE,
    "restricting.page": LISTS,
    "restricting.restrict": LISTS,
    "restricting.release": ARTICLE,
    "destroying.page": LISTS,
    "destroying.carry_out": LISTS,
    # what is the archive's as a whole
    "departments": ARCHIVE,
    "people": ARCHIVE,
    "upkeep": ARCHIVE,
    "words": ARCHIVE,
}

# What only a token opens, and for which of its purposes.
BY_TOKEN: Mapping[str, str] = {"api.restrict": "restrict"}
# What a token is for where it is no condition; all else that programs ask is a search.
SCOPES: Mapping[str, str] = {"take.export": "export", **BY_TOKEN}


def prepare(app: Flask) -> None:
    app.before_request(guard)
    app.jinja_env.globals.update(is_open=is_open)


def roles_of(endpoint: str) -> Roles:
    """Who may open a route: nobody, when the table does not know it."""
    return RIGHTS.get(endpoint, RIGHTS.get(endpoint.partition(".")[0], frozenset()))


def guard() -> ResponseReturnValue | None:
    """Let on who may; ask others to sign in, or tell them that it is not for them."""
    if request.endpoint in (None, "static"):  # there is no such page, which is told later; or nobody need be known
        return None
    if g.shows_token or request.endpoint in BY_TOKEN:
        scope = SCOPES.get(request.endpoint, "search")
        return (bearer.turned_away(scope) or strangers(request.endpoint)) if g.shows_token else bearer.missing(scope)
    if role() not in roles_of(request.endpoint):
        return turned_away()
    if reach() is not None and roles_of(request.endpoint) <= STAFF:
        rule = rule_of(request.endpoint)
        if rule in (None, ARCHIVE):
            return turned_away()
        if isinstance(rule, Thing) and not within(rule, reach(), str(current_user.name)):
            abort(404)  # as if there were no such thing: its number alone tells nothing
    if role() != "reader" and request.endpoint not in SETTING_UP and must_set_up(current_user):
        return redirect(url_for("desk.security"))
    return None


def rule_of(endpoint: str) -> Thing | str | None:
    """What a route is about, for who is bound to departments; None: nobody said so, and it is closed."""
    return DEPARTMENTS.get(endpoint, DEPARTMENTS.get(endpoint.partition(".")[0]))


def is_open(endpoint: str) -> bool:
    """Whether a page of the administration is worth a link: the archive's own are closed to who is bound."""
    return reach() is None or rule_of(endpoint) not in (None, ARCHIVE)


def within(rule: Thing, reach: Reach, who: str) -> bool:
    with shelf().store.read() as connection:
        return is_within(connection, rule.kind, int((request.view_args or {})[rule.argument]), reach, who)


def strangers(endpoint: str) -> ResponseReturnValue | None:
    """What a program is told whose account does not look after the thing."""
    rule = rule_of(endpoint)
    if not isinstance(rule, Thing):
        return None
    with shelf().store.read() as connection:
        reach = reach_of(bonds_of(connection, g.bearer.account))
    return None if within(rule, reach, "") else told(problem(404, "Not Found", "There is no such article."), 404)


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
