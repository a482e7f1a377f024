"""What does an answer say?  Read whole before the store is opened for writing; nothing here asks or writes."""

import re
from dataclasses import dataclass
from typing import Literal

from crawler.branches import signature
from crawler.discover import Found, discover
from crawler.extract import Extraction, extract
from crawler.feeds import feeds_of
from crawler.files import FileText, read_file
from crawler.page import Page, told_by
from crawler.pagers import Onward, found_in, onward
from crawler.prints import print_view, through_print
from crawler.profiles import Profile, detect, named
from crawler.tree import line_of
from crawler.trip import Trip
from indexer.canonical import canonical
from indexer.decode import sniff
from indexer.errors import KhotinError
from indexer.store.addresses import REDIRECTS, Known
from indexer.store.sources import Source
from indexer.store.warc import Captured, unpacked

Kind = Literal["unchanged", "page", "file", "image", "moved", "missing", "ignored", "failed"]
# Not there, and how many rounds in a row must say so: 410 is a statement, 404 may be a slip of the day.
MISSING_ROUNDS = {404: 2, 410: 1}
FEWEST_LINKS = 3  # fewer words may be the same on pages that differ
NOTHING_HERE = "says that nothing is here"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer is; only the fields of its kind are filled."""

    kind: Kind
    extraction: Extraction | None = None
    found: Found | None = None
    onward: Onward | None = None
    repeats: bool = False  # a list that another address shows too
    feeds: tuple[str, ...] = ()  # that a list names
    print_view: str = ""  # to be asked for, as the page shows no text
    file: FileText | None = None
    target: str = ""
    problem: KhotinError | None = None


def read(trip: Trip, known: Known, captured: Captured, view: Captured | None = None) -> Reading:
    """Read an answer, with the print view of the page if that was asked for too.

    One of the borders where everything is caught: a bad page must not end a round.
    """
    try:
        return by_status(trip, known, captured) or by_content(trip, known, captured, view)
    except Exception as problem:
        return Reading("failed", problem=unreadable(problem))


def unreadable(problem: Exception) -> KhotinError:
    """Why a page could not be read, as a sentence."""
    if isinstance(problem, KhotinError):
        return problem
    return KhotinError("The page could not be read (%(reason)s).", reason=f"{type(problem).__name__}: {problem}")


def by_status(trip: Trip, known: Known, captured: Captured) -> Reading | None:
    status = captured.status
    same = captured.digest == known.digest and known.state == "kept" and not trip.full and known.kind != "start"
    if status == 304 or (status == 200 and same):
        return Reading("unchanged")
    if status in REDIRECTS:
        keep = trip.profile.query_keep if trip.profile else ()
        target = canonical(captured.named.get("location", ""), captured.address, keep)
        return Reading("moved", target=target)
    if status in MISSING_ROUNDS:
        return Reading("missing")
    if status != 200:
        return Reading("failed", problem=KhotinError("The site answered %(status)s.", status=status))
    return None


def by_content(trip: Trip, known: Known, captured: Captured, view: Captured | None) -> Reading:
    body = unpacked(captured, trip.polite.max_bytes)
    media_type = captured.named.get("content-type", "")
    kind = sniff(body, media_type)
    if known.kind == "image":
        return Reading("image") if kind == "image" else Reading("ignored", problem=KhotinError("It is no picture."))
    if kind == "html" and known.kind != "file":
        return of_page(trip, known, Page(captured.address, captured.status, captured.named, body), captured, view)
    if kind == "html":
        return Reading("failed", problem=KhotinError("A web page came in place of the file."))
    if known.kind == "file" or (known.kind != "start" and kind not in ("other", "image")):
        return Reading("file", file=read_file(body, kind))
    return Reading("ignored", problem=KhotinError("It is no web page but “%(type)s”.", type=media_type))


def of_page(trip: Trip, known: Known, page: Page, captured: Captured, view: Captured | None) -> Reading:
    onto = sent_on(page, trip.profile)
    if onto:
        return Reading("moved", target=onto)
    if known.kind == "start" and drawn_by_scripts(page):
        return Reading(
            "failed",
            problem=KhotinError(
                "The site is drawn by scripts in the browser; its pages hold no text that could be taken."
            ),
        )
    if trip.profile is None:
        trip.profile, trip.report.reasons = profile_of(trip.source, page)
        trip.report.profile = trip.profile.name
    if turned_away(page):
        return Reading("failed", problem=KhotinError("The site's firewall turned us away; its page is no article."))
    if trip.nothing_here and shown_text(page) == trip.nothing_here and known.kind != "start":
        return Reading("missing")
    extraction = extract(page, trip.profile, listed=known.list_date, now=captured.at, boilerplate=trip.boilerplate)
    if extraction.reasons.get("kind") == NOTHING_HERE:
        return Reading("missing")
    printed = "" if known.kind == "start" else print_view(page, trip.profile, extraction, trip.hosts)
    if printed and view:
        more = (trip.polite.max_bytes, known.list_date, trip.boilerplate)
        extraction = through_print(page, trip.profile, extraction, view, *more)
    found = discover(page, trip.profile, trip.hosts, known.depth)
    following = None if extraction.article else onward(page, trip.profile)
    repeated = extraction.article is None and repeats(trip, known, page)
    feeds = () if extraction.article else tuple(feeds_of(page, trip.hosts))
    return Reading("page", extraction, found, following, repeated, feeds=feeds, print_view=printed)


FEW_WORDS = 20  # on a home page: any site that shows its menu has more


FIREWALL = re.compile(
    r"request rejected|support id|attention required|just a moment|security check|access denied|checking your browser"
    r"|truy cập bị (từ chối|chặn)",
    re.I,
)
MOST_OF_A_REFUSAL = 120  # words


def turned_away(page: Page) -> bool:
    """The page of a firewall, sent as if it were the one asked for."""
    text = line_of(page.tree)
    return len(text.split()) <= MOST_OF_A_REFUSAL and FIREWALL.search(text) is not None


REFRESH = re.compile(r"^\s*(\d+)\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.I)
AT_ONCE = 5  # seconds; pages that reload themselves later are meant to be read
SCRIPTED = re.compile(
    r"(?:window\.|document\.|top\.)*location(?:\.href|\.replace\()?\s*[=(]?\s*['\"]([^'\"]+)['\"]", re.I
)


def sent_on(page: Page, profile: Profile | None) -> str:
    """Where a page with next to no words of its own sends its reader, by its head or its script; else empty."""
    if len(line_of(page.tree).split()) >= FEW_WORDS or page.tree.find(".//a") is not None:
        return ""
    keep = profile.query_keep if profile else ()
    told = [REFRESH.match(told_by(each, "content")) for each in page.soup.select("meta[http-equiv=refresh i]")]
    heads = [found[2] for found in told if found and int(found[1]) <= AT_ONCE]
    scripts = [found[1] for each in page.soup.find_all("script") if (found := SCRIPTED.search(each.get_text()))]
    return next((canonical(each, page.base, keep) for each in (*heads, *scripts)), "")


def drawn_by_scripts(page: Page) -> bool:
    """A shell: next to no words and links, and scripts that are to fetch them."""
    links = sum(1 for _ in page.tree.iter("a"))
    return links < FEWEST_LINKS and len(line_of(page.tree).split()) < FEW_WORDS and "<script" in page.text.lower()


def shown_by(captured: Captured, most: int) -> str:
    """What an answer shows; empty for one that is no page."""
    try:
        return shown_text(Page(captured.address, captured.status, captured.named, unpacked(captured, most)))
    except KhotinError:
        return ""


def shown_text(page: Page) -> str:
    """A mark of all words on a page, without the figures of clocks and counters."""
    return signature(re.findall(r"[^\W\d_]+", line_of(page.tree)))


def repeats(trip: Trip, known: Known, page: Page) -> bool:
    """Did another address show the same links in this round?  Then this list leads nowhere new.

    Of two addresses the one with fewer steps is the list, and the other its repetition, whichever came first.
    """
    words = [words for words in map(line_of, page.tree.iter("a")) if words]
    if len(words) < FEWEST_LINKS:
        return False
    first = trip.lists.setdefault(signature(words), known.address)
    if known.kind == "start" or known.address.count("/") < first.count("/"):
        trip.lists[signature(words)] = first = known.address
    return first != known.address


def read_onward(trip: Trip, before: Onward, captured: Captured) -> tuple[Found, Onward | None]:
    """Where a further page of a list leads, and the page after it; nothing when it cannot be read."""
    assert trip.profile is not None
    try:
        body = unpacked(captured, trip.polite.max_bytes)
        page = Page(before.address, captured.status, captured.named, body)
        found = found_in(page, trip.profile) or discover(page, trip.profile, trip.hosts)
        return found, onward(page, trip.profile, before)
    except Exception as problem:  # one bad page must not end the round
        trip.report.note(before.address, unreadable(problem))
        return Found(), None


def profile_of(source: Source, page: Page) -> tuple[Profile, list[str]]:
    """The profile that the source names, else the one that the page shows; and why."""
    if source.profile:
        return named(source.profile, source.overrides), ["named by the source"]
    detected = detect(page.soup, page.headers)
    return named(detected.profile.name, source.overrides), list(detected.reasons)
