"""What kind of page is it: one article, a list of them, a document's sheet, or something else?"""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Literal
from urllib.parse import urlsplit

from crawler.blocks import BREAKING, tidied
from crawler.dates import read_moment
from crawler.furniture import first
from crawler.page import Page
from crawler.profiles import Profile, matches
from crawler.titles import own_name
from crawler.tree import Element, attribute, line_of, with_all_within, words_of
from indexer.decode import sniff

PageKind = Literal["article", "list", "document", "other"]

# Lengths in letters, without the blanks between them.
FEWEST = 3  # that many teasers side by side make a list
UNDATED = 5  # without dates it takes more of them, and no prose beside them
LINK_TEXT = 12  # a menu's words are shorter than a headline
LEAD = 48  # that many a list shows of an article beside its headline
SECTION = 25  # characters: the names of sections are shorter, headlines longer
LONG = 160  # of a paragraph of prose
ENTRIES = ("li", "div", "article", "tr", "section", "dl")
PARAGRAPHS = ("p", "div", "td", "section", "article", "body")
SHORT = 60  # of a paragraph that counts with those beside it
ROW = 320  # of such paragraphs in one box: an article written in short ones
TEASER = 560  # a longer block is no teaser
HEADLINE = 40  # characters of a page's name: it is no section's, and one paragraph makes the article
DOCUMENT_LABELS = re.compile(
    r"^(số,?\s*/?\s*(ký|kí) hiệu|ngày ban hành|trích yếu|cơ quan ban hành|người ký|loại văn bản)\b", re.I
)
NOT_FOUND = re.compile(r"^404\b|không tìm thấy|không tồn tại|page not found|access denied|truy cập bị từ chối", re.I)
HOME = re.compile(r"^(/(index|default)\.\w+)?(/[a-z]{2}(-[a-z]{2})?)?/?$", re.I)
# What a site says of itself at the foot of its pages; where a section holds nothing, no more is said.
IMPRINT = re.compile(
    r"©|copyright|bản quyền|giấy phép (thiết lập|số)|GP-(TTĐT|BC|BTTTT|BVHTT)"
    r"|^\W*(địa chỉ|trụ sở)|chịu trách nhiệm|\b(điện thoại|fax|e-?mail)\s*:",
    re.I,
)
ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*"(News)?Article"')


def page_kind(page: Page, profile: Profile, skipped: Collection[Element]) -> tuple[PageKind, str]:
    """The kind of a page and what shows it."""
    refused = unreadable(page)
    if refused:
        return "other", refused
    if HOME.match(urlsplit(page.address).path) and not urlsplit(page.address).query:
        return "list", "home page"
    if is_document(page.tree, skipped):
        return "document", "labels of a document's sheet"
    whole = first(page, profile.whole, skipped)
    if whole:
        return "article", f"whole: {whole[1]}"
    return by_rows(page, profile, skipped) or by_own_lines(page, profile, skipped) or by_shape(page, skipped)


def unreadable(page: Page) -> str:
    if page.status != 200:
        return f"status {page.status}"
    if sniff(page.body, page.headers.get("content-type", "")) != "html":
        return "not a web page"
    title = page.tree.findtext(".//title") or ""
    return "says that nothing is here" if NOT_FOUND.search(title.strip()) else ""


def is_document(tree: Element, skipped: Collection[Element]) -> bool:
    cells = (cell for cell in tree.iter("td", "th", "dt", "label") if cell not in skipped)
    labels = {line_of(cell).rstrip(": ").lower() for cell in cells}
    rows = {label for label in labels if DOCUMENT_LABELS.match(label)}
    return len(rows) >= FEWEST and next(tree.iter("thead"), None) is None


def by_rows(page: Page, profile: Profile, skipped: Collection[Element]) -> tuple[PageKind, str] | None:
    """A list, where the profile knows its rows; an article, where the page calls itself one."""
    for selector in profile.list_item:
        shown = [row for row in page.select(selector) if not among(row, skipped)]
        rows = [row for row in shown if next(row.iter("a"), None) is not None]
        if len(rows) >= FEWEST or (rows and not first(page, profile.body, skipped)):
            return "list", f"list_item: {selector}"
    if matches(profile.list_url, page.address):
        return "list", "list_url"
    told = page.meta("og:type") == "article" or any(map(ARTICLE_TYPE.search, page.json_ld))
    return ("article", "the page calls itself an article") if told else None


def by_own_lines(page: Page, profile: Profile, skipped: Collection[Element]) -> tuple[PageKind, str] | None:
    """Where a source's own lines show the text of an article, there is one."""
    found = first(page, [each for each in profile.body if each in profile.own], skipped)
    return ("article", f"body: {found[1]}") if found else None


def among(row: Element, skipped: Collection[Element]) -> bool:
    """Does a row stand in furniture?  Its own name does not count: a teaser is only no article's text."""
    return row.getparent() in skipped


def by_shape(page: Page, skipped: Collection[Element]) -> tuple[PageKind, str]:
    """A page of an unknown system is a list when teasers side by side outweigh its prose."""
    groups: dict[tuple[Element | None, str, str], list[Element]] = defaultdict(list)
    for each in page.tree.iter(*ENTRIES):
        if each not in skipped:
            groups[each.getparent(), each.tag, each.get("class", "")].append(each)
    crowds = (members for members in groups.values() if len(members) >= FEWEST)
    shown = [[each for each in members if is_teaser(page, each)] for members in crowds]
    best = max(shown, key=lambda each: (telling(page, each) >= FEWEST, len(each)), default=[])
    dated = sum(read_moment(line_of(teaser)) is not None for teaser in best)
    prose = long_paragraphs(page, skipped, best)
    few = 1 if len(own_name(page)[0]) >= HEADLINE else max(2, dated / 5)
    if few == 1 and not prose:
        prose = int(longest_row(page, skipped, best) >= ROW)
    if dated >= FEWEST and prose < few:
        return "list", f"{dated} dated teasers"
    if (len(best) >= UNDATED and not prose) or (telling(page, best) >= FEWEST and prose < 2):
        return "list", f"{len(best)} teasers"
    section = called_as_a_section(page)
    rows = [each for each in page.tree.iter(*ENTRIES) if is_teaser(page, each) and tells_more(page, each)]
    if section and rows and long_paragraphs(page, skipped, rows) < 2:
        return "list", f"has the name of its section: {section}"
    if section and says_nothing(page, skipped):
        return "list", f"has the name of its section, and nothing in it: {section}"
    return "article", "prose outweighs teasers"


def is_teaser(page: Page, tag: Element) -> bool:
    letters, linked = page.sizes.letters, page.sizes.linked
    if not linked[tag] >= LINK_TEXT or letters[tag] > TEASER:
        return False
    return any(letters[link] >= LINK_TEXT for link in tag.iter("a") if link.get("href"))


def telling(page: Page, teasers: list[Element]) -> int:
    return sum(tells_more(page, each) for each in teasers)


def tells_more(page: Page, teaser: Element) -> bool:
    """Has it words beside its links: a lead, as only lists show?"""
    letters, linked = page.sizes.letters, page.sizes.linked
    return letters[teaser] - linked[teaser] >= LEAD


def called_as_a_section(page: Page) -> str:
    """The page's name, when one of its links is called the same: a list's page has a menu's link to its first. A name
    as long as a headline counts only when that link leads elsewhere."""
    called, here = own_name(page)[0], urlsplit(page.address).path
    links = [each for each in page.tree.iter("a") if each.get("href") and says(each, called, page.sizes.letters[each])]
    if len(called) > SECTION:
        links = [link for link in links if urlsplit(attribute(link, "href")).path not in ("", here)]
    return called if links else ""


def says(element: Element, words: str, letters: int) -> bool:
    """Are these its words?  Their number is looked at first: this is asked of every link of a page."""
    return bool(words) and letters + words.count(" ") >= len(words) and tidied(words_of(element, " ")) == words


def says_nothing(page: Page, skipped: Collection[Element]) -> bool:
    """Is there nothing on the page but links, labels and the site's imprint?"""
    boxes = (each for each in page.tree.iter(*PARAGRAPHS) if each not in skipped)
    return all(own_letters(page, each) < LEAD or IMPRINT.search(line_of(each)) for each in boxes)


def own_letters(page: Page, box: Element) -> int:
    """Of the words that stand in a box itself, outside its links and the boxes within."""
    letters, linked = page.sizes.letters, page.sizes.linked
    return letters[box] - sum(letters[inner] for inner in box if inner.tag in BREAKING) - linked[box]


def long_paragraphs(page: Page, skipped: Collection[Element], teasers: list[Element]) -> int:
    letters = page.sizes.letters
    apart = with_all_within(teasers)
    boxes = (each for each in page.tree.iter(*PARAGRAPHS) if letters[each] >= LONG and each not in skipped)
    return sum(own_letters(page, each) >= LONG for each in boxes if each not in apart)


def longest_row(page: Page, skipped: Collection[Element], teasers: list[Element]) -> int:
    """The letters of the paragraphs that stand side by side in one box, in the box that has most of them."""
    letters, linked = page.sizes.letters, page.sizes.linked
    apart = with_all_within(teasers)
    rows: dict[Element | None, int] = defaultdict(int)
    for each in page.tree.iter("p", "div"):
        if letters[each] - linked[each] >= SHORT and letters[each] < LONG and each not in skipped and each not in apart:
            rows[each.getparent()] += letters[each] - linked[each]
    return max(rows.values(), default=0)
