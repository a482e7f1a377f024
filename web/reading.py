"""What does a reader see of one article?  Its text with marks, what it cites, what is near it, what is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Connection

from indexer import cited, clock, guidance
from indexer.article import Correction, Kept
from indexer.errors import KhotinError
from indexer.language import numbers
from indexer.passages import Span, marks
from indexer.query import Query
from indexer.recognised import recognised
from indexer.related import related
from indexer.searcher import Searcher
from indexer.store import articles, captures
from indexer.zones import zone_texts
from web.freshness import revalidated
from web.marks import Hits, lines, shifted
from web.pages import pages
from web.replay import ARTICLE, held_file, of_article
from web.shelf import Shelf, shelf
from web.take import citations
from web.visitor import asked_in, day, translate

MOST_DOCUMENTS, MOST_CITING = 12, 5
# A release of a province stands at some dozens of departments and all communes.
MOST_COPIES = 500


@pages.get(ARTICLE)
@revalidated
@of_article
def article(kept: Kept) -> ResponseReturnValue:
    here = shelf()
    asked, _ = asked_in(request.args.to_dict(flat=False))
    with here.store.read() as connection:
        known = details(connection, kept)
    searcher = searcher_now(here)
    return render_template(
        "article.html",
        kept=kept,
        query=asked,
        shown=reading(kept, asked, searcher),
        known=known,
        around=around(kept, searcher),
        terms=recognised(kept.article, here.glossary),
        old_guidance=guidance.may_have_changed(kept.article, clock.local_day(clock.now())),
        **citations(kept),
    )


def searcher_now(here: Shelf) -> Searcher | None:
    """None while there is no index, or it cannot be asked: an article can be read without it."""
    try:
        return here.searcher()
    except KhotinError:
        return None


@dataclass(frozen=True, slots=True)
class Details:
    """What the store knows beside the article itself."""

    addresses: list[str]
    page: captures.Capture | None
    files: list[captures.Capture | None]


def details(connection: Connection, kept: Kept) -> Details:
    page = captures.page_of(connection, kept.id, kept.versions, kept.last_seen)
    files = [held_file(connection, kept, each) for each in kept.article.attachments]
    return Details(articles.other_addresses(connection, kept.id), page, files)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that an article cites: its number as written, and how many other articles cite it."""

    written: str
    others: int


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an article in the archive."""

    documents: tuple[Document, ...] = ()
    citing: tuple[tuple[str, tuple[Kept, ...]], ...] = ()  # by number of the title: others that cite it, newest first
    related: tuple[Kept, ...] = ()
    copies: tuple[Kept, ...] = ()  # the same text at departments, one for each, where there are several


def around(kept: Kept, searcher: Searcher | None) -> Around:
    """Empty where nobody can be asked, and while the index does not hold the article."""
    try:
        return asked_around(kept, searcher) if searcher else Around()
    except KhotinError:
        return Around()


def asked_around(kept: Kept, searcher: Searcher) -> Around:
    found = numbers.find_numbers(kept.article.title)
    titled = {each.bare: each.canonical for each in found if cited.is_document(each.bare)}
    written = {**titled, **{each.bare: each.canonical for each in numbers_in(kept)}}
    wanted = list(written)[:MOST_DOCUMENTS]
    others = {bare: [number for number in searcher.citing(bare) if number != kept.id] for bare in wanted}
    with searcher.store.read() as connection:
        citing = [(written[bare], newest(connection, others[bare])) for bare in titled if others.get(bare)]
    return Around(
        tuple(Document(written[bare], len(ids)) for bare, ids in others.items()),
        tuple(citing),
        tuple(related(kept, searcher.nearest(kept), searcher.store)),
        copies(kept, searcher),
    )


def copies(kept: Kept, searcher: Searcher) -> tuple[Kept, ...]:
    """The first article with this text at each department, this one for its own; nothing unless there are several."""
    numbers = searcher.copies(kept.id)[:MOST_COPIES]
    with searcher.store.read() as connection:
        held = articles.several(connection, numbers)
    first: dict[str, Kept] = {kept.department.short: kept}
    for number in sorted(held):
        first.setdefault(held[number].department.short, held[number])
    named = [each for short, each in first.items() if short]
    return tuple(sorted(named, key=lambda each: each.department.name_vi)) if len(named) > 1 else ()


def numbers_in(kept: Kept) -> list[numbers.DocumentNumber]:
    """The documents that title, lead and body cite, in the order of reading."""
    text = zone_texts(kept)
    rows = (line for zone in ("title", "lead", "body") for line in text[zone].split("\n"))
    found = (each for line in rows for each in numbers.find_numbers(line) if cited.is_document(each.bare))
    return list({each.bare: each for each in reversed(list(found))}.values())[::-1]


def newest(connection: Connection, ids: list[int]) -> tuple[Kept, ...]:
    found = articles.several(connection, ids[:MOST_CITING])
    return tuple(found[number] for number in ids[:MOST_CITING] if number in found)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's texts line by line with what was asked for marked, and how many marks can be gone to."""

    corrected: list[tuple[Correction, list[Markup]]]
    title: list[Span]
    lines: dict[str, list[Markup]]
    files: list[list[Markup]]  # for each attachment the lines of its text
    found_in_files: bool
    hits: int


def reading(kept: Kept, asked: Query, searcher: Searcher | None) -> Reading:
    texts, marked = dict(zone_texts(kept)), marks_of(kept, asked, searcher)
    hits = Hits(translate("The hit before this one"), translate("The next hit"))
    later = [(each, list(correction_lines(each, kept, marked, hits))) for each in kept.corrections]
    texts |= {name: getattr(kept.article, name) for name in ("title", "lead", "body")}
    own = {zone: shifted(spans, 0, len(texts[zone])) for zone, spans in marked.items()}
    told = {zone: list(lines(texts[zone], own.get(zone, ()), hits)) for zone in ("lead", "body", "captions")}
    files = list(file_lines(kept, marked.get("attachments", ()), hits))
    return Reading(later, own.get("title", []), told, files, bool(marked.get("attachments")), hits.count)


def correction_lines(each: Correction, kept: Kept, marked: Mapping[str, list[Span]], hits: Hits) -> Iterator[Markup]:
    """What was corrected by hand, with its marks: it stands below the text of its zone."""
    if each.field == "date":
        yield Markup(day(date.fromisoformat(each.text)))
        return
    behind = len(str(getattr(kept.article, each.field))) + 1
    spans = marked.get(each.field, [])
    yield from lines(each.text, shifted(spans, behind, behind + len(each.text)), hits)


def file_lines(kept: Kept, marked: Sequence[Span], hits: Hits) -> Iterator[list[Markup]]:
    """For each attachment the lines of its text (its name, the first line of its piece, left out)."""
    start = 0
    for each in kept.article.attachments:
        begin, end = start + len(each.name) + 1, start + len(each.name) + 1 + len(each.text)
        yield list(lines(each.text, shifted(marked, begin, end), hits))
        start = end + 1


def marks_of(kept: Kept, asked: Query, searcher: Searcher | None) -> dict[str, list[Span]]:
    """The letters that answer the question; none when nothing was asked or the index does not hold the article."""
    if not (asked.q and searcher):
        return {}
    try:
        return marks(zone_texts(kept), searcher.standing(searcher.understand(asked).units, kept))
    except KhotinError:
        return {}
