"""What would we read from the kept pages today?  All captures once more, without network."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from crawler.beside import NOWHERE
from crawler.extract import extract
from crawler.files import read_file
from crawler.page import Page
from crawler.prints import print_view, through_print
from crawler.profiles import Profile
from crawler.reading import NOTHING_HERE, profile_of, sent_on, shown_text, turned_away, unreadable
from crawler.report import Report
from crawler.trip import Tell, hosts_of
from indexer.article import Article, Attachment
from indexer.decode import sniff
from indexer.settings import Settings
from indexer.store import Store, addresses, articles, captures, screening, warc
from indexer.store.addresses import Known
from indexer.store.captures import Capture
from indexer.store.sources import Source
from indexer.store.warc import Captured

EVERY = 20  # captures between two tellings of the progress


def replay(
    store: Store,
    source: Source,
    settings: Settings,
    tell: Tell = lambda event: None,
    chosen: Iterable[Capture] | None = None,
) -> Report:
    """Read every kept page of a source again, or the chosen ones; versions are rewritten in place, none is added."""
    report = Report(source.name)
    profile: Profile | None = None
    found_now: set[int] = set()
    nothing_here = ""  # what the site showed where nothing is, as it was asked at the beginning of each round
    for number, capture in enumerate(chosen or captures.every(store, source.id), start=1):
        if number % EVERY == 0:
            tell({"kind": "progress", "done": number, "waiting": 0})
        if capture.status != 200:
            continue
        try:
            captured = captures.read(store, capture)
            body = warc.unpacked(captured, settings.max_page_bytes)
            if sniff(body, capture.media_type) != "html":
                reread_file(store, source, capture, captured, body)
                continue
            page = Page(capture.address, capture.status, captured.named, body)
            if urlsplit(capture.address).path == NOWHERE:
                nothing_here = shown_text(page)
            known = known_at(store, source, capture)
            if known is None:  # what was asked for beside the pages: print views, further pages of lists
                continue
            if turned_away(page) or sent_on(page, profile) or shown_text(page) == nothing_here:
                continue
            if profile is None:
                profile, report.reasons = profile_of(source, page)
                report.profile = profile.name
            extraction = extract(
                page, profile, listed=known.list_date, now=captured.at, boilerplate=source.shared_lines
            )
            address = print_view(page, profile, extraction, hosts_of(source))
            view = said(store, source, capture, address) if address else None
            if view:
                more = (settings.max_page_bytes, known.list_date, source.shared_lines)
                extraction = through_print(page, profile, extraction, view, *more)
            article = None if extraction.reasons.get("kind") == NOTHING_HERE else extraction.article
            reread(store, source, capture, article, report, found_now)
        except Exception as problem:  # one bad page must not end the whole
            report.fail(capture.address, unreadable(problem))
    report.state = "done"
    return report


def replay_article(store: Store, source: Source, number: int, settings: Settings) -> dict[str, Any]:
    """Read the pages and files of one article again; what its fields said before and say now."""
    with store.read() as connection:
        before = articles.get(connection, number)
        held = captures.of_article(connection, number)
    assert before is not None
    report = replay(store, source, settings, chosen=held)
    with store.read() as connection:
        now = articles.get(connection, number)
    assert now is not None
    changed = list(differing(before.article, now.article))
    return report.as_dict() | {"article": number, "read": len(held), "fields": changed}


def differing(before: Article, now: Article) -> Iterator[dict[str, str]]:
    for name in ("title", "lead", "body", "captions", "published", "author", "unit", "section", "event_date"):
        old, new = told(getattr(before, name)), told(getattr(now, name))
        if old != new:
            yield {"field": name, "before": old, "after": new}


def told(value: Any) -> str:
    """A field as it is shown in a comparison."""
    return "\n".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def known_at(store: Store, source: Source, capture: Capture) -> Known | None:
    with store.read() as connection:
        return addresses.get(connection, source.id, capture.address)


def said(store: Store, source: Source, capture: Capture, address: str) -> Captured | None:
    """What another address said when it was asked for because of this capture."""
    with store.read() as connection:
        held = captures.said(connection, source.id, address, capture.id, capture.round_id)
    return captures.read(store, held) if held else None


def reread_file(store: Store, source: Source, capture: Capture, captured: Captured, body: bytes) -> None:
    """Give a file's text to the articles that name it."""
    kind = sniff(body, capture.media_type)
    if kind in ("other", "image"):
        return
    text = read_file(body, kind)
    screening.kinds_in(text.text)  # the slow part, before anything is written
    arrived = Attachment(capture.address, "", capture.media_type, captured.digest, text.text, text.problem)
    with store.write() as connection:
        articles.file_arrived(connection, source.id, arrived, capture.fetched_at, capture.id)


def reread(
    store: Store, source: Source, capture: Capture, article: Article | None, report: Report, found_now: set[int]
) -> None:
    """Rewrite what this capture made; a page that was no article before and is one now comes in."""
    if article is None:
        return
    with store.write() as connection:
        known = articles.find(connection, article.address, source.id)
        if known is None or known.id in found_now:
            saved = articles.save(connection, source.id, article, capture.fetched_at, "bulk", capture.id)
            found_now.add(saved.id)
            outcome = saved.outcome
        else:
            outcome = articles.reread(connection, capture.id, article)
    report.new += outcome == "new"
    report.changed += outcome == "changed"
    report.unchanged += outcome == "same"
