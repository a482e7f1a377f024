"""Where on the page is the article's text?  The profile knows; without one it is guessed, at last by trafilatura."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.blocks import Block, blocks_of, prose
from crawler.dates import is_date_line
from crawler.furniture import first
from crawler.guess import around_text, beneath, by_trafilatura, densest, staying, widened
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import Element

Confidence = Literal["high", "fair", "low"]


@dataclass(frozen=True, slots=True)
class Content:
    """The element that holds the text, its blocks, what found it and how sure that is."""

    part: Element | None
    blocks: Sequence[Block]
    reason: str
    confidence: Confidence


WEAK = 140  # characters of prose: less may be a notice in one sentence, or only the page's edge
STRONG = 250  # characters of prose that are an article wherever they stand


def content_of(page: Page, profile: Profile, skipped: Collection[Element], heading: Element | None = None) -> Content:
    """The article's text, from the surest way that finds some. It stands behind its heading, where there is one."""
    part, selector = longest(page, profile.body, skipped)
    if part is not None and (profile.match_markup or selector in profile.own):
        return Content(part, blocks_of(part, skipped), selector, "high")
    if part is not None:  # a name that many systems share
        return Content(part, staying(page, blocks_of(part, skipped)), selector, "fair")
    whole = first(page, profile.whole, skipped)
    return guessed(page, whole[0] if whole else None, skipped, heading)


def guessed(page: Page, whole: Element | None, skipped: Collection[Element], heading: Element | None) -> Content:
    """The densest box with what belongs to it; where that is little, what stands under the heading, be it nothing."""
    root = page.tree if whole is None else whole
    shown = blocks_of(root, skipped)
    title = frozenset(heading.iter()) if heading is not None else frozenset()
    told = [block for block in shown if block.tag not in title and not is_date_line(block.text)]
    part = densest(page, root, told, heading)
    if part is not None and whole is None:
        part = widened(page, part, shown)
    blocks = [] if part is None else around_text(page, heading, part, shown)
    box, under = beneath(page, heading, shown)
    if box is not None and prose(blocks) < STRONG and part is not None and not related(part, box):
        return Content(box, under, "beneath the title", "fair" if prose(under) else "low")
    if whole is not None or prose(blocks) >= WEAK or (box is not None and under):
        return Content(part, blocks or under, "densest block" if blocks else "beneath the title", "fair")
    second = by_trafilatura(page.tree, skipped) if box is None else []
    if prose(second) > prose(blocks):
        return Content(part, second, "trafilatura", "low")
    return Content(part if blocks else box, blocks, "densest block" if blocks else "no text", "low")


def related(one: Element, other: Element) -> bool:
    """Does one of two boxes hold the other?"""
    return one is other or other in one.iterancestors() or one in other.iterancestors()


def longest(page: Page, selectors: Collection[str], skipped: Collection[Element]) -> tuple[Element | None, str]:
    """The first selector's longest element: a footer's address may carry the same class as an article."""
    letters = page.sizes.letters
    for selector in selectors:
        found = [each for each in page.select(selector) if each not in skipped]
        if found:
            return max(found, key=lambda each: letters[each]), selector
    return None, ""
