"""What can a reader open?  Home, results, documents, help, about: each route reads its address and fills a template."""

import time
from dataclasses import replace

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import cited
from indexer.errors import KhotinError, NotNowError
from indexer.language import fold
from indexer.query import Query, address
from indexer.search import Results, search
from web import asking, metrics, narrow, offices, timeline
from web.freshness import revalidated
from web.shelf import shelf
from web.visitor import asked_in, day, may_ask_state, translate

pages = Blueprint("pages", __name__)

# Enough to see that the archive is alive, few enough to leave the search box the first thing.
NEWEST = 6
# What buttons of the page of results say in short, or only for another page; the address that is shown does without.
SHORT = {"within", "find"}


@pages.get("/")
@revalidated
def home() -> ResponseReturnValue:
    return browse()


@pages.get("/search")
@revalidated
def results() -> ResponseReturnValue:
    asked, mistakes = asked_in(request.args.to_dict(flat=False))
    if SHORT & set(request.args):
        return redirect(ask(spelled_out(asked)), 303)
    if not asked.q.strip() and not asked.filters and not mistakes:
        return browse()
    here, began = shelf(), time.perf_counter()
    try:
        gathered = replace(asked, collapse=narrow.gathered(asked))
        found = replace(search(gathered, here.store, here.columns(), here.glossary), query=asked)
    except NotNowError:
        raise
    except KhotinError as problem:
        return render_template("refused.html", query=asked, problem=problem), 400
    asking.note(asked, found.total, began)
    metrics.searched(found.total)
    return render_template(
        "results.html",
        query=asked,
        results=found,
        mistakes=mistakes,
        groups=narrow.groups(asked, found.facets, translate, may_ask_state(), offices.called()),
        active=narrow.active(asked, translate, day, offices.called()),
        timeline=timeline.draw(found.timeline),
        unaccented=unaccented(found),
        documents=documents_asked(found),
    )


def spelled_out(asked: Query) -> Query:
    """The query with what a button of the page said in short: `within=2024-03`. What cannot be read changes nothing."""
    try:
        return narrow.within(asked, request.args["within"]) if request.args.get("within") else asked
    except ValueError:
        return asked


def ask(query: Query) -> str:
    """The address of a page of results."""
    asked = address(query)
    return url_for("pages.results") + (f"?{asked}" if asked else "")


def documents_asked(found: Results) -> list[str]:
    """The whole document numbers that the question names: each has a page of its own."""
    patterns = [slot.pattern for unit in found.interpretation.question.units for slot in unit.forms[0].slots]
    bare = ["/".join(pattern.parts) for pattern in patterns if pattern and pattern.full]
    return [cited.written(each) for each in bare if cited.is_document(each)]


@pages.get("/documents/<path:number>")
@revalidated
def document(number: str) -> ResponseReturnValue:
    """The articles that cite a document, grouped by the date and issuer that they state."""
    bare = cited.bare_of(number)
    if not bare or not cited.is_document(bare):
        abort(404)
    here = shelf()
    found = cited.bearers(bare, here.searcher().citing(bare), here.store)
    page = render_template("document.html", number=cited.usual(found, bare), bearers=found, query=Query())
    return page, 200 if found else 404


def browse() -> str:
    """What the archive holds, for who has not asked anything yet."""
    here = shelf()
    found = search(Query(sort="newest", per_page=NEWEST), here.store, here.columns(), here.glossary)
    return render_template("home.html", results=found, query=Query(), timeline=timeline.draw(found.timeline))


def unaccented(found: Results) -> str:
    """The question without accents, where that may find what the accents did not."""
    plain = fold.bare(found.query.q)
    accented = found.interpretation.accents in ("accented", "half")
    return plain if accented and not found.total else ""


@pages.get("/help")
@revalidated
def help_page() -> ResponseReturnValue:
    return render_template("help.html")


@pages.get("/about")
@revalidated
def about() -> ResponseReturnValue:
    return render_template("about.html")
