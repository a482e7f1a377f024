"""What is the article's title?  The heading that agrees with the page's own name for itself."""

import re
from collections.abc import Collection

from crawler.blocks import tidied
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import Element, words_of

AGREES = 0.5  # half of the words in common: `<title>` is often cut short, a menu's heading shares none
SITE_WORDS = re.compile(
    r"\b(sở|cổng|trang|ubnd|ủy ban|uỷ ban|tỉnh|bộ|website|portal|department|province|ministry|home)\b", re.I
)
SITE_BARE = re.compile(r"(so|cong thong tin|trang thong tin|ubnd|uy ban|bo)\b", re.I)  # typed without accents
SITE_WHOLE = re.compile(r"(cổng|trang) (thông tin|tt)\s*(điện tử|đt)", re.I)  # no headline begins so
SITE_NAME = 4  # words: "Sở Xây dựng", "So Xay dung"
SITE_FIRST = re.compile(rf"^(?:{SITE_WORDS.pattern}|{SITE_BARE.pattern})[^|–—:-]{{0,40}}?\s+[|–—:-]\s+", re.I)
SEPARATOR = re.compile(r"\s+[|\-–—»:]+\s+|\s*\|\s*")
PIECES = re.compile(f"({SEPARATOR.pattern})")


def title_of(page: Page, profile: Profile, skipped: Collection[Element]) -> tuple[str, Element | None, str]:
    """The title, the heading that shows it (if one does) and what found it."""
    called, named_by = own_name(page)
    headings = candidates(page, (*profile.title, "h1", "h2"), skipped)
    own = next((each for each in headings if each[2] in profile.own), None)
    if own:
        return own
    agreeing = [each for each in headings if agreement(each[0], called) >= AGREES and not names_a_part(each, called)]
    trusted = [each for each in headings if each[2] in profile.title]
    for text, tag, selector in (agreeing or trusted)[:1]:
        return text, tag, selector
    without = SITE_FIRST.sub("", called)
    if without != called and showing(page.tree, without, skipped) is not None:
        return without, showing(page.tree, without, skipped), named_by
    if called:
        return called, showing(page.tree, called, skipped), named_by
    return headings[0] if headings else ("", None, "")


def names_a_part(heading: tuple[str, Element | None, str], called: str) -> bool:
    """A second heading of a word or two from the title heads a part of the article."""
    return heading[2] == "h2" and len(heading[0].split()) < AGREES * len(called.split())


def showing(tree: Element, title: str, skipped: Collection[Element]) -> Element | None:
    """The innermost element that shows a title though it is no heading, as on old sites; no link to the page."""
    for tag in tree.iter():
        said = any(says(words, title) for words in (tag.text, *(child.tail for child in tag)))
        if said and tag.tag not in ("a", "title") and tag not in skipped and next(tag.iterancestors("a"), None) is None:
            return tag
    return None


def says(words: str | None, title: str) -> bool:
    """Are these the title's words?  Their length is looked at first: this is asked of every text of a page."""
    return words is not None and len(title) <= len(words.strip()) <= 3 * len(title) and tidied(words) == title


def candidates(
    page: Page, selectors: Collection[str], skipped: Collection[Element]
) -> list[tuple[str, Element | None, str]]:
    """Every heading with words in it, surest selector first."""
    found: list[tuple[str, Element | None, str]] = []
    for selector in selectors:
        tags = [tag for tag in page.select(selector) if tag not in skipped]
        broken = [next(tag.iter("br"), None) is not None for tag in tags]
        texts = [
            (tidied(words_of(tag, " " if br else "")), tag, selector) for tag, br in zip(tags, broken, strict=True)
        ]
        found += [each for each in texts if each[0]]
    return found


def own_name(page: Page) -> tuple[str, str]:
    """What the page calls itself in its head."""
    told = tidied_apart(page.meta("og:title", "twitter:title"))
    site = tidied(page.meta("og:site_name"))
    if told:
        return without_site(told, site), "og:title"
    title = tidied_apart(page.tree.findtext(".//title") or "")
    return without_site(title, site), "title" if title else ""


def tidied_apart(text: str) -> str:
    """A page's name, cleaned piece by piece: an old font's letters stand beside the site's name in others."""
    pieces = enumerate(PIECES.split(text))
    return "".join(f" {each.strip()} " if place % 2 else tidied(each) for place, each in pieces).strip()


def without_site(text: str, site: str = "") -> str:
    """A page's name without the site's name behind it."""
    if site and text.endswith(site) and text != site:
        return SEPARATOR.sub("", text.removesuffix(site) + " ").strip(" |-–—»")
    cuts = list(SEPARATOR.finditer(text))
    if not cuts:
        return text
    head, tail = text[: cuts[-1].start()], text[cuts[-1].end() :]
    named = SITE_WORDS.search(tail) or SITE_BARE.match(tail)
    short = len(tail) < len(head) or len(tail.split()) <= SITE_NAME
    is_site = "|" in cuts[-1][0] or SITE_WHOLE.match(tail) or (named and short)
    return head if is_site else text


def agreement(one: str, other: str) -> float:
    """The share of words in common, measured by the shorter of the two, so that a cut title still agrees."""
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return len(words & others) / min(len(words), len(others)) if words and others else 0.0
