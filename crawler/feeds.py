"""Which articles does a feed name?  A hint like a sitemap, but each with its title and its day (pure)."""

import re
from collections.abc import Collection
from datetime import datetime

from lxml import etree

from crawler.addresses import file_of, host_of, is_print, looks_like_trap, path_of
from crawler.blocks import tidied
from crawler.dates import read_moment
from crawler.discover import Link
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import attribute
from indexer.canonical import canonical

MOST_FEEDS = 3  # of one round: the first ones that lists name are those of the whole site
MOST_ENTRIES = 1_000  # feeds of whole archives were not seen; usual are ten to thirty
FEED = re.compile(r"^application/(rss|atom|rdf)\+xml$", re.I)
COMMENTS = re.compile(r"comment|binh-?luan", re.I)
SLASHLESS = re.compile(r"^(https?):/*(?=[^/])", re.I)  # one ministry's links lack them: http:host/path
LINKS, DAYS = ("link", "guid", "id"), ("pubDate", "published", "date", "issued", "updated")
SLASHED = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(?=\d{4})")
HALF = re.compile(r"\d\s?[AP]M\b", re.I)


def feeds_of(page: Page, hosts: Collection[str]) -> list[str]:
    """The feeds that a page names in its head, but not those of comments."""
    named = [each for each in page.select("link[rel=alternate][href]") if FEED.match(attribute(each, "type"))]
    found = (canonical(repaired(attribute(each, "href")), page.base) for each in named)
    return [each for each in dict.fromkeys(found) if host_of(each) in hosts and not COMMENTS.search(each)]


def read_feed(body: bytes, address: str, profile: Profile, hosts: Collection[str]) -> list[Link]:
    """The articles of an RSS or Atom feed, be it a bit broken; nothing for a file that is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    tree = etree.fromstring(body.strip(), parser=parser) if body.strip().startswith(b"<") else None
    entries = [] if tree is None else [*tree.iter("{*}item", "{*}entry")][:MOST_ENTRIES]
    days = [first_of(entry, DAYS) for entry in entries]
    american = counts_as_american(days)
    links: dict[str, Link] = {}
    for entry, day in zip(entries, days, strict=True):
        target = canonical(repaired(link_of(entry)), address, profile.query_keep)
        if target != address and is_welcome(target, hosts):
            title = tidied(" ".join(entry.findtext("{*}title", "").split()))
            links.setdefault(target, Link(target, title, moment(day, american=american)))
    return list(links.values())


def is_welcome(address: str, hosts: Collection[str]) -> bool:
    fits = path_of(address) not in ("", "/") and host_of(address) in hosts
    return fits and not (is_print(address) or file_of(address) or looks_like_trap(address))


def link_of(entry: etree._Element) -> str:
    """An entry's address: the text of its link, or the one that Atom gives as an attribute."""
    linked = [each for each in entry.iterfind("{*}link") if each.get("rel", "alternate") == "alternate"]
    told = next((each.get("href") for each in linked if each.get("href")), None)
    return told or first_of(entry, LINKS)


def first_of(entry: etree._Element, names: Collection[str]) -> str:
    texts = ((entry.findtext("{*}" + name) or "").strip() for name in names)
    return next(filter(None, texts), "")


def repaired(link: str) -> str:
    return SLASHLESS.sub(r"\1://", link.strip())


def counts_as_american(days: Collection[str]) -> bool:
    """Do a feed's days put the month first?  AM and PM are the American form, unless one day's first number shows that
    it is none; Vietnamese sites write SA and CH."""
    slashed = [found for found in map(SLASHED.match, days) if found]
    shown = any(int(each[2]) > 12 for each in slashed) or any(map(HALF.search, days))
    return shown and all(int(each[1]) <= 12 for each in slashed)


def moment(day: str, *, american: bool) -> datetime | None:
    return read_moment(SLASHED.sub(r"\2/\1/", day) if american else day)
