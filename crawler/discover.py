"""Where can one go from this page?  Its links as articles, lists and files, and what was left out and why."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bs4 import BeautifulSoup, Tag

from crawler.addresses import PICTURES, ending, file_of, host_of, is_print, looks_like_trap, path_of
from crawler.blocks import tidied
from crawler.dates import read_moment
from crawler.page import Page, told_by
from crawler.profiles import Profile, matches
from indexer.canonical import canonical


@dataclass(frozen=True, slots=True)
class Link:
    """An address with the words of its link and the date that a list shows beside it."""

    address: str
    text: str = ""
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a page leads to; ``ignored`` holds addresses with the reason."""

    lists: tuple[Link, ...] = ()
    articles: tuple[Link, ...] = ()
    files: tuple[Link, ...] = ()
    next_page: str | None = None
    ignored: tuple[tuple[str, str], ...] = ()


LinkKind = Literal["article", "list", "file"]


def discover(page: Page, profile: Profile, hosts: Collection[str] = (), depth: int = 0) -> Found:
    """Sort the links of a page.  Only ``hosts`` (by default the page's own) are named as places to go."""
    allowed = frozenset(hosts or (host_of(page.address),))
    headlines = frozenset(id(link) for selector in profile.list_link for link in page.soup.select(selector))
    menus = frozenset(map(id, page.soup.select(MENUS)))
    links: dict[LinkKind, dict[str, Link]] = {"article": {}, "list": {}, "file": {}}
    ignored: dict[str, str] = {}
    for tag, link in links_of(page, profile):
        reason = refusal(link.address, profile, allowed, depth)
        if reason:
            ignored.setdefault(link.address, reason)
        else:
            kind = kind_of(tag, link, profile, headlines, menus)
            date = date_beside(tag, profile) if kind == "article" else None
            keep(links[kind], replace(link, date=date))
    following = next_page(page, profile, allowed)
    apart = {canonical(page.address, query_keep=profile.query_keep), following or ""}
    return Found(
        without(links["list"], {*apart, *links["article"]}),
        without(links["article"], apart),
        without(links["file"], ()),
        following,
        tuple(ignored.items()),
    )


def without(links: dict[str, Link], apart: Collection[str]) -> tuple[Link, ...]:
    return tuple(link for address, link in links.items() if address not in apart)


MENUS = (
    "nav, header, footer, [role=navigation], [class*=menu], [class*=breadcrumb], [class*=pager], [class*=pagination]"
)


def links_of(page: Page, profile: Profile) -> Iterator[tuple[Tag, Link]]:
    """Every link that is a web address, with its own words; a picture's description is none of them."""
    for tag, href in targets(page.soup):
        address = canonical(href, page.base, profile.query_keep)
        if address and not href.startswith("#"):
            address = file_of(canonical(href, page.base)) or address
            text = tidied(tag.get_text(" ")) or tidied(told_by(tag, "title"))
            yield tag, Link(address, text)


def targets(tree: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    """Links, and the buttons that old sites used in their place."""
    for tag in tree.find_all(["a", "area"], href=True):
        yield tag, told_by(tag, "href")
    for tag in tree.find_all(["input", "button", "a", "td", "div", "span"], onclick=True):
        found = BUTTON.search(told_by(tag, "onclick"))
        if found:
            yield tag, found[1]


BUTTON = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]+)['\"]")


def keep(links: dict[str, Link], link: Link) -> None:
    """One link for an address, with the longest of its words and the first of its dates."""
    known = links.get(link.address, link)
    longest = max(known.text, link.text, key=len)
    links[link.address] = replace(known, text=longest, date=known.date or link.date)


def refusal(address: str, profile: Profile, allowed: Collection[str], depth: int) -> str | None:
    """Why not to go there; None when it may be followed."""
    if host_of(address) not in allowed:
        return "another host"
    if is_print(address):
        return "print view"
    if ending(address) in PICTURES:
        return "picture or media"
    if matches(profile.ignore_url, path_of(address)):
        return "left out by the profile"
    return looks_like_trap(address, depth)


def kind_of(tag: Tag, link: Link, profile: Profile, headlines: Collection[int], menus: Collection[int]) -> LinkKind:
    path = path_of(link.address)
    if file_of(link.address):
        return "file"
    if matches(profile.list_url, path):
        return "list"
    if id(tag) in headlines or matches(profile.article_url, path):
        return "article"
    in_menu = any(id(parent) in menus for parent in tag.parents)
    return "article" if not in_menu and reads_like_headline(path, link.text) else "list"


HEADLINE = 25  # characters: the names of sections are shorter
SLUG = re.compile(r"[^/]+-[^/]+-[^/]+-[^/]+/?$")


def reads_like_headline(path: str, text: str) -> bool:
    return len(text) >= HEADLINE and bool(SLUG.search(path))


def date_beside(tag: Tag, profile: Profile) -> datetime | None:
    """The date that stands in the same list entry as the link."""
    for entry in list(tag.parents)[:ENTRY_REACH]:
        targets = {told_by(link, "href") for link in entry.find_all("a", href=True, limit=9)}
        if len(targets) > LINKS_IN_ENTRY:
            return None
        moments = (shown(tag) for selector in profile.list_date for tag in entry.select(selector))
        found = next((moment for moment in moments if moment), None)
        if found:
            return found
    return None


def shown(tag: Tag) -> datetime | None:
    """The moment that a tag shows: in the form for machines, else in words."""
    machine = told_by(tag, "datetime") or told_by(tag, "content")
    return read_moment(machine) or read_moment(tag.get_text(" ", strip=True))


ENTRY_REACH = 6  # steps from a headline up to its entry
LINKS_IN_ENTRY = 2  # the article itself and its section; more links make it a list of entries


def next_page(page: Page, profile: Profile, allowed: Collection[str]) -> str | None:
    for selector in profile.next_page:
        tag = page.soup.select_one(selector)
        address = canonical(told_by(tag, "href"), page.base, profile.query_keep) if tag else ""
        if address and refusal(address, profile, allowed, 0) is None:
            return address
    return None
