"""What is asked for beside a site's pages?  Its robots.txt, sitemaps and feeds, and an address that cannot be."""

from collections.abc import Iterator
from urllib.parse import urljoin

from crawler import robots
from crawler.addresses import host_of
from crawler.feeds import MOST_FEEDS, read_feed
from crawler.fetch import Answer, Ask
from crawler.reading import shown_by
from crawler.settle import MOST_HOPS, fine, keep
from crawler.sitemaps import MOST_FILES, read_sitemap
from crawler.trip import Hopeless, Trip
from indexer.canonical import canonical
from indexer.errors import KhotinError
from indexer.store import addresses, captures
from indexer.store.addresses import REDIRECTS, Known, New
from indexer.store.warc import Captured, unpacked

NOWHERE = "/trang-khong-co-4b1d9e7c"
FEED = "feed"  # the kind under which a feed's validators are remembered; it is never due like a page


def first_robots(trip: Trip, page: str) -> Iterator[Ask]:
    """The rules of a page's host, wherever it keeps them."""
    trip.rules_of = host_of(page)
    address = urljoin(page, "/robots.txt")
    for _ in range(MOST_HOPS):
        trip.moved = ""
        yield Ask(address)
        if not trip.moved:
            break
        address = trip.moved
    else:
        trip.rules[trip.rules_of] = robots.rules_in(None)  # it redirects without end
    trip.rules_of = ""


def take_robots(trip: Trip, answer: Answer) -> None:
    captured, here = answer.captured, trip.rules_of == host_of(trip.start)
    if captured is None:
        problem = answer.problem or KhotinError("Nothing came back.")
        trip.report.fail(trip.start if here else f"//{trip.rules_of}/", problem)
        if here:
            raise Hopeless(problem.message, **problem.values)
        trip.mute.add(trip.rules_of)
        return
    origin, place, kept = keep(trip, None, captured)
    with trip.store.write() as connection:
        digest = origin.digest if origin else ""
        captures.add(connection, trip.source.id, trip.round_id, kept, place, digest)
    target = canonical(captured.named.get("location", ""), captured.address) if captured.status in REDIRECTS else ""
    if host_of(target) in trip.hosts and target != captured.address:
        trip.moved = target
        return
    if captured.status >= 500:
        problem = Hopeless(
            "The site's robots.txt answered %(status)s, so nobody knows what may be fetched. Try again later.",
            status=captured.status,
        )
        if here:
            raise problem
        trip.mute.add(trip.rules_of)
        return
    rules = robots.rules_in(captured)
    trip.rules[trip.rules_of] = rules
    trip.polite.delay = max(trip.polite.delay, rules.delay)


def nowhere(trip: Trip) -> Iterator[Ask]:
    """An address that cannot be there: some sites answer it with a page like any other."""
    address = urljoin(trip.start, NOWHERE)
    if trip.allows(address):
        yield Ask(address)


def take_nowhere(trip: Trip, answer: Answer) -> None:
    """Learn what the site shows where nothing is."""
    if answer.captured is None or answer.captured.status != 200:
        return
    captured = answer.captured
    origin, place, kept = keep(trip, None, captured)
    with trip.store.write() as connection:
        captures.add(connection, trip.source.id, trip.round_id, kept, place, origin.digest if origin else "")
    trip.nothing_here = shown_by(captured, trip.polite.max_bytes)


def hints(trip: Trip) -> Iterator[Ask]:
    """The sitemaps that robots.txt names: they may know articles that no list shows any more."""
    trip.sitemaps = [canonical(each, trip.start) for each in trip.rules[host_of(trip.start)].sitemaps]
    for _ in range(MOST_FILES):
        wanted = [each for each in trip.sitemaps if host_of(each) in trip.hosts and trip.allows(each)]
        if not wanted:
            break
        trip.in_sitemap, trip.sitemaps = wanted[0], wanted[1:]
        yield Ask(trip.in_sitemap)
    trip.in_sitemap = ""


def body_of(trip: Trip, captured: Captured) -> bytes:
    """What came, unpacked; nothing where that fails: a broken hint is no hint."""
    try:
        return unpacked(captured, trip.polite.max_bytes)
    except KhotinError:
        return b""


def take_sitemap(trip: Trip, answer: Answer) -> None:
    captured = answer.captured
    if captured is None or captured.status != 200 or trip.profile is None:
        return
    origin, place, kept = keep(trip, None, captured)
    found, further = read_sitemap(body_of(trip, captured), trip.profile, trip.hosts)
    trip.sitemaps = further + trip.sitemaps
    with trip.store.write() as connection:
        captures.add(connection, trip.source.id, trip.round_id, kept, place, origin.digest if origin else "")
        addresses.add(connection, trip.source.id, [New(each, "article") for each in found], trip.in_sitemap, 1)


def feeds(trip: Trip) -> Iterator[Ask]:
    """The feeds that the profile, the lists of this round or earlier rounds name: each once a round."""
    while trip.feeds and len(trip.fed) < MOST_FEEDS:
        address = trip.feeds.pop(0)
        if address in trip.fed or host_of(address) not in trip.hosts or not trip.allows(address):
            continue
        trip.fed.add(address)
        known = remembered(trip, address)
        if known.round_id != trip.round_id:
            trip.feed = known
            held = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
            yield Ask(address, {name: value for name, value in held.items() if value and not trip.full})
            trip.feed = None


def known_feeds(trip: Trip) -> list[str]:
    named = [canonical(each, trip.start) for each in trip.profile.feed] if trip.profile else []
    with trip.store.read() as connection:
        return named + addresses.of_kind(connection, trip.source.id, FEED)


def remembered(trip: Trip, address: str) -> Known:
    with trip.store.write() as connection:
        addresses.add(connection, trip.source.id, [New(address, FEED)])
        known = addresses.get(connection, trip.source.id, address)
    assert known is not None
    return known


def take_feed(trip: Trip, answer: Answer) -> None:
    captured, feed = answer.captured, trip.feed
    assert feed and trip.profile
    if captured is None:
        with trip.store.write() as connection:
            addresses.settle(connection, feed, trip.round_id, "stored", problem=str(answer.problem or ""))
        return
    origin, place, kept = keep(trip, feed, captured)
    links = []
    if captured.status == 200:
        links = read_feed(body_of(trip, captured), captured.address, trip.profile, trip.hosts)
    with trip.store.write() as connection:
        captures.add(connection, trip.source.id, trip.round_id, kept, place, origin.digest if origin else "")
        named = [New(each.address, "article", each.text, each.date) for each in links]
        addresses.add(connection, trip.source.id, named, feed.address, 1)
        values = fine(captured) if captured.status == 200 else {"status": captured.status}
        addresses.settle(connection, feed, trip.round_id, "stored", **values)
