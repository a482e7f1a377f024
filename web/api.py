"""How does a program ask?  The same search as JSON; mistakes are told as RFC 9457 has it."""

import json
import time
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access
from indexer.article import Kept
from indexer.harvest import OtherQuestionError, harvest
from indexer.query import LONGEST_QUESTION, Mistake, Query
from indexer.search import Results, search
from indexer.store import articles
from indexer.suggest import complete
from web import asking, destroyed, metrics
from web.answers import answer, article_answer, problem
from web.freshness import View, revalidated
from web.keeper import role_for
from web.shelf import shelf
from web.visitor import asked_in, may_ask_state

PREFIX = "/api/v1"
# The largest number SQLite can hold; a larger one names no article.
LARGEST = 2**63 - 1
# The form in which a browser's address bar wants its suggestions.
BROWSERS = "opensearch"
NO_PAGES = "Leave it out: with a cursor, articles come in the order of their numbers."

api = Blueprint("api", __name__, url_prefix=PREFIX)


@api.get("/search")
@revalidated
def find() -> ResponseReturnValue:
    asked, mistakes = asked_in(request.args.to_dict(flat=False))
    written = request.args.get("cursor")
    if written is not None:
        mistakes += [Mistake(name, request.args[name], NO_PAGES) for name in ("page", "sort") if name in request.args]
    if mistakes:
        return mistaken(mistakes)
    began = time.perf_counter()
    here = shelf()
    if written is not None:
        return harvested(asked, written, began)
    results = search(asked, here.store, here.columns(), here.glossary)
    asking.note(asked, results.total, began)
    metrics.searched(results.total)
    return told(answered(results, began))


def harvested(asked: Query, written: str, began: float) -> ResponseReturnValue:
    """A page of all hits, in the order of their numbers."""
    here = shelf()
    try:
        page = harvest(asked, written, here.store, here.columns(), here.glossary)
    except OtherQuestionError as refused:
        return told(problem(410, "Gone", refused.sentence("en")), 410)
    last = {} if page.changed is None else {"changed_meanwhile": page.changed}
    return told(answered(page.results, began) | {"cursor": page.cursor} | last)


def answered(results: Results, began: float) -> dict[str, Any]:
    found = answer(results, milliseconds(began))
    if not may_ask_state():
        found["facets"].pop("state", None)
    return found


def milliseconds(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


@api.get("/suggest")
@revalidated
def suggest() -> ResponseReturnValue:
    """What may follow what was typed so far."""
    form = request.args.get("format", "")
    if form not in ("", BROWSERS):
        return mistaken([Mistake("format", form, "Write %(known)s, or leave it out.", (("known", BROWSERS),))])
    typed = request.args.get("q", "")[:LONGEST_QUESTION]
    found = complete(typed, shelf().searcher())
    if form == BROWSERS:
        return Response(json.dumps([typed, [each.text for each in found]]), mimetype="application/x-suggestions+json")
    return told({"query": typed, "suggestions": [{"text": each.text, "kind": each.kind} for each in found]})


def of_article_as_data(view: View) -> View:
    """What programs are told of an article: 404 where it may not be seen; a merged one leads to where it went."""

    @wraps(view)
    def answered(number: int) -> ResponseReturnValue:
        with shelf().store.read() as connection:
            kept = articles.get(connection, number)
            destroyed.check(connection, kept)
        if kept and kept.merged_into:
            assert request.endpoint
            return redirect(url_for(request.endpoint, number=kept.merged_into), 301)
        if kept is None or not access.may_see(kept, role_for(kept)):
            return told(problem(404, "Not Found", "There is no such article."), 404)
        return view(kept)

    return answered


@api.get(f"/articles/<int(max={LARGEST}):number>")
@revalidated
@of_article_as_data
def article(kept: Kept) -> ResponseReturnValue:
    return told(article_answer(kept))


def mistaken(mistakes: list[Mistake]) -> Response:
    detail = "Some parameters could not be read; `errors` says which."
    return told(problem(400, "Bad Request", detail, mistakes), 400)


def told(value: object, status: int = 200) -> Response:
    media_type = "application/json" if status < 400 else "application/problem+json"
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype=media_type)


def is_api() -> bool:
    """Whether a program is asking, so that errors are told as JSON as well."""
    return request.path.startswith("/api/")
