"""When was it published?  The most trusted of the page's own words, never a clock or a neighbour's date."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from crawler.dates import is_bare_date, read_moment, sane
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import Element, attribute, line_of
from indexer.article import DateSource


@dataclass(frozen=True, slots=True)
class Published:
    """The publishing and the editing moment, with where they stood."""

    at: datetime | None = None
    source: DateSource = ""
    reason: str = ""
    updated: datetime | None = None


Dated = tuple[datetime | None, str]

NEAR = 6  # texts between a title and its article that may be the date line
LONGEST_LINE = 90  # characters: "Thứ ba, ngày 30 tháng 01 năm 2024 | 15:20 (GMT+7) Lượt xem: 1.234 | Cỡ chữ"
UPDATED = re.compile(r"cập nhật|ngày sửa|sửa đổi|chỉnh sửa|updated|modified|last edited", re.I)
# Days in such lines are other days: of a licence, of a law, of a document's signing, or of the visitor.
NOT_THE_DAY = re.compile(r"©|copyright|bản quyền|giấy phép|licen[cs]e|hiệu lực|hôm nay|today|/QĐ|/NĐ|/TT-|số:", re.I)
IN_ADDRESS = re.compile(r"/(20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=/|-)")
PUBLISHED_META = (
    "article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "pubdate",
)
UPDATED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")


def published(
    page: Page,
    profile: Profile,
    skipped: Collection[Element],
    heading: Element | None,
    part: Element | None,
    listed: datetime | None,
    now: datetime,
) -> Published:
    """Every place where a page may say its date, the most trusted first."""
    data = structured(page)
    places: tuple[tuple[DateSource, Callable[[], Dated]], ...] = (
        ("profile", lambda: selected(page, profile.date, skipped, edited=False, sure=profile.own)),
        ("meta", lambda: told(page, data, PUBLISHED_META, "datePublished")),
        ("list", lambda: (listed, "date on the list")),
        ("near-title", lambda: near(heading, part, skipped, edited=False)),
        ("address", lambda: in_address(page.address)),
    )
    updated = edited(page, profile, skipped, heading, part, data)
    for source, place in places:
        found, reason = place()
        if sane(found, now):
            return Published(found, source, reason, sane(updated, now))
    return Published(updated=sane(updated, now), reason="no date on the page")


def edited(
    page: Page,
    profile: Profile,
    skipped: Collection[Element],
    heading: Element | None,
    part: Element | None,
    data: Mapping[str, Any],
) -> datetime | None:
    ways = (
        selected(page, profile.updated, skipped),
        selected(page, profile.date, skipped, edited=True),
        told(page, data, UPDATED_META, "dateModified"),
        near(heading, part, skipped, edited=True),
    )
    return next((moment for moment, _ in ways if moment), None)


def selected(
    page: Page,
    selectors: Collection[str],
    skipped: Collection[Element],
    *,
    edited: bool | None = None,
    sure: Collection[str] = (),
) -> Dated:
    """What the profile's selectors show; ``sure`` are those that are believed whatever stands beside the date."""
    for selector in selectors:
        for tag in page.select(selector):
            fits = edited is None or selector in sure or bool(UPDATED.search(line_of(tag))) is edited
            moment = shown(tag) if fits and tag not in skipped else None
            if moment:
                return moment, selector
    return None, ""


def shown(tag: Element) -> datetime | None:
    """The moment an element shows: in the form for machines, else in words."""
    machine = attribute(tag, "datetime") or attribute(tag, "content")
    return read_moment(machine) or read_moment(line_of(tag))


def told(page: Page, data: Mapping[str, Any], names: tuple[str, ...], key: str) -> Dated:
    """What the head says: structured data, else meta lines."""
    moment = read_moment(str(data.get(key, "")))
    return (moment, f"JSON-LD {key}") if moment else (read_moment(page.meta(*names)), "meta")


def structured(page: Page) -> Mapping[str, Any]:
    """The JSON-LD record of the article; empty when there is none or it is broken."""
    for record in page.json_ld:
        try:
            given = json.loads(record)
        except (ValueError, RecursionError):
            continue
        graph = given.get("@graph", given) if isinstance(given, dict) else given
        for each in graph if isinstance(graph, list) else [graph]:
            if isinstance(each, dict) and "Article" in str(each.get("@type", "")):
                return each
    return {}


def near(heading: Element | None, part: Element | None, skipped: Collection[Element], *, edited: bool) -> Dated:
    """A date line behind the title. In the text's own box it must say nothing else, and stand before the text."""
    for text, inside in between(heading, part, skipped) if heading is not None else ():
        if inside and len(text) > LONGEST_LINE:
            break
        fits = len(text) <= LONGEST_LINE and not NOT_THE_DAY.search(text) and (not inside or is_bare_date(text))
        moment = read_moment(text) if fits and bool(UPDATED.search(text)) is edited else None
        if moment:
            return moment, f"near the title: {text}"
    return None, ""


def between(heading: Element, part: Element | None, skipped: Collection[Element]) -> Iterator[tuple[str, bool]]:
    """The first texts that follow a heading, each with the rest of its line, and whether they stand in the part."""
    seen, inside = 0, any(box is part for box in heading.iterancestors())
    for place, words in texts_after(heading):
        inside = inside or place is part
        if seen >= NEAR:
            return
        if words.strip():
            seen += 1
            if place not in skipped:
                yield attribute(place, "datetime") or line_around(place, words), inside


def texts_after(heading: Element) -> Iterator[tuple[Element, str]]:
    """What stands behind an element in the order of the page: each text, and the element that holds it."""
    here = heading
    for box in heading.iterancestors():
        yield box, here.tail or ""
        for sibling in here.itersiblings():
            yield from texts_in(sibling)
            yield box, sibling.tail or ""
        here = box


def texts_in(element: Element) -> Iterator[tuple[Element, str]]:
    for event, each in etree.iterwalk(element, events=("start", "end")):
        box = each.getparent()
        if event == "start":
            yield each, each.text or ""
        elif each is not element and box is not None:
            yield box, each.tail or ""


def line_around(place: Element, words: str) -> str:
    """A text with the rest of its line: "Ngày đăng:" and its date often stand in two elements."""
    box = place.getparent()
    whole = line_of(box) if box is not None else ""
    return whole if 0 < len(whole) <= LONGEST_LINE else words.strip()


def in_address(address: str) -> Dated:
    found = IN_ADDRESS.search(address)
    return (read_moment("-".join(found.groups())), "address") if found else (None, "")
