"""What would we take from a site?  Its start page and three of its articles, asked for once and kept apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler import fetch, robots
from crawler.connect import Manners
from crawler.discover import Link, discover
from crawler.fetch import Answer, Ask
from crawler.probe import arriving, rules_told
from crawler.profiles import Profile
from crawler.reading import profile_of
from crawler.told import look_at, source_of, told, told_of
from crawler.trip import Tell, hosts_of
from indexer.canonical import canonical
from indexer.decode import sniff
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store, previews
from indexer.store.previews import Looked
from indexer.store.sources import Source
from indexer.store.warc import Captured, unpacked

ARTICLES = 3
MOST_TRIED = 7  # pages that looked like articles in the list; a department's menu leads to some that are none
MOST_LISTS = 2  # a start page of pictures leads to lists only
MOST_BYTES = 2_000_000  # of one page: it lies in the database for some days
LONGEST_PAUSE = 10.0  # seconds between two requests, whatever robots.txt asks: these are ten at most
PATIENCE = 15.0  # seconds for one answer: somebody waits for it


@dataclass(slots=True)
class Look:
    """What a look has found so far."""

    source: Source
    polite: Manners
    settings: Settings
    start: Looked | None = None
    articles: list[Looked] = field(default_factory=list)
    others: list[Looked] = field(default_factory=list)  # taken for articles by their links, and read as none
    waiting: list[Link] = field(default_factory=list)
    lists: list[Link] = field(default_factory=list)
    rules: robots.Rules = field(default_factory=lambda: robots.rules_in(None))
    robots_told: dict[str, Any] = field(default_factory=dict)
    last: Answer = field(default_factory=Answer)
    tried: int = 0


def preview(store: Store, number: int, settings: Settings, tell: Tell) -> dict[str, Any]:
    """Fetch and keep the pages of a look; what they give. Raises KhotinError. Once in a process (see fetch.run)."""
    with store.read() as connection:
        asked = previews.get(connection, number)
    if asked is None:
        raise KhotinError("This look is no longer kept. Look again.")
    source = source_of(asked.settings)
    polite = fetch.manners(settings, source.delay_seconds, source.allow_private, source.ca_file, source.legacy_tls)
    polite.timeout = min(polite.timeout, PATIENCE)
    look = Look(source, polite, settings)
    fetch.run(asks(look, tell), lambda ask, answer: note(look, answer), look.polite)
    assert look.start
    kept = [look.start, *(look.articles + look.others)[:ARTICLES]]
    pages = [placed(each, place) for place, each in enumerate(kept)]
    report = told_of(source, pages) | look.robots_told | {"certificate": certificate(look.start.address)}
    with store.write() as connection:
        previews.put_pages(connection, number, pages)
        previews.change(connection, number, report=report, trial={})
    return report


def certificate(address: str) -> str:
    return "verified" if address.startswith("https:") else "none"


def placed(page: Looked, place: int) -> Looked:
    return Looked(place, page.address, page.fetched_at, page.listed_at, page.headers, page.body)


def note(look: Look, answer: Answer) -> None:
    look.last = answer


def asks(look: Look, tell: Tell) -> Iterator[Ask]:
    """What to ask for, one by one: robots.txt, the start page, then what it calls articles until three are found."""
    first = canonical(look.source.address)
    yield Ask(canonical("/robots.txt", first))
    look.robots_told = rules_told(look.last)
    if look.last.captured:
        look.rules = robots.rules_in(look.last.captured)
        look.polite.delay = max(look.polite.delay, min(look.rules.delay, LONGEST_PAUSE))
    yield from start_page(look, first)
    assert look.start
    profile, _ = profile_of(look.source, look_at(look.start))
    sort_links(look, profile, look.start)
    listed = 0
    while len(look.articles) < ARTICLES and look.tried < MOST_TRIED:
        tell({"kind": "progress", "done": len(look.articles), "waiting": ARTICLES - len(look.articles)})
        if look.waiting:
            look.tried += 1
            link = look.waiting.pop(0)
            yield Ask(link.address, most=MOST_BYTES)
            take(look, profile, link)
        elif look.lists and listed < MOST_LISTS:
            listed += 1
            yield Ask(look.lists.pop(0).address, most=MOST_BYTES)
            page = page_of(look)
            if page:
                sort_links(look, profile, page)
        else:
            return


def start_page(look: Look, address: str) -> Iterator[Ask]:
    """The start page, where redirects within the site lead. Raises KhotinError when there is none."""
    yield from arriving(Ask(address, most=MOST_BYTES), look.rules, hosts_of(look.source), lambda: look.last)
    if look.last.captured is None:
        raise look.last.problem or KhotinError("Nothing came back.")
    look.start = web_page(look.last.captured, look.settings)


def web_page(captured: Captured, settings: Settings) -> Looked:
    """A page that may be read. Raises KhotinError that says why it may not."""
    if captured.status != 200:
        raise KhotinError("The site answered %(status)s.", status=captured.status)
    body = unpacked(captured, min(settings.max_page_bytes, MOST_BYTES))
    media_type = captured.named.get("content-type", "")
    if sniff(body, media_type) != "html":
        raise KhotinError("It is no web page but “%(type)s”.", type=media_type)
    return Looked(0, captured.address, captured.at, None, captured.named, body)


def page_of(look: Look) -> Looked | None:
    """The page that came last; none when it cannot be read: others will do."""
    try:
        return web_page(look.last.captured, look.settings) if look.last.captured else None
    except KhotinError:
        return None


def sort_links(look: Look, profile: Profile, page: Looked) -> None:
    """Where the page leads that was not seen before."""
    found = discover(look_at(page), profile, hosts_of(look.source))
    known: list[Looked | Link] = [*look.articles, *look.others, *look.waiting, *look.lists]
    seen = {each.address for each in known}
    fresh = (link for link in found.articles if link.address not in seen and look.rules.allows(link.address))
    look.waiting += fresh
    look.lists += [link for link in found.lists if link.address not in seen and look.rules.allows(link.address)]


def take(look: Look, profile: Profile, link: Link) -> None:
    """Keep what came: as an article, or apart."""
    page = page_of(look)
    if page is None:
        return
    listed = Looked(0, page.address, page.fetched_at, link.date, page.headers, page.body)
    is_article = told(look_at(listed), profile, link.date)["kind"] in ("article", "document")
    (look.articles if is_article else look.others).append(listed)
