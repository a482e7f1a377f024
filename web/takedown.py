"""How does a program take an article from the public?  With a token that was made for it, whoever is signed in."""

from flask import Flask, request
from flask import g as during
from flask.typing import ResponseReturnValue

from indexer import access
from indexer.errors import KhotinError
from indexer.store import articles
from web.answers import problem
from web.api import LARGEST, api, told
from web.shelf import shelf

LONGEST_REASON = 500


def register(app: Flask) -> None:
    app.extensions["csrf"].exempt(f"{__name__}.restrict")  # no session opens it, so no other site can use one


@api.post(f"/articles/<int(max={LARGEST}):number>/restrict")
def restrict(number: int) -> ResponseReturnValue:
    """`{"reason": "…"}`; asked twice it is done once."""
    given = request.get_json()
    reason = given.get("reason") if isinstance(given, dict) else None
    if not isinstance(reason, str) or not reason.strip():
        raise KhotinError("Give the reason for restricting this article; it is kept in the log.")
    with shelf().store.write() as connection:
        kept = articles.get(connection, number)
        if kept is None or kept.merged_into:
            return told(problem(404, "Not Found", "There is no such article."), 404)
        if kept.restricted_at is None:
            access.restrict(connection, number, during.bearer.account.name, reason.strip()[:LONGEST_REASON])
    return told({"id": number, "public": False})
