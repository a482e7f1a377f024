"""Which parts of a page are furniture: menus, side columns, footers, share buttons, related news?"""

import re
from collections.abc import Collection
from functools import lru_cache

from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import Element, with_all_within

# Furniture by what it is, on every site. An article may have a header and a footer of its own.
TAGS = {"nav", "aside", "dialog"}
OWN_IN_ARTICLES = {"header", "footer"}
ROLES = {"navigation", "contentinfo", "search", "dialog", "alertdialog", "tablist"}
UNSEEN_CLASS = re.compile(r"(?:^|\s)(visually-hidden|element-invisible|sr-only|skip-link|screen-reader-text)(?=\s|$)")
UNSEEN_STYLE = re.compile(r"display\s*:\s*none", re.I)
# Furniture by what it is called. Names lie, so an element that holds most of the page's text stays.
CALLED = re.compile(
    r"(?:^|\s)(?:hidden|sidebar|pager|tags)(?=\s|$)|sidebar-|breadcrumb|pagination|nav-tabs|social(?!-media-embed)|share|rating"
    r"|comment|related|lien-quan|other-news|tin-khac|view-count|luot-xem|marquee|current-time|current-date|date-today"
    r"|datetime$|newsletter|sign-?up|subscribe|cookie|consent|privacy|modal|promo|recommend|trending|most-?read"
    r"|popular|read-?more|more-?(?:on|from|news|stories)|read-?next|outbrain|taboola|quang-?cao|doc-nhieu|xem-nhieu"
    r"|cat-links|entry-footer|post-navigation|(?:^|[\s_-])(?:ads?|advert\w*|sponsor\w*|disqus|copyright|author-bio|bio|tools)"
    r"(?=$|[\s_-])",
    re.I,
)
CALLED_FOOTER = re.compile("footer", re.I)
COMMENTS = re.compile("comment|disqus|binh-?luan", re.I)
MOST = 0.35  # of the page's prose: a news site was seen to keep whole articles inside "sidebar-1"
NEARLY_ALL = 0.8  # of it, in a box named for comments: they may be longer than the article
# What follows such a heading belongs to other pages.
STOP = re.compile(
    r"^(các )?(tin|bài|bài viết|tin bài|thông tin)( tức)?"
    r" (liên quan|khác|cùng chuyên mục|cùng loại|đã đưa)(\s\w+){0,2}\W*$"
    r"|^(các |những )?tin( tức)? (mới|cũ) (hơn|nhất)\W*$|^(có thể bạn quan tâm|(đọc|xem) (thêm|nhiều))\W*$"
    r"|^(ý kiến (bạn đọc|của bạn)|bình luận|đánh giá bài viết|related (news|articles|posts|stories|content|topics)"
    r"|other news|more news|see also|comments|you may also like|you might also like|recommended|explore further"
    r"|most (read|popular)|more (stories|from|on this)|don.t miss|trending|read next|leave a (reply|comment))"
    r"(\s\w+){0,3}(\s*\(\d+\))?\W*$",
    re.I,
)
HEADING_SOURCE = 200  # characters with the blanks that indent a page's source


def furniture(page: Page, profile: Profile) -> frozenset[Element]:
    """The elements that hold no article's text, each with everything in it."""
    prose = page.sizes.prose
    found: list[Element] = []
    for element in page.tree.iter():
        if is_furniture(element):
            found.append(element)
        elif element.attrib and is_called_furniture(element):
            share = NEARLY_ALL if COMMENTS.search(f"{element.get('class')} {element.get('id')}") else MOST
            if prose[element] <= share * prose[page.tree]:
                found.append(element)
        if element.text and is_stop(element.text):
            found += after_stop(element, page)
        box = element.getparent()
        if element.tail and box is not None and is_stop(element.tail):
            found += after_stop(box, page)
    for selector in profile.remove:
        found += page.select(selector)
    return spared(found, [each for selector in profile.own for each in page.select(selector)])


def spared(found: list[Element], shown: list[Element]) -> frozenset[Element]:
    """All furniture but what a source's own lines show, wherever that stands; what stands in that may be furniture."""
    if not shown:
        return with_all_within(found)
    kept = frozenset(shown)
    within = [each for each in found if each not in kept and any(box in kept for box in each.iterancestors())]
    around = [each for each in found if each not in set(within)]
    return (with_all_within(around) - with_all_within(shown)) | with_all_within(within)


def is_furniture(element: Element) -> bool:
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


def is_called_furniture(element: Element) -> bool:
    name, number = element.get("class", ""), element.get("id", "")
    if not name and not number:
        return False
    return called(name) or called(number) or (footer(name, number) and not in_article(element))


@lru_cache(10_000)
def called(name: str) -> bool:
    return CALLED.search(name) is not None


def footer(name: str, number: str) -> bool:
    return CALLED_FOOTER.search(name) is not None or CALLED_FOOTER.search(number) is not None


def in_article(element: Element) -> bool:
    return next(element.iterancestors("article"), None) is not None


def is_stop(text: str) -> bool:
    return len(text) <= HEADING_SOURCE and STOP.match(text.strip()) is not None


def after_stop(element: Element, page: Page) -> list[Element]:
    """A heading such as "Tin liên quan" with what follows it in the same box."""
    prose = page.sizes.prose
    heading = around(element, page.sizes.letters)
    if heading.tag == "h1" or (heading.tail or "").strip():  # the second: it opens a sentence
        return []
    found = [heading, *heading.itersiblings()]
    limit = MOST * prose[page.tree]
    # More would be the article itself, around a box in its midst.
    return found if sum(prose[each] for each in found) <= limit else [heading]


def around(element: Element, letters: dict[Element, int]) -> Element:
    """The outermost element that holds no other words."""
    outermost = element
    for box in element.iterancestors():
        if letters[box] > letters[element]:
            break
        outermost = box
    return outermost


def first(page: Page, selectors: Collection[str], skipped: Collection[Element]) -> tuple[Element, str] | None:
    """The first element outside the furniture that a selector finds, and that selector."""
    for selector in selectors:
        for element in page.select(selector):
            if element not in skipped:
                return element, selector
    return None
