"""How do other archives' tools find our copies?  By Memento (RFC 7089): a TimeMap lists them, a TimeGate picks one."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date
from werkzeug.utils import redirect

from indexer import access
from indexer.article import Kept
from indexer.canonical import canonical
from indexer.errors import KhotinError
from indexer.store import articles
from web import destroyed
from web.api import told
from web.freshness import revalidated
from web.keeper import role_for
from web.pages import pages
from web.shelf import shelf
from web.versions import dated

NUMBER = re.compile(r"[0-9]{1,18}")  # of an article; no address is one
LINK_FORMAT = "application/link-format"
# Mementos of an article: the version that each shows, and when it was captured.
Mementos = list[tuple[int, datetime]]


def asked_for(wanted: str) -> Kept:
    """The article at an address, or of a number; 404 for what we do not hold or may not show."""
    asked = request.query_string.decode(errors="replace")
    address = wanted + (f"?{asked}" if asked and "://" in wanted else "")
    with shelf().store.read() as connection:
        if NUMBER.fullmatch(wanted):
            kept = articles.get(connection, int(wanted))
        else:
            spelled = dict.fromkeys((address, canonical(address), canonical(mended(address))))
            found = (articles.find(connection, each) for each in spelled if each)
            kept = next((each for each in found if each), None)
        if kept and kept.merged_into:
            kept = articles.get(connection, kept.merged_into)
        destroyed.check(connection, kept)
    if kept is None or not access.may_see(kept, role_for(kept)):
        abort(404)
    return kept


def mended(address: str) -> str:
    """Servers in front of us may make one slash of two."""
    scheme, _, rest = address.partition(":/")
    return f"{scheme}://{rest.lstrip('/')}" if scheme in ("http", "https") else f"http://{address}"


def page_address(kept: Kept, number: int) -> str:
    return url_for("pages.archived_page", number=kept.id, version=number, _external=True)


def of(kept: Kept) -> str:
    """By what the article is asked for: its address, else its number, as imports may have none."""
    return kept.article.address or str(kept.id)


@pages.get("/timemap/<any(link, json):form>/<path:wanted>")
@revalidated
def time_map(form: str, wanted: str) -> ResponseReturnValue:
    kept = asked_for(wanted)
    found = dated(kept)
    if not found:
        abort(404)
    if form == "json" or request.accept_mimetypes.best_match([LINK_FORMAT, "application/json"]) == "application/json":
        return told(as_json(kept, found))
    return Response(",\n".join(links(kept, found)) + "\n", mimetype=LINK_FORMAT)


def links(kept: Kept, found: Mementos) -> list[str]:
    gate = url_for("pages.time_gate", wanted=of(kept), _external=True)
    here = url_for("pages.time_map", form="link", wanted=of(kept), _external=True)
    first, last = http_date(found[0][1]), http_date(found[-1][1])
    return [
        f'<{kept.article.address}>; rel="original"',
        f'<{gate}>; rel="timegate"',
        f'<{here}>; rel="self"; type="{LINK_FORMAT}"; from="{first}"; until="{last}"',
        *(
            f'<{page_address(kept, number)}>; rel="{rel(at, len(found))}"; datetime="{http_date(moment)}"'
            for at, (number, moment) in enumerate(found)
        ),
    ]


def rel(at: int, count: int) -> str:
    """What a memento is among all: the first, the last, or both."""
    names = [name for name, place in (("first", 0), ("last", count - 1)) if at == place]
    return " ".join([*names, "memento"])


def as_json(kept: Kept, found: Mementos) -> dict[str, object]:
    told = [{"datetime": at.isoformat(), "uri": page_address(kept, number)} for number, at in found]
    return {
        "original_uri": kept.article.address,
        "timegate_uri": url_for("pages.time_gate", wanted=of(kept), _external=True),
        "timemap_uri": {
            "link_format": url_for("pages.time_map", form="link", wanted=of(kept), _external=True),
            "json_format": url_for("pages.time_map", form="json", wanted=of(kept), _external=True),
        },
        "mementos": {"first": told[0], "last": told[-1], "list": told},
    }


@pages.get("/timegate/<path:wanted>")
def time_gate(wanted: str) -> ResponseReturnValue:
    """The copy nearest to the moment that ``Accept-Datetime`` asks for; without it the last."""
    kept = asked_for(wanted)
    found = dated(kept)
    if not found:
        abort(404)
    asked = accepted()
    number, _ = min(found, key=lambda each: abs(each[1] - asked)) if asked else found[-1]
    answered = redirect(page_address(kept, number), 302)
    answered.headers["Vary"] = "accept-datetime"
    answered.headers["Link"] = ", ".join(each for each in links(kept, found)[:3] if each.isascii())
    return answered


def accepted() -> datetime | None:
    """The moment that the header names.  Raises KhotinError for one that cannot be read."""
    told = request.headers.get("Accept-Datetime", "")
    if not told:
        return None
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, OverflowError, TypeError, IndexError):  # the library lets all of them through
        raise KhotinError(
            "The header Accept-Datetime says “%(value)s”, which is no date. An example: %(example)s.",
            value=told[:60],
            example="Tue, 30 Jan 2024 08:20:00 GMT",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
