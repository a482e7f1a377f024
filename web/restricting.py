"""How is an article taken from the public, and given back?  By its address or number, with a reason."""

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.store import articles
from web.api import LARGEST
from web.shelf import shelf
from web.sign_in import only
from web.visitor import language, translate

restricting = Blueprint("restricting", __name__, url_prefix="/admin/restrict")
restricting.before_request(only("admin", "editor"))


@restricting.get("", strict_slashes=False)
def page() -> ResponseReturnValue:
    return restrict_page({}, "")


def restrict_page(typed: dict[str, str], problem: str) -> str:
    done = request.args.get("done", type=int)
    with shelf().store.read() as connection:
        listed = access.restricted(connection)
    just = next((each for each in listed if each.id == done), None)
    typed = {"which": request.args.get("which", ""), "reason": ""} | typed
    return render_template("admin/restrict.html", restricted=listed, just=just, typed=typed, problem=problem)


@restricting.post("", strict_slashes=False)
def restrict() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("which", "reason")}
    try:
        with shelf().store.write() as connection:
            found = need_article(connection, typed["which"])
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
            access.release(connection, number, str(current_user.name), reason)
    flash(translate("Article %(number)s is public again: %(title)s", number=number, title=found.article.title))
    return redirect(url_for("restricting.page"))


def need_article(connection: Connection, which: str) -> Kept:
    """The article that is public and has this number or address.  Raises KhotinError."""
    if which.isdecimal():
        found = articles.get(connection, int(which)) if int(which) <= LARGEST else None
    else:
        found = by_address(connection, which)
    if found and found.merged_into:
        found = articles.get(connection, found.merged_into)
    if found is None:
        raise KhotinError(
            "There is no article “%(which)s”. Copy its address from the browser, here or at the source, "
            "or write its number.",
            which=which,
        )
    if found.restricted_at:
        raise KhotinError("Article %(number)s is restricted already.", number=found.id)
    return found


def by_address(connection: Connection, address: str) -> Kept | None:
    """The article at an address of the source, or of our own page about it."""
    for each in spellings(address):
        found = articles.find(connection, each)
        if found:
            return found
    ours = urlsplit(address) if address.startswith(request.url_root) else None
    number = ours.path.rpartition("/articles/")[2] if ours else ""
    return articles.get(connection, int(number)) if number.isdecimal() and int(number) <= LARGEST else None


def spellings(address: str) -> Iterator[str]:
    """An address as it may be known here: as typed, without its fragment, with the other scheme or final slash."""
    yield address
    try:
        parts = urlsplit(address)._replace(fragment="")
    except ValueError:
        return
    for scheme in (parts.scheme, {"http": "https", "https": "http"}.get(parts.scheme, "")):
        for path in (parts.path, parts.path.rstrip("/"), parts.path.rstrip("/") + "/"):
            yield urlunsplit(parts._replace(scheme=scheme, path=path))
