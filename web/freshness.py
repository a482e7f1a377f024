"""Is what the browser holds still right?  It asks each time, and is sent a page again only when that changed."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from indexer import clock
from indexer.errors import NotNowError
from indexer.store import articles
from web.shelf import Shelf, shelf
from web.visitor import language, role

View = Callable[..., ResponseReturnValue]


def revalidated(view: View) -> View:
    """A page for everybody, held by the browser and checked by its tag; not held for who is signed in."""

    @wraps(view)
    def answer(*given: Any, **named: Any) -> ResponseReturnValue:
        if role() != "reader":
            return make_response(view(*given, **named))
        tag = page_tag(shelf())
        if request.if_none_match.contains(tag):
            return held(Response(status=304), tag)
        response = make_response(view(*given, **named))
        return held(response, tag) if response.status_code == 200 else response

    return answer


def held(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    return response


def page_tag(from_shelf: Shelf) -> str:
    """Changes with all that a page shows: address, language, index, archive, words, software, the day (for citing)."""
    with from_shelf.store.read() as connection:
        changes = sorted(articles.last_changes(connection).items())
    try:
        generation = from_shelf.columns().generation
    except NotNowError:
        generation = ""
    today, words = clock.local_day(clock.now()), from_shelf.wordbook().number
    told = (request.url, language(), role(), generation, changes, words, software(), from_shelf.store.id, today)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


@cache
def software() -> str:
    """The version of Khotin, where it is installed."""
    try:
        return version("khotin")
    except PackageNotFoundError:
        return ""
