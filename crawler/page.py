"""What came back for one address?  The bytes as fetched, parsed once for every stage that reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bs4 import BeautifulSoup, Tag

from crawler.selectors import Names, names_in, select
from crawler.tree import Element, Sizes, attribute, parse, sizes
from indexer.canonical import canonical
from indexer.decode import decode

META_KEYS = ("itemprop", "name", "property")


@dataclass(frozen=True)
class Page:
    """One answer of a server; names of ``headers`` are in small letters.

    Two trees, built when first asked for and never changed: ``tree`` for the article's text, quick and without what no
    reader sees; ``soup`` for where the page leads, with its scripts.
    """

    address: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def text(self) -> str:
        return decode(self.body, self.headers.get("content-type", ""))

    @cached_property
    def parsed(self) -> tuple[Element, tuple[str, ...]]:
        return parse(self.text)

    @property
    def tree(self) -> Element:
        return self.parsed[0]

    @property
    def json_ld(self) -> tuple[str, ...]:
        """Its records for search engines, as they stand."""
        return self.parsed[1]

    @cached_property
    def names(self) -> Names:
        return names_in(self.tree)

    def select(self, selector: str) -> list[Element]:
        """The elements that a CSS selector fits, in order."""
        return select(self.tree, selector, self.names)

    @cached_property
    def sizes(self) -> Sizes:
        return sizes(self.tree)

    @cached_property
    def places(self) -> Mapping[Element, int]:
        """Where each element stands in the order of the page."""
        return {element: place for place, element in enumerate(self.tree.iter())}

    @cached_property
    def metas(self) -> Mapping[str, str]:
        lines = [line for line in self.tree.iter("meta") if line.get("content")]
        named = ((attribute(line, key).lower(), line) for key in META_KEYS for line in reversed(lines) if line.get(key))
        return {name: attribute(line, "content") for name, line in named}

    def meta(self, *names: str) -> str:
        """The content of the first ``meta`` line that carries one of these names."""
        return next((self.metas[name] for name in names if self.metas.get(name)), "")

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "lxml")

    @cached_property
    def base(self) -> str:
        """What the page's links are relative to."""
        told = next((each for each in self.tree.iter("base") if each.get("href")), None)
        return self.address if told is None else canonical(attribute(told, "href"), self.address) or self.address


def told_by(tag: object, name: str) -> str:
    """An attribute of a tag of the soup as one text; empty when there is no such tag or attribute."""
    value = tag.get(name) if isinstance(tag, Tag) else None
    return " ".join(value) if isinstance(value, list) else str(value or "").strip()
