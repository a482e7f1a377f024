"""Which tools stand beside the search?  Trends, concordance, lists: what their pages read and offer alike."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, request, url_for
from flask.typing import ResponseReturnValue

from indexer.counting import narrowed
from indexer.days import first_day, last_day
from indexer.language.clean import clean
from indexer.query import Mistake, Query, none_of, to_parameters
from web import narrow, offices
from web.answers import problem
from web.api import told
from web.visitor import asked_in, day, translate

tools = Blueprint("tools", __name__)

Choice = TypeVar("Choice", bound=str)
Pairs = list[tuple[str, str]]
NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))
# What says where in an answer one is, and not what it holds.
OF_A_PAGE = ("q", "page", "per_page", "sort", "explain", "collapse")


def register(app: Flask) -> None:
    """Give the site its tools; after the administration, which guards what is posted."""
    from web import concordance, lists, trends  # noqa: F401 - they add their pages to `tools`

    app.register_blueprint(tools)
    # A list that a program posts changes nothing and answers everybody alike, whoever is signed in: there is nothing to
    # forge. A page of another site could not even send it, as it must be JSON, nor read the answer.
    app.extensions["csrf"].exempt(lists.count_for_programs)


def asked(own: Collection[str] = (), form: Collection[str] = ()) -> tuple[Query, list[Mistake]]:
    """What the address asks for, as a search reads it; parameters that are a tool's ``own`` are left to it, some are
    fields of a posted ``form``."""
    given = request.args.to_dict(flat=False)
    given |= {name: request.form.getlist(name) for name in form if name in request.form}
    return asked_in({name: values for name, values in given.items() if name not in own})


def typed(question: str) -> str:
    """A question as it is shown and drawn: what turns other text round or is no character of XML is left out."""
    return " ".join(clean(question).translate(NO_CHARACTERS).split())


def one_of(name: str, known: Sequence[Choice], mistakes: list[Mistake]) -> Choice:
    """A parameter with few values: the one that is named, else the first."""
    written = request.args.get(name, "")
    for each in known:
        if each == written:
            return each
    if written:
        mistakes.append(none_of(name, written, known))
    return known[0]


def filters(query: Query) -> Pairs:
    """The parameters that narrow an answer, whatever is asked and whichever page is shown."""
    return [(name, value) for name, value in to_parameters(query) if name not in OF_A_PAGE]


def active(query: Query, address: Callable[[Query], str]) -> Pairs:
    """What narrows the answer now: its name, and the address without it."""
    found = narrow.active(query, translate, day, offices.called())
    found += [(f"− {chip.partition(':')[2] or chip}", narrow.put_back(query, chip)) for chip in query.without]
    found += [(translate("Only exactly what was typed"), query.changed(exact=False))] if query.exact else []
    return [(label, address(without)) for label, without in found]


def with_parameters(path: str, pairs: Pairs) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def days_of(query: Query, spans: Iterable[str]) -> dict[str, str]:
    """For months or years the parameters that ask for one alone, to be put behind `undivided`. A page has thousands of
    such addresses: they are short, and each part is made once."""
    return {span: urlencode(days(narrowed(query, span), span)) for span in spans}


def days(query: Query, span: str) -> Pairs:
    """The first and the last day; a whole month or year by its name."""
    first, last = query.first or first_day(span), query.last or last_day(span)
    named = [first_day(span), last_day(span)] == [first, last]
    return [("from", span if named else str(first)), ("to", span if named else str(last))]


def undivided(query: Query) -> str:
    """The address of a search up to its days."""
    pairs = to_parameters(query.changed(first=None, last=None, undated=None))
    return f"{url_for('pages.results')}?{urlencode(pairs)}&"


def refusal(detail: str) -> ResponseReturnValue:
    """What a program is told when its question cannot be answered."""
    return told(problem(400, "Bad Request", detail), 400)


def download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
