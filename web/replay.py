"""How is a page shown as it was archived?  From its record: without scripts, with the pictures and files we hold."""

from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.http import http_date
from werkzeug.utils import redirect

from indexer import access
from indexer.article import Attachment, Kept
from indexer.canonical import canonical
from indexer.decode import decode, sniff
from indexer.errors import KhotinError
from indexer.store import articles, captures, screening, warc
from indexer.store.captures import Capture
from web import destroyed
from web.api import LARGEST
from web.freshness import View, revalidated
from web.harmless import base_of, harmless, parsed, picture_address, pictures
from web.keeper import role_for
from web.pages import pages
from web.shelf import shelf
from web.visitor import language

ARTICLE = f"/articles/<int(max={LARGEST}):number>"
VERSION = f"{ARTICLE}/versions/<int(max={LARGEST}):version>"
PAGE_POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
# A browser's own reader of PDF does not open in a sandbox; it runs no script of the page.
FILE_POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'"
# What bytes begin with -> what a browser may show of them itself, and the ending of such files.
SHOWN = {
    b"%PDF-": ("application/pdf", "pdf"), b"\xff\xd8\xff": ("image/jpeg", "jpg"), b"\x89PNG": ("image/png", "png"),
    b"GIF8": ("image/gif", "gif"), b"RIFF": ("image/webp", "webp"),
}  # fmt: skip
PICTURES = frozenset(media_type for media_type, _ in SHOWN.values() if media_type.startswith("image/"))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What else is known by its bytes; all others are bytes and nothing more.
SAVED = {"docx": (WORD, "docx"), "xlsx": (SHEET, "xlsx"), "zip": ("application/zip", "zip")}
LONGEST_NAME = 120


class Archived(NamedTuple):
    """A page of an article: when it was captured, and the capture that holds its bytes."""

    seen: Capture
    held: Capture


def need_article(connection: Connection, number: int) -> Kept:
    """An article that this reader may see; every page about one asks here."""
    kept = articles.get(connection, number)
    destroyed.check(connection, kept)
    if kept is None or (kept.merged_into is None and not access.may_see(kept, role_for(kept))):
        abort(404)
    return kept


def of_article(view: View) -> View:
    """A page about an article: 404 for who may not see it; a merged one's is that of the article that it went into,
    for ``number`` only, as versions are numbered article by article."""

    @wraps(view)
    def answer(*given: Any, **named: Any) -> ResponseReturnValue:
        with shelf().store.read() as connection:
            kept = need_article(connection, named.pop("number"))
            if kept.merged_into and "version" in named:
                abort(404)
            if kept.merged_into:
                assert request.endpoint
                asked = request.query_string.decode(errors="replace")
                target = url_for(request.endpoint, number=kept.merged_into)
                return redirect(target + (f"?{asked}" if asked else ""), 301)
        return view(kept, *given, **named)

    return answer


@pages.get(f"{ARTICLE}/archived")
@revalidated
@of_article
def latest_page(kept: Kept) -> ResponseReturnValue:
    return shown(kept, kept.versions, last=True)


@pages.get(f"{VERSION}/archived")
@revalidated
@of_article
def archived_page(kept: Kept, version: int) -> ResponseReturnValue:
    return shown(kept, version)


def page_at(connection: Connection, kept: Kept, version: int, last: bool = False) -> Archived | None:
    """The page of a version; with ``last`` as it was seen last, though nothing of its text had changed."""
    if not 0 < version <= kept.versions:
        return None
    seen = captures.page_of(connection, kept.id, version, kept.last_seen if last else None)
    held = captures.origin(connection, seen) if seen else None
    return Archived(seen, held) if seen and held else None


def shown(kept: Kept, version: int, last: bool = False) -> ResponseReturnValue:
    here = shelf()
    with here.store.read() as connection:
        page = page_at(connection, kept, version, last)
        if page is None:
            abort(404)
        text = text_of(page.held)
        tree = parsed(text)
        base = base_of(tree, page.held.address)
        wanted = [canonical(picture_address(each, base)) for each in pictures(tree)]
        known = captures.beside(connection, page.held, set(wanted) - {""})

    def ours(number: int, _: str) -> str:
        if wanted[number] not in known:
            return ""
        return url_for("pages.archived_picture", number=kept.id, version=version, picture=number + 1)

    head = render_template("_archived.html", kept=kept, page=page.seen)
    answered = Response(harmless(text, page.held.address, head, language(), ours), mimetype="text/html")
    answered.headers |= {"Content-Security-Policy": PAGE_POLICY, **as_memento(kept, page.seen)}
    return answered


def text_of(held: Capture) -> str:
    """The page as text; 404 for what is none."""
    here = shelf()
    captured = captures.read(here.store, held)
    try:
        body = warc.unpacked(captured, here.settings.max_page_bytes)
    except KhotinError:
        abort(404)
    told = captured.named.get("content-type", "")
    if sniff(body, told) != "html":
        abort(404)
    return decode(body, told)


def as_memento(kept: Kept, capture: Capture) -> dict[str, str]:
    """What RFC 7089 asks of an archived page, and that no search engine is to keep it."""
    links = {
        "original": kept.article.address,
        "timegate": url_for("pages.time_gate", wanted=kept.article.address, _external=True),
        "timemap": url_for("pages.time_map", form="link", wanted=kept.article.address, _external=True),
    }
    told = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items() if address.isascii())
    return {"Memento-Datetime": http_date(capture.fetched_at), "Link": told, "X-Robots-Tag": "noindex"}


@pages.get(f"{VERSION}/pictures/<int(max={LARGEST}):picture>")
@revalidated
@of_article
def archived_picture(kept: Kept, version: int, picture: int) -> ResponseReturnValue:
    """A picture by its place on the page, so that no page shows what is not its own."""
    here = shelf()
    with here.store.read() as connection:
        page = page_at(connection, kept, version) or abort(404)
        tree = parsed(text_of(page.held))
        found = pictures(tree)
        if not 0 < picture <= len(found):
            abort(404)
        address = canonical(picture_address(found[picture - 1], base_of(tree, page.held.address)))
        held = captures.beside(connection, page.held, {address}).get(address) or abort(404)
    body = bytes_of(held)
    media_type, _ = typed(body)
    if media_type not in PICTURES:
        abort(404)
    return as_file(body, "")


@pages.get(f"{VERSION}/files/<int(max={LARGEST}):file>")
@revalidated
@of_article
def archived_file(kept: Kept, version: int, file: int) -> ResponseReturnValue:
    """A file of a version, by its place among them: PDF and pictures are shown, all others saved."""
    here = shelf()
    with here.store.read() as connection:
        told = (each for each in articles.history(connection, kept.id) if each.number == version)
        attached = next((each.attachments for each in told), ())
        if not 0 < file <= len(attached):
            abort(404)
        held = held_file(connection, kept, attached[file - 1]) or abort(404)
    return as_file(bytes_of(held), attached[file - 1].name)


def held_file(connection: Connection, kept: Kept, file: Attachment) -> Capture | None:
    """The capture that holds the very bytes which a version names; none of a file that is withheld."""
    if not file.digest or file.problem == screening.WITHHELD:
        return None
    return captures.holding(connection, articles.source_of(connection, kept.id), file.address, file.digest)


def bytes_of(held: Capture) -> bytes:
    here = shelf()
    try:
        return warc.unpacked(captures.read(here.store, held), here.settings.max_page_bytes)
    except KhotinError:
        abort(404)


def typed(body: bytes) -> tuple[str, str]:
    """What a file is by its bytes, whatever its server called it, and how its name ends."""
    for start, told in SHOWN.items():
        if body.startswith(start) and (start != b"RIFF" or body[8:12] == b"WEBP"):
            return told
    return SAVED.get(sniff(body), ("application/octet-stream", "bin"))


def as_file(body: bytes, name: str) -> Response:
    media_type, ending = typed(body)
    stem = " ".join("".join(each if each.isalnum() or each in " .-_()" else " " for each in name).split())
    stem = stem.removesuffix(f".{ending}")[:LONGEST_NAME].strip(" .") or "tep"
    inline = media_type in {kind for kind, _ in SHOWN.values()}
    answered = Response(body, mimetype=media_type)
    shown_as = "inline" if inline else "attachment"
    answered.headers["Content-Disposition"] = f"{shown_as}; filename*=UTF-8''{quote(f'{stem}.{ending}', safe='')}"
    answered.headers["Content-Security-Policy"] = FILE_POLICY if media_type == "application/pdf" else PAGE_POLICY
    answered.headers["X-Robots-Tag"] = "noindex"
    return answered
