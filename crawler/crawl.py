"""How does one round over a site go?"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from crawler import fetch
from crawler.addresses import further_names, host_of
from crawler.beside import (
    NOWHERE,
    feeds,
    first_robots,
    hints,
    known_feeds,
    nowhere,
    take_feed,
    take_nowhere,
    take_robots,
    take_sitemap,
)  # fmt: skip
from crawler.boilerplate import shared_lines
from crawler.branches import grows, within
from crawler.fetch import Answer, Ask
from crawler.hold import Taken, holding
from crawler.replay import replay
from crawler.report import Report, parts, resumed
from crawler.settle import MOST_HOPS, NOTHING_NEW, take, take_onward, take_print
from crawler.tempo import Look, lately, tempo
from crawler.trip import Hopeless, Tell, Trip
from crawler.watch import doubts
from indexer import clock
from indexer.canonical import canonical
from indexer.errors import KhotinError, NotNowError
from indexer.settings import Settings
from indexer.store import Store, addresses, articles, captures, destructions, rounds, sources, warc
from indexer.store.addresses import Known, Which
from indexer.store.destructions import DESTROYED
from indexer.store.sources import Source

FURTHER_NAME = "further name"
MOST_IMAGE = 5_000_000  # bytes
PROOF = 3  # pages that were the same under a kind of further name, before the others are believed to be
RECENT = 500  # articles that are looked at for lines they share
PROGRESS_SECONDS = 0.5  # told no more often: each telling is a write of the worker


def crawl(
    store: Store,
    source: Source,
    settings: Settings,
    *,
    max_pages: int | None = None,
    full: bool = False,
    retry: bool = False,
    goes_on: bool = False,
    tell: Tell = lambda event: None,
    stop: Callable[[], bool] = lambda: False,
    job_id: int | None = None,
    parent: int | None = None,
) -> Report:
    """One round: go on with an unfinished one or open a new one, ask politely, keep everything, report.

    ``full`` asks for unchanged pages too, ``retry`` only for those that failed; both open a new round unless it
    ``goes_on``. Once in a process (see fetch.run).
    """
    if source.paused_at:
        raise KhotinError("The source “%(name)s” rests. Let it go on first.", name=source.name)
    halt = threading.Event()
    try:
        with holding(store, urlsplit(source.address).hostname or "", job_id, parent, halt):
            captures.recover(store, source.id)
            trip = begin(store, source, settings, tell, full, retry, goes_on)
            began = time.monotonic() - trip.report.seconds
            try:
                which: Which = "failed" if retry else "all" if full else "due"
                most = min(max_pages or source.max_pages or settings.max_pages, settings.max_pages)
                fetch.run(
                    asks(trip, most, which), lambda ask, answer: hand_over(trip, ask, answer), trip.polite,
                    lambda: halt.is_set() or stop(),
                )  # fmt: skip
                trip.report.state = "cancelled" if halt.is_set() or stop() else "done"
            except Hopeless as problem:
                trip.report.end_failed(problem)
            finally:
                trip.report.seconds = round(time.monotonic() - began, 1)
            close(trip)
            if trip.report.state == "done" and learnt(trip):
                replay(store, source_now(trip), settings)
    except Taken as problem:
        return Report(source.name, state="joined", problem=str(problem))
    return trip.report


def begin(store: Store, source: Source, settings: Settings, tell: Tell, full: bool, retry: bool, goes_on: bool) -> Trip:
    start = canonical(source.address)
    if not start:
        raise KhotinError("The source “%(name)s” has no web address to crawl.", name=source.name)
    polite = fetch.manners(settings, source.delay_seconds, source.allow_private, source.ca_file, source.legacy_tls)
    with store.write() as connection:
        within = rounds.GO_ON_WITHIN if goes_on else rounds.RESUME_WITHIN
        opened = rounds.begin(connection, source.id, (full or retry) and not goes_on, within)
        addresses.start_at(connection, source.id, start)
    report = resumed(source.name, opened.id, opened.report)
    report.retry = retry
    trip = Trip(store, source, opened.id, report, polite, tell, full)
    if report.fetched:
        trip.line("The round goes on where it ended; %(fetched)s pages were fetched before.", fetched=report.fetched)
    return trip


def close(trip: Trip) -> None:
    if trip.report.state == "done":
        with trip.store.read() as connection:
            before = [each.report for each in rounds.every(connection, trip.source.id) if each.id != trip.round_id]
            came = articles.arrivals(connection, trip.source.id)
            trip.report.resting = addresses.count_resting(connection, trip.source.id, trip.round_id)
        found = doubts(trip.report.as_dict(), before, came, clock.now())
        trip.report.doubts = [{"about": about} | parts(each) for about, each in found]
    with trip.store.write() as connection:
        rounds.close(connection, trip.round_id, trip.report.state, trip.report.as_dict())
    with suppress(NotNowError):  # a store of objects that cannot be reached: at night it is tried again
        warc.join(captures.path_of(trip.store, trip.round_id))


def learnt(trip: Trip) -> bool:
    """Note lines that have proved to stand on most articles; were there new ones?"""
    with trip.store.read() as connection:
        common = shared_lines(articles.latest_texts(connection, trip.source.id, RECENT))
    if common <= trip.boilerplate:
        return False
    with trip.store.write() as connection:
        sources.change(connection, trip.source.id, boilerplate="\n".join(sorted(common | trip.boilerplate)))
    for line in sorted(common - trip.boilerplate):
        trip.line("Stands on most articles, so it is left out of all: %(line)s", line=line)
    return True


def source_now(trip: Trip) -> Source:
    with trip.store.read() as connection:
        return sources.get(connection, trip.source.id)


def asks(trip: Trip, most: int, which: Which) -> Iterator[Ask]:
    """What to ask for, one by one; each is decided after the answer before it was taken."""
    yield from first_robots(trip, trip.start)
    yield from first_start(trip)
    if which != "failed":
        yield from nowhere(trip)
        yield from hints(trip)
        trip.feeds = known_feeds(trip) + trip.feeds
        yield from feeds(trip)
    yield from further_pages(trip, most)
    while trip.asked < most:
        with trip.store.read() as connection:
            batch = addresses.next_due(connection, trip.source.id, trip.round_id, which)
        if not batch:
            break
        for known in batch[: most - trip.asked]:
            host = host_of(known.address)
            if host in trip.elsewhere - trip.mute - set(trip.rules):
                yield from first_robots(trip, known.address)
            reason = why_not(trip, known)
            if reason:
                leave_out(trip, known, reason)
            else:
                trip.asked += 1
                bound = MOST_IMAGE if known.kind == "image" else 0
                yield Ask(known.address, conditions(trip, known), most=bound)
                yield from print_views(trip)
                yield from feeds(trip)
                yield from further_pages(trip, most)
                progress(trip, which)
    progress(trip, which, last=True)


def further_pages(trip: Trip, most: int) -> Iterator[Ask]:
    """The pages of the list just taken that no link leads to, one behind the other: each needs the one before."""
    while trip.onward and trip.asked < most:
        onward, trip.onward = trip.onward, None
        trip.asked += 1
        yield Ask(onward.address, onward.headers, onward.form, onward)


def print_views(trip: Trip) -> Iterator[Ask]:
    """The print view of the page just taken, where that showed no text."""
    if trip.printing:
        trip.asked += 1
        yield Ask(trip.printing.address)


def first_start(trip: Trip) -> Iterator[Ask]:
    """The start page, always whole: it shows that the site is alive, and which profile fits."""
    address = trip.start
    for _ in range(MOST_HOPS):
        trip.moved = ""
        if not trip.allows(address):
            raise Hopeless("The site's robots.txt asks us not to fetch %(address)s.", address=address)
        yield Ask(address)
        if not trip.moved:
            return
        address = trip.moved


def conditions(trip: Trip, known: Known) -> dict[str, str]:
    """Our own conditions: sent also for pages that a cache would have to fetch whole (Cache-Control: no-cache)."""
    if trip.full or known.state != "kept":
        return {}
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in told.items() if value}


def why_not(trip: Trip, known: Known) -> str:
    """Why an address is not asked for in this round; empty when it is."""
    host, is_new = host_of(known.address), known.status is None
    if host not in trip.hosts:
        return "another host"
    if host in trip.mute:
        return "silent host"
    if not trip.allows(known.address):
        return "robots.txt"
    if is_destroyed(trip, known.address):
        return DESTROYED
    if is_new and leads_nowhere(trip, known):
        return NOTHING_NEW
    if is_new and twin_of(trip, known) is not None:
        return FURTHER_NAME
    return ""


def is_destroyed(trip: Trip, address: str) -> bool:
    """Was what stood there destroyed by a written decision?"""
    with trip.store.read() as connection:
        return bool(destructions.barred_among(connection, [address]))


def leads_nowhere(trip: Trip, known: Known) -> bool:
    """Is it one more step within a pattern, or one more branch of articles, where so far nothing was new?"""
    if trip.branches.spent(within(known.address, known.found_on)):
        return True
    if not grows(known.address, known.found_on) or not trip.branches.closed(known.address):
        return False
    with trip.store.read() as connection:
        page = addresses.get(connection, trip.source.id, known.found_on)
    return page is not None and page.kind == "article"


def twin_of(trip: Trip, known: Known) -> int | None:
    """The article that is kept already under a plainer name, where such names have proved to be the same."""
    for kind, plainer in further_names(known.address):
        if trip.twins[kind] >= PROOF:
            with trip.store.read() as connection:
                twin = addresses.get(connection, trip.source.id, plainer)
            if twin and twin.kind == "article" and twin.article_id is not None:
                return twin.article_id
    return None


def leave_out(trip: Trip, known: Known, reason: str) -> None:
    """Settle an address without asking for it. What brings nothing is shut until all is wanted; the rest may change."""
    trip.skip(known.address, reason)
    article_id = twin_of(trip, known) if reason == FURTHER_NAME else known.article_id
    state = {NOTHING_NEW: "shut", FURTHER_NAME: "alias", DESTROYED: DESTROYED}.get(reason, known.state)
    with trip.store.write() as connection:
        if reason == FURTHER_NAME and article_id is not None:
            articles.note_alias(connection, trip.source.id, known.address, article_id)
        addresses.settle(connection, known, trip.round_id, state, problem=reason, article_id=article_id)


def progress(trip: Trip, which: Which, last: bool = False) -> None:
    now = time.monotonic()
    if not last and now - trip.told.get("progress", 0.0) < PROGRESS_SECONDS:
        return
    trip.told["progress"] = now
    with trip.store.read() as connection:
        waiting = addresses.count_due(connection, trip.source.id, trip.round_id, which)
        done = addresses.count_done(connection, trip.source.id, trip.round_id)
    report = trip.report.as_dict()
    counts = {name: report[name] for name in ("fetched", "unchanged", "new", "changed", "gone", "failed", "bytes")}
    trip.looks = lately([*trip.looks, Look(now, done, waiting)])
    pace = tempo(trip.looks)._asdict()
    trip.tell({"kind": "progress", "done": done, "waiting": waiting, **pace, **counts})


def hand_over(trip: Trip, ask: Ask, answer: Answer) -> None:
    """Take an answer: rules are read from robots.txt, everything else is settled."""
    trip.tries, trip.detail = answer.tries, answer.detail
    if trip.rules_of:
        take_robots(trip, answer)
    elif trip.in_sitemap:
        take_sitemap(trip, answer)
    elif trip.feed:
        take_feed(trip, answer)
    elif urlsplit(ask.address).path == NOWHERE:
        take_nowhere(trip, answer)
    elif trip.printing:
        take_print(trip, answer)
    elif ask.onward:
        take_onward(trip, ask.onward, answer)
    else:
        take(trip, ask.address, answer)
