"""How is an answer written as an Atom feed?  As a tree, so that it is well-formed whatever the articles hold (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a feed."""

    id: str
    address: str
    title: str
    language: str
    updated: datetime
    published: datetime | None
    author: str
    section: str
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What is told of the feed itself; ``page`` is the page of results that it follows."""

    id: str
    address: str
    page: str
    title: str
    subtitle: str
    author: str
    language: str
    updated: datetime


def written(feed: Feed, entries: Sequence[Entry]) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}feed", {LANGUAGE: feed.language}, nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    add(root, "id", feed.id)
    add(root, "title", feed.title)
    add(root, "subtitle", feed.subtitle)
    add(root, "updated", instant(feed.updated))
    add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    add(root, "link", rel="alternate", type="text/html", href=feed.page)
    add(add(root, "author"), "name", feed.author)
    add(root, "generator", "Khotin")
    for each in entries:
        add_entry(root, each)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def add_entry(root: etree._Element, entry: Entry) -> None:
    made = add(root, "entry")
    made.set(LANGUAGE, entry.language)
    add(made, "id", entry.id)
    add(made, "title", entry.title)
    add(made, "updated", instant(entry.updated))
    if entry.published:
        add(made, "published", instant(entry.published))
    add(made, "link", rel="alternate", type="text/html", href=entry.address)
    if entry.author:
        add(add(made, "author"), "name", entry.author)
    if entry.section:
        add(made, "category", term=entry.section)
    add(made, "summary", entry.summary)


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", dict(attributes))
    made.text = text
    return made


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
