"""How does a reader take articles away?  Any answer as a file, one article's citation, and what pages embed."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from threading import BoundedSemaphore
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.query import Mistake, Query, none_of, to_parameters
from indexer.store import articles
from indexer.taking import Gathering, gather, gather_numbers
from web import destroyed
from web.answers import problem
from web.api import LARGEST, PREFIX, is_api, mistaken, told
from web.citing import embedded
from web.citing.lines import english, vietnamese
from web.citing.record import Desk, cited
from web.freshness import revalidated
from web.keeper import role_for
from web.shelf import shelf
from web.taking.formats import NAMES, STYLES
from web.taking.item import Item
from web.taking.sending import desk_of, file_name, media_type, pieces
from web.taking.stream import Taking, Written
from web.visitor import asked_in, language, translate

take = Blueprint("take", __name__)

# A download holds one of the four threads of a process for as long as its reader is slow: the others answer readers.
MOST_AT_ONCE = 2
SECONDS_TO_WAIT = 30


@take.get("/export")
@take.get(f"{PREFIX}/export")
def export() -> ResponseReturnValue:
    """All articles that a question counts, as a file that begins to arrive at once."""
    asked, mistakes = asked_in(request.args.to_dict(flat=False))
    name, bom = request.args.get("format", ""), request.args.get("bom", "")
    if name not in NAMES:
        mistakes.append(none_of("format", name, NAMES))
    if bom not in ("", "0", "1"):
        mistakes.append(Mistake("bom", bom, "Write 1 or 0."))
    if mistakes:
        return refused(mistakes)
    return in_a_place(lambda place: sent(asked, name, bom == "1", place))


def in_a_place(send: Callable[[ExitStack], Response]) -> ResponseReturnValue:
    """A download that holds one of the places, or the advice to wait."""
    place = a_place()
    if place is None:
        return busy()
    try:
        return send(place)
    except BaseException:
        place.close()
        raise


def a_place() -> ExitStack | None:
    """One of the few places of this process for downloads, to be closed once or oftener; None when all are taken."""
    places: BoundedSemaphore = current_app.extensions.setdefault("khotin downloads", BoundedSemaphore(MOST_AT_ONCE))
    if not places.acquire(blocking=False):
        return None
    place = ExitStack()
    place.callback(places.release)
    return place


def holding(place: ExitStack, body: Iterator[bytes]) -> Iterator[bytes]:
    with place:
        yield from body


def sent(asked: Query, name: str, bom: bool, place: ExitStack) -> Response:
    here = shelf()
    gathered = gather(asked, here.store, here.columns(), here.glossary, as_asked="sort" in request.args)
    return as_file(gathered, asked, name, bom, place)


def sent_numbers(numbers: Collection[int], name: str, bom: bool = False) -> ResponseReturnValue:
    """Some articles as a file, whatever finds them.  404 for a format that there is not."""
    if name not in NAMES:
        abort(404)

    def send(place: ExitStack) -> Response:
        here = shelf()
        gathered = gather_numbers(numbers, here.store, here.columns(), here.glossary)
        return as_file(gathered, Query(), name, bom, place)

    return in_a_place(send)


def as_file(gathered: Gathering, asked: Query, name: str, bom: bool, place: ExitStack) -> Response:
    here = shelf()
    taking = Taking(gathered, here.store, desk(), here.settings.export_full_text_of_others)
    response = Response(holding(place, pieces(taking, name, Written(), bom)), mimetype=media_type(name))
    response.call_on_close(place.close)  # also when nobody read a piece
    response.headers["X-Total-Count"] = str(gathered.total)
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that gathers the whole first would hold up the first rows
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.set("Content-Disposition", "attachment", filename=file_name(asked, name, taking.desk))
    return response


def refused(mistakes: list[Mistake]) -> ResponseReturnValue:
    """A file that answers another question than was asked would be believed; so nothing is sent."""
    if is_api():
        return mistaken(mistakes)
    first = mistakes[0]
    raise KhotinError(
        "“%(value)s” cannot be read as “%(name)s”. %(hint)s",
        value=first.value,
        name=first.name,
        hint=translate(first.message, **dict(first.values)),
    )


def busy() -> ResponseReturnValue:
    sentence = "Others are downloading just now. Try again in half a minute."
    if is_api():
        answer = told(problem(503, "Service Unavailable", sentence), 503)
    else:
        page = render_template("message.html", status=503, kind="busy", sentence=translate(sentence))
        answer = Response(page, 503)
    answer.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return answer


@take.get(f"/articles/<int(max={LARGEST}):number>/cite.<style>")
@revalidated
def cite(number: int, style: str) -> ResponseReturnValue:
    """How one article is cited, in one style, as a file."""
    with shelf().store.read() as connection:
        kept = articles.get(connection, number)
        destroyed.check(connection, kept)
    if kept and kept.merged_into and style in STYLES:
        return redirect(url_for("take.cite", number=kept.merged_into, style=style), 301)
    if kept is None or style not in STYLES or not access.may_see(kept, role_for(kept)):
        abort(404)
    chosen = STYLES[style]
    text = chosen.head + chosen.entry(Item(kept, cited(kept, desk()))) + chosen.tail
    response = Response(text.encode("utf-8", "replace"), mimetype=chosen.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"khotin-{number}.{chosen.ending}")
    return response


def desk() -> Desk:
    """What citations made in this request have in common."""
    return desk_of(shelf().settings, language(), url_for("pages.home", _external=True))


def citations(kept: Kept) -> dict[str, object]:
    """What the page of an article tells of how it is cited."""
    citation = cited(kept, desk())
    return {
        "cite_vi": vietnamese(citation),
        "cite_en": english(citation),
        "digest": citation.digest,
        "metas": embedded.metas(citation),
        "linked_data": embedded.news_article(citation),
    }


def coins(kept: Kept) -> str:
    """What a hit tells Zotero."""
    return embedded.coins(cited(kept, desk()))


def exported(query: Query, name: str, **more: str) -> str:
    """The address from which the answer to a question can be taken away."""
    parameters = [pair for pair in to_parameters(query) if pair[0] not in ("page", "per_page", "explain", "sort")]
    return (
        url_for("take.export") + "?" + urlencode([*parameters, ("sort", query.sort), ("format", name), *more.items()])
    )
