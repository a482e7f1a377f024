"""Does a branch of a site lead to anything new?  Bounds for links that grow, and marks of lists seen before.

A language switch or a calendar whose link is relative lengthens the path with every step, and each address it makes
answers with a page that is known already. Only links on articles are bounded so; those of lists are what a site has.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.addresses import ENTRANCE

PATIENCE = 5  # addresses of one shape that brought nothing, before no more of them are asked for
SLUG = re.compile(r"[^-_.]+[-_.][^-_.]+[-_.]|\d")  # a page's own name: several words, or a number


@dataclass(slots=True)
class Branches:
    """How many addresses of each shape brought something new, and how many did not."""

    gained: Counter[str] = field(default_factory=Counter)
    wasted: Counter[str] = field(default_factory=Counter)

    def note(self, address: str, *, new: bool) -> None:
        (self.gained if new else self.wasted)[shape(address)] += 1

    def closed(self, address: str) -> bool:
        key = shape(address)
        return self.wasted[key] >= PATIENCE + 2 * self.gained[key]


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
