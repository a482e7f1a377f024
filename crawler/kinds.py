"""What kind of page is it: one article, a list of them, a document's sheet, or something else?"""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Literal
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from crawler.blocks import tidied
from crawler.dates import read_moment
from crawler.decode import sniff
from crawler.furniture import first, inside
from crawler.page import Page, attribute, meta
from crawler.profiles import Profile, matches
from crawler.titles import own_name

PageKind = Literal["article", "list", "document", "other"]

FEWEST = 3  # that many teasers side by side make a list
UNDATED = 5  # without dates it takes more of them, and no prose beside them
LINK_TEXT = 15  # characters: a menu's words are shorter than a headline
LEAD = 60  # characters that a list shows of an article beside its headline
SECTION = 25  # characters: the names of sections are shorter, headlines longer
LONG = 200  # characters of a paragraph of prose
TEASER = 700  # characters: a longer block is no teaser
DOCUMENT_LABELS = re.compile(
    r"^(số,?\s*/?\s*(ký|kí) hiệu|ngày ban hành|trích yếu|cơ quan ban hành|người ký|loại văn bản)\b", re.I
)
NOT_FOUND = re.compile(r"^404\b|không tìm thấy|không tồn tại|page not found|access denied|truy cập bị từ chối", re.I)
HOME = re.compile(r"^(/(index|default)\.\w+)?(/[a-z]{2}(-[a-z]{2})?)?/?$", re.I)
MARKED = 'script[type="application/ld+json"]'
ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*"(News)?Article"')


def page_kind(page: Page, profile: Profile, skipped: Collection[int]) -> tuple[PageKind, str]:
    """The kind of a page and what shows it."""
    refused = unreadable(page)
    if refused:
        return "other", refused
    if HOME.match(urlsplit(page.address).path) and not urlsplit(page.address).query:
        return "list", "home page"
    if is_document(page.tree, skipped):
        return "document", "labels of a document's sheet"
    whole = first(page.tree, profile.whole, skipped)
    if whole:
        return "article", f"whole: {whole[1]}"
    return by_rows(page, profile, skipped) or by_shape(page, skipped)


def unreadable(page: Page) -> str:
    if page.status != 200:
        return f"status {page.status}"
    if sniff(page.body, page.headers.get("content-type", "")) != "html":
        return "not a web page"
    title = page.tree.title.get_text(" ", strip=True) if page.tree.title else ""
    return "says that nothing is here" if NOT_FOUND.search(title) else ""


def is_document(tree: BeautifulSoup, skipped: Collection[int]) -> bool:
    cells = (cell for cell in tree.find_all(["td", "th", "dt", "label"]) if not inside(cell, skipped))
    labels = {cell.get_text(" ", strip=True).rstrip(": ").lower() for cell in cells}
    rows = {label for label in labels if DOCUMENT_LABELS.match(label)}
    return len(rows) >= FEWEST and not tree.select_one("thead")


def by_rows(page: Page, profile: Profile, skipped: Collection[int]) -> tuple[PageKind, str] | None:
    """A list, where the profile knows its rows; an article, where the page calls itself one."""
    for selector in profile.list_item:
        rows = [row for row in page.tree.select(selector) if row.find("a") and not among(row, skipped)]
        if len(rows) >= FEWEST or (rows and not first(page.tree, profile.body, skipped)):
            return "list", f"list_item: {selector}"
    if matches(profile.list_url, page.address):
        return "list", "list_url"
    told = meta(page.tree, "og:type") == "article" or any(
        ARTICLE_TYPE.search(script.get_text()) for script in page.tree.select(MARKED)
    )
    return ("article", "the page calls itself an article") if told else None


def among(row: Tag, skipped: Collection[int]) -> bool:
    """Does a row stand in furniture?  Its own name does not count: a teaser is only no article's text."""
    return row.parent is not None and inside(row.parent, skipped)


def by_shape(page: Page, skipped: Collection[int]) -> tuple[PageKind, str]:
    """A page of an unknown system is a list when teasers side by side outweigh its prose."""
    tree = page.tree
    groups: dict[tuple[int, str, str], list[Tag]] = defaultdict(list)
    for tag in tree.find_all(["li", "div", "article", "tr", "section", "dl"]):
        groups[id(tag.parent), tag.name, attribute(tag, "class")].append(tag)
    crowds = [members for members in groups.values() if len(members) >= FEWEST]
    shown = [teasers(members, skipped) for members in crowds]
    best = max(shown, key=lambda each: (telling(each) >= FEWEST, len(each)), default=[])
    dated = sum(read_moment(teaser.get_text(" ")) is not None for teaser in best)
    prose = long_paragraphs(tree, skipped, best)
    if dated >= FEWEST and (prose < 2 or prose <= dated / 5):
        return "list", f"{dated} dated teasers"
    if (len(best) >= UNDATED and not prose) or (telling(best) >= FEWEST and prose < 2):
        return "list", f"{len(best)} teasers"
    section = called_as_a_section(page)
    rows = [row for row in tree.find_all(["li", "div", "tr"]) if is_teaser(row) and tells_more(row)] if section else []
    if rows and long_paragraphs(tree, skipped, rows) < 2:
        return "list", f"has the name of its section: {section}"
    return "article", "prose outweighs teasers"


def teasers(members: list[Tag], skipped: Collection[int]) -> list[Tag]:
    return [each for each in members if is_teaser(each) and not inside(each, skipped)]


def is_teaser(tag: Tag) -> bool:
    links = tag.find_all("a", href=True)
    longest = max((len(link.get_text(" ", strip=True)) for link in links), default=0)
    return longest >= LINK_TEXT and len(tag.get_text(" ", strip=True)) <= TEASER


def telling(teasers: list[Tag]) -> int:
    return sum(map(tells_more, teasers))


def tells_more(teaser: Tag) -> bool:
    """Has it words beside its links: a lead, as only lists show?"""
    linked = sum(len(link.get_text(" ", strip=True)) for link in teaser.find_all("a", href=True))
    return len(teaser.get_text(" ", strip=True)) - linked >= LEAD


def called_as_a_section(page: Page) -> str:
    """The page's name, when one of its links is called the same: a list's page has a menu's link to its first. A name
    as long as a headline counts only when that link leads elsewhere."""
    called, here = own_name(page.tree)[0], urlsplit(page.address).path
    links = [link for link in page.tree.find_all("a", href=True) if called and tidied(link.get_text(" ")) == called]
    if len(called) > SECTION:
        links = [link for link in links if urlsplit(attribute(link, "href")).path not in ("", here)]
    return called if links else ""


def long_paragraphs(tree: BeautifulSoup, skipped: Collection[int], teasers: list[Tag]) -> int:
    apart = {*skipped, *map(id, teasers)}
    blocks = (tag for tag in tree.find_all(["p", "div", "td"]) if not tag.find(["p", "div", "table", "ul"]))
    return sum(len(tag.get_text(" ", strip=True)) >= LONG and not inside(tag, apart) for tag in blocks)
