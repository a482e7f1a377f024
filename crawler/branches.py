"""Does a branch of a site lead to anything new?  Bounds for links that grow, and marks of lists seen before.

A language switch or a calendar whose link is relative lengthens the path with every step, and each address it makes
answers with a page that is known already. Only links on articles are bounded so; those of lists are what a site has.

Calendars, faceted lists and pages behind the last lead on within their own pattern: the same path but for numbers,
other values of the same keys. Such steps are bounded by how many in a row showed nothing new, whatever they are called.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.addresses import ENTRANCE, PAGE_NUMBER

PATIENCE = 5  # addresses of one shape that brought nothing, before no more of them are asked for
SLUG = re.compile(r"[^-_.]+[-_.][^-_.]+[-_.]|\d")  # a page's own name: several words, or a number


@dataclass(slots=True)
class Branches:
    """How many addresses of each shape brought something new, and how many did not."""

    gained: Counter[str] = field(default_factory=Counter)
    wasted: Counter[str] = field(default_factory=Counter)
    barren: Counter[str] = field(default_factory=Counter)  # steps in a row within a pattern that showed nothing new

    def note(self, address: str, *, new: bool) -> None:
        (self.gained if new else self.wasted)[shape(address)] += 1

    def closed(self, address: str) -> bool:
        key = shape(address)
        return self.wasted[key] >= PATIENCE + 2 * self.gained[key]

    def step(self, pattern: str, *, new: bool) -> None:
        self.barren[pattern] = 0 if new else self.barren[pattern] + 1

    def spent(self, pattern: str) -> bool:
        return self.barren[pattern] >= PATIENCE


def within(address: str, found_on: str) -> str:
    """The pattern in which a link leads on from a page of its own kind; empty when it leads elsewhere."""
    here, there = urlsplit(address), urlsplit(found_on)
    if here.netloc != there.netloc or address == found_on:
        return ""
    if PAGE_NUMBER.search(address):  # each list has its own pages, so these are a pattern only among themselves
        pages = paged(address)
        return pages if pages == paged(found_on) else ""
    head, told = NUMBERED.split(here.path)[0], keys(here.query)
    varies = bool(there.query or NUMBERED.search(there.path))
    same = varies and head == NUMBERED.split(there.path)[0] and keys(there.query) <= told
    return f"{here.netloc}{head}?{'&'.join(sorted(told))}" if same else ""


NUMBERED = re.compile(r"(?<=/)[^/]*\d[^/]*(?:/.*)?$")  # from the first step that holds a number on


def paged(address: str) -> str:
    return PAGE_NUMBER.sub(lambda found: re.sub(r"\d+$", "#", found[0]), address)


def keys(query: str) -> frozenset[str]:
    return frozenset(part.partition("=")[0] for part in query.split("&") if part)


def grows(address: str, found_on: str) -> bool:
    """Does a link only lengthen the path of the page that it stands on?  It goes on below the page, or repeats the
    page's name deeper down. The same path behind the server's entrance (/index.php/x) is another name, not a branch."""
    path, page = ENTRANCE.sub("", urlsplit(address).path), ENTRANCE.sub("", urlsplit(found_on).path)
    folder, _, name = page.rstrip("/").rpartition("/")
    if not name or len(path) <= len(page):
        return False
    return path.startswith(f"{folder}/{name}/") or (path.startswith(f"{folder}/") and path.endswith(f"/{name}"))


def shape(address: str) -> str:
    """An address with the names of its pages left out: /tin-tuc/*/vi"""
    parts = urlsplit(address)
    steps = ("*" if SLUG.search(step) else step for step in parts.path.split("/"))
    return "/".join(steps) + ("?*" if parts.query else "")


def signature(words: Iterable[str]) -> str:
    """What a list shows, whatever its address: the words of all its links."""
    return hashlib.sha256("\n".join(sorted(set(words))).encode()).hexdigest()[:32]
