"""Which parts of a page are furniture: menus, side columns, footers, share buttons, related news?"""

import re
from collections.abc import Collection
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import select, with_all_within

# Furniture by what it is, on every site. An article may have a header and a footer of its own.
TAGS = {"nav", "aside", "dialog"}
OWN_IN_ARTICLES = {"header", "footer"}
ROLES = {"navigation", "contentinfo", "search", "dialog", "alertdialog"}
UNSEEN_CLASS = re.compile(r"(?:^|\s)(visually-hidden|element-invisible|sr-only|skip-link|screen-reader-text)(?=\s|$)")
UNSEEN_STYLE = re.compile(r"display\s*:\s*none", re.I)
# Furniture by what it is called. Names lie, so an element that holds most of the page's text stays.
CALLED = re.compile(
    r"(?:^|\s)(?:hidden|sidebar|pager|tags)(?=\s|$)|sidebar-|breadcrumb|pagination|social|share|rating|comment|related"
    r"|lien-quan|other-news|tin-khac|view-count|luot-xem|marquee|current-time|current-date|date-today|datetime$",
    re.I,
)
CALLED_FOOTER = re.compile("footer", re.I)
MOST = 0.6  # a news site was seen to keep whole articles inside "sidebar-1"
# What follows such a heading belongs to other pages.
STOP = re.compile(
    r"^(các )?(tin|bài|bài viết|tin bài|thông tin)( tức)?"
    r" (liên quan|khác|cùng chuyên mục|cùng loại|đã đưa)(\s\w+){0,2}\W*$"
    r"|^(các |những )?tin( tức)? (mới|cũ) (hơn|nhất)\W*$"
    r"|^(ý kiến (bạn đọc|của bạn)|bình luận|đánh giá bài viết|related (news|articles|posts)|other news"
    r"|more news|see also|comments)(\s\w+){0,2}\W*$",
    re.I,
)
HEADING_SOURCE = 200  # characters with the blanks that indent a page's source


def furniture(page: Page, profile: Profile) -> frozenset[HtmlElement]:
    """The elements that hold no article's text, each with everything in it."""
    letters, _ = page.sizes
    limit = MOST * letters[page.tree]
    found: list[HtmlElement] = []
    for element in page.tree.iter():
        if is_furniture(element) or (letters[element] < limit and is_called_furniture(element)):
            found.append(element)
        if element.text and is_stop(element.text):
            found += after_stop(element, letters, limit)
        if element.tail and is_stop(element.tail):
            found += after_stop(element.getparent(), letters, limit)
    if profile.remove:
        found += select(page.tree, ", ".join(profile.remove))
    return with_all_within(found)


def is_furniture(element: HtmlElement) -> bool:
    """By its tag, its role, or because it is not shown."""
    if element.tag in TAGS or (element.tag in OWN_IN_ARTICLES and not in_article(element)):
        return True
    told = element.attrib
    if not told:
        return False
    return (
        told.get("role") in ROLES
        or "hidden" in told
        or told.get("aria-hidden") == "true"
        or UNSEEN_CLASS.search(told.get("class", "")) is not None
        or UNSEEN_STYLE.search(told.get("style", "")) is not None
    )


def is_called_furniture(element: HtmlElement) -> bool:
    name, number = element.get("class", ""), element.get("id", "")
    if not name and not number:
        return False
    return called(name) or called(number) or (footer(name, number) and not in_article(element))


@lru_cache(10_000)
def called(name: str) -> bool:
    return CALLED.search(name) is not None


def footer(name: str, number: str) -> bool:
    return CALLED_FOOTER.search(name) is not None or CALLED_FOOTER.search(number) is not None


def in_article(element: HtmlElement) -> bool:
    return next(element.iterancestors("article"), None) is not None


def is_stop(text: str) -> bool:
    return len(text) <= HEADING_SOURCE and STOP.match(text.strip()) is not None


def after_stop(element: HtmlElement, letters: dict[HtmlElement, int], limit: float) -> list[HtmlElement]:
    """A heading such as "Tin liên quan" with what follows it in the same box."""
    heading = around(element, letters)
    if heading.tag == "h1":
        return []
    return [each for each in (heading, *heading.itersiblings()) if letters[each] < limit]


def around(element: HtmlElement, letters: dict[HtmlElement, int]) -> HtmlElement:
    """The outermost element that holds no other words."""
    box = element
    while box.getparent() is not None and letters[box.getparent()] == letters[box]:
        box = box.getparent()
    return box


def first(
    tree: HtmlElement, selectors: Collection[str], skipped: Collection[HtmlElement]
) -> tuple[HtmlElement, str] | None:
    """The first element outside the furniture that a selector finds, and that selector."""
    for selector in selectors:
        for element in select(tree, selector):
            if element not in skipped:
                return element, selector
    return None
