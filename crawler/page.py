"""What came back for one address?  The bytes as fetched, parsed once for every stage that reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bs4 import BeautifulSoup, Tag

from crawler.addresses import canonical
from crawler.decode import decode


@dataclass(frozen=True)
class Page:
    """One answer of a server; names of ``headers`` are in small letters.  Its tree is read, never changed."""

    address: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def tree(self) -> BeautifulSoup:
        return BeautifulSoup(decode(self.body, self.headers.get("content-type", "")), "lxml")

    @cached_property
    def base(self) -> str:
        """What the page's links are relative to."""
        told = self.tree.find("base", href=True)
        return canonical(attribute(told, "href"), self.address) or self.address


def attribute(tag: object, name: str) -> str:
    """An attribute as one text; empty when there is no such tag or attribute."""
    value = tag.get(name) if isinstance(tag, Tag) else None
    return " ".join(value) if isinstance(value, list) else str(value or "").strip()


def meta(tree: BeautifulSoup, *names: str) -> str:
    """The content of the first ``meta`` line that carries one of these names."""
    lines = tree.find_all("meta", content=True)
    named = [(attribute(line, key).lower(), line) for key in META_KEYS for line in reversed(lines)]
    told = {name: attribute(line, "content") for name, line in named}
    return next((told[name] for name in names if told.get(name)), "")


META_KEYS = ("itemprop", "name", "property")
