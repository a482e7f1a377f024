"""What is on a reader's desk?  The searches that she keeps, with what she wants to be told of them."""

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from indexer.accounts import Account
from indexer.errors import KhotinError
from indexer.news import query_of, question_of
from indexer.query import LONGEST_QUESTION, Query
from indexer.store import collections, mailboxes, searches
from indexer.store.searches import Saved
from web import narrow, offices, signing_up
from web.api import LARGEST
from web.feed import feed
from web.post import can_send
from web.shelf import shelf
from web.visitor import day, language, translate

desk = Blueprint("desk", __name__, url_prefix="/desk")

# Filters can be many, but no address that a browser sends is longer.
LONGEST_KEPT = 8 * LONGEST_QUESTION


def register(app: Flask) -> None:
    """Give the site its desks, and feeds for who has none."""
    from web import desk_account, desk_collections, desk_security  # noqa: F401 - they add their pages to `desk`

    app.register_blueprint(desk)
    app.register_blueprint(feed)
    signing_up.register(app)
    app.jinja_env.globals.update(
        question_of=question_of, kept_in=desk_collections.kept_in, takes_letters=takes_letters, says=says
    )


def me() -> Account:
    account: Account = current_user.account
    return account


def takes_letters() -> bool:
    """Whether this site sends letters at all."""
    return can_send(shelf().settings)


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved search as the desk shows it: what it asks, in words."""

    saved: Saved
    query: Query
    filters: list[str]


def says(query: Query) -> list[str]:
    """The filters of a question in words."""
    return [label for label, _ in narrow.active(query, translate, day, offices.called())]


def shown(saved: Saved) -> Shown:
    query = query_of(saved.question)
    return Shown(saved, query, says(query))


@desk.get("", strict_slashes=False)
def overview() -> ResponseReturnValue:
    with shelf().store.read() as connection:
        mine = [shown(each) for each in searches.every(connection, me().id)]
        held = collections.every(connection, me().id)
        box = mailboxes.get(connection, me().id)
    return render_template("desk/overview.html", searches=mine, collections=held, box=box)


@desk.get("/searches/new")
def search_new() -> ResponseReturnValue:
    """The parameters are those of the page of results."""
    query = query_of(request.query_string.decode(errors="replace"))
    return search_form(query, {"name": query.q[: searches.LONGEST_NAME], "alert": "none"}, "")


def search_form(query: Query, typed: dict[str, str], problem: str, saved: Saved | None = None) -> str:
    with shelf().store.read() as connection:
        box = mailboxes.get(connection, me().id)
    return render_template(
        "desk/search.html", query=query, filters=says(query), typed=typed, problem=problem, saved=saved, box=box
    )


@desk.post("/searches")
def search_add() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("name", "alert")}
    query = query_of(request.form.get("question", "")[:LONGEST_KEPT])
    try:
        if not query.q.strip() and not query.filters:
            raise KhotinError("There is nothing to search for yet. Search first, then save the search.")
        with shelf().store.write() as connection:
            searches.add(connection, me().id, typed["name"], question_of(query), typed["alert"])
    except KhotinError as problem:
        return search_form(query, typed, problem.sentence(language())), 400
    flash(translate("The search was saved."))
    return redirect(url_for("desk.overview"))


@desk.get(f"/searches/<int(max={LARGEST}):number>")
def search(number: int) -> ResponseReturnValue:
    saved = need_search(number)
    return search_form(query_of(saved.question), {"name": saved.name, "alert": saved.alert}, "", saved)


@desk.post(f"/searches/<int(max={LARGEST}):number>")
def search_change(number: int) -> ResponseReturnValue:
    saved = need_search(number)
    typed = {name: request.form.get(name, "").strip() for name in ("name", "alert")}
    try:
        with shelf().store.write() as connection:
            searches.change(connection, saved, typed["name"], typed["alert"])
    except KhotinError as problem:
        return search_form(query_of(saved.question), typed, problem.sentence(language()), saved), 400
    flash(translate("The search was changed."))
    return redirect(url_for("desk.overview"))


@desk.post(f"/searches/<int(max={LARGEST}):number>/remove")
def search_remove(number: int) -> ResponseReturnValue:
    saved = need_search(number)
    with shelf().store.write() as connection:
        searches.remove(connection, saved.id)
    flash(translate("The search “%(name)s” was deleted.", name=saved.name))
    return redirect(url_for("desk.overview"))


def need_search(number: int) -> Saved:
    with shelf().store.read() as connection:
        saved = searches.get(connection, me().id, number)
    return saved or abort(404)
