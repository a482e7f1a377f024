"""How is an article taken from the public, and given back?  By its address or number, with a reason."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.store import articles
from indexer.store.belonging import stands_elsewhere
from web.api import LARGEST
from web.keeper import is_mine, reach
from web.pasted import NO_ARTICLE, need_article
from web.shelf import shelf
from web.visitor import language, translate

restricting = Blueprint("restricting", __name__, url_prefix="/admin/restrict")


@restricting.get("", strict_slashes=False)
def page() -> ResponseReturnValue:
    return restrict_page({}, "")


def restrict_page(typed: dict[str, str], problem: str) -> str:
    done = request.args.get("done", type=int)
    with shelf().store.read() as connection:
        listed = [each for each in access.restricted(connection) if is_mine(each)]
    just = next((each for each in listed if each.id == done), None)
    typed = {"which": request.args.get("which", ""), "reason": ""} | typed
    return render_template("admin/restrict.html", restricted=listed, just=just, typed=typed, problem=problem)


@restricting.post("", strict_slashes=False)
def restrict() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("which", "reason")}
    try:
        with shelf().store.write() as connection:
            found = need_public(connection, typed["which"])
            access.restrict(connection, found.id, str(current_user.name), typed["reason"])
    except KhotinError as problem:
        return restrict_page(typed, problem.sentence(language())), 400
    return redirect(url_for("restricting.page", done=found.id))


@restricting.post(f"/<int(max={LARGEST}):number>/release")
def release(number: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    if not reason:
        return restrict_page(
            {}, translate("Give the reason for showing the article again; it is kept in the log.")
        ), 400
    with shelf().store.write() as connection:
        found = articles.get(connection, number)
        if found is None:
            abort(404)
        if found.restricted_at:
            alone_ours(connection, number)
            access.release(connection, number, str(current_user.name), reason)
    flash(translate("Article %(number)s is public again: %(title)s", number=number, title=found.article.title))
    return redirect(url_for("restricting.page"))


def need_public(connection: Connection, which: str) -> Kept:
    """The article that is public and has this number or address.  Raises KhotinError."""
    found = need_mine(connection, which)
    if found.destroyed_at:
        raise KhotinError("Article %(number)s is destroyed by decision already.", number=found.id)
    if found.restricted_at:
        raise KhotinError("Article %(number)s is restricted already.", number=found.id)
    return found


def need_mine(connection: Connection, which: str) -> Kept:
    """The article that somebody names, of the departments that he looks after.  Raises KhotinError."""
    found = need_article(connection, which, our_hosts(), is_mine)
    if not is_mine(found):
        raise KhotinError(NO_ARTICLE, which=which)
    return found


def alone_ours(connection: Connection, article_id: int) -> None:
    """A decision about a text counts wherever it stands.  Raises KhotinError when that is beyond one's departments."""
    if stands_elsewhere(connection, article_id, reach()):
        raise KhotinError(
            "The same text stands in articles of other departments too. Ask an admin of the whole archive to decide."
        )


def our_hosts() -> set[str]:
    """The names under which this site is known."""
    return {request.host.lower(), urlsplit(shelf().settings.site_address).netloc.lower()} - {""}
