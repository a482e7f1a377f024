"""Which parts of a page are furniture: menus, side columns, footers, share buttons, related news?"""

import re
from collections.abc import Collection

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from crawler.profiles import Profile

# Furniture by what it is, on every site. An article may have a header and a footer of its own.
ALWAYS = (
    "nav, aside, header:not(article header), footer:not(article footer), [role=navigation],"
    " [role=contentinfo], [role=search], [hidden], [aria-hidden=true], .visually-hidden, .element-invisible,"
    " .sr-only, .skip-link,"
    ' [style*="display:none"], [style*="display: none"]'
)
# Furniture by what it is called. Names lie, so an element that holds most of the page's text stays.
NAMED = (
    ".hidden, .sidebar, [class*=sidebar-], [id*=sidebar], [class*=breadcrumb], [class*=pagination], .pager,"
    " [class*=social], [class*=share], [class*=rating], [class*=comment], [class*=related], .tags,"
    " [class*=lien-quan], [class*=other-news], [class*=tin-khac], [class*=view-count], [class*=luot-xem],"
    " [class*=marquee],"
    " [id*=footer], [class*=footer]:not(article footer), [class*=current-time], [class*=current-date],"
    " [class*=date-today], [id*=datetime]"
)
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


def furniture(tree: BeautifulSoup, profile: Profile) -> frozenset[int]:
    """The ids of the elements that hold no article's text."""
    always = tree.select(", ".join((ALWAYS, *profile.remove)))
    limit = MOST * len(tree.get_text())
    named = [tag for tag in tree.select(NAMED) if len(tag.get_text()) < limit]
    return frozenset(map(id, [*always, *named, *after_stops(tree, limit)]))


def after_stops(tree: BeautifulSoup, limit: float) -> list[Tag]:
    """Headings such as "Tin liên quan" with what follows them in the same box."""
    found: list[Tag] = []
    for words in tree.find_all(string=lambda text: bool(text) and is_stop(str(text))):
        heading = around(words)
        if heading.name != "h1":
            box = [heading, *heading.find_next_siblings()]
            found += [tag for tag in box if len(tag.get_text()) < limit]
    return found


def is_stop(text: str) -> bool:
    return len(text) <= HEADING_SOURCE and STOP.match(text.strip()) is not None


def around(words: PageElement) -> Tag:
    """The outermost element that holds only these words."""
    box = words.parent
    while box and box.parent and sum(isinstance(each, Tag) or bool(str(each).strip()) for each in box.parent) == 1:
        box = box.parent
    assert box is not None  # a text found in a tree stands in an element
    return box


def inside(tag: Tag, ids: Collection[int]) -> bool:
    """Does the element stand in one of these, or is it one of them?"""
    return id(tag) in ids or any(id(parent) in ids for parent in tag.parents)


def first(tree: Tag, selectors: Collection[str], skipped: Collection[int]) -> tuple[Tag, str] | None:
    """The first element outside the furniture that a selector finds, and that selector."""
    for selector in selectors:
        for tag in tree.select(selector):
            if not inside(tag, skipped):
                return tag, selector
    return None
