"""Where on the page is the article's text?  The profile knows, else the densest block, else trafilatura."""

import copy
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bs4 import BeautifulSoup, Tag

from crawler.blocks import HEADINGS, Block, blocks_of, tidied
from crawler.furniture import first, inside
from crawler.page import attribute
from crawler.profiles import Profile

Confidence = Literal["high", "fair", "low"]


@dataclass(frozen=True, slots=True)
class Content:
    """The element that holds the text, its blocks, what found it and how sure that is."""

    part: Tag | None
    blocks: Sequence[Block]
    reason: str
    confidence: Confidence


WEAK = 140  # characters of prose: less may be a notice in one sentence, or only the page's edge
PROSE = 25  # characters: shorter lines are labels
WELL_NAMED = re.compile(r"article|content|detail|noi-?dung|chi-?tiet|bodytext|entry|post-body", re.I)
BADLY_NAMED = re.compile(r"menu|banner|list|widget|block-views|module|search|login|weather|thoi-tiet", re.I)
NEARNESS = (1.0, 0.5, 0.25)  # a paragraph speaks for the box around it, and less for each box around that
NO_BOX = HEADINGS | {"p", "li", "blockquote", "dt", "dd", "ul", "ol", "tr", "tbody", "table"}


def content_of(tree: BeautifulSoup, profile: Profile, skipped: Collection[int]) -> Content:
    """The article's text, from the surest way that finds some."""
    part, selector = longest(tree, profile.body, skipped)
    if part:
        return Content(part, blocks_of(part, skipped), selector, "high")
    whole = first(tree, profile.whole, skipped)
    part = densest(whole[0] if whole else tree, skipped)
    blocks = blocks_of(part, skipped) if part else []
    if whole or prose(blocks) >= WEAK:
        return Content(part, blocks, "densest block", "fair")
    guessed = by_trafilatura(tree, skipped)
    if prose(guessed) > prose(blocks):
        return Content(part, guessed, "trafilatura", "low")
    return Content(part, blocks, "densest block" if blocks else "no text", "low")


def longest(tree: BeautifulSoup, selectors: Collection[str], skipped: Collection[int]) -> tuple[Tag | None, str]:
    """The first selector's longest element: a footer's address may carry the same class as an article."""
    for selector in selectors:
        found = [tag for tag in tree.select(selector) if not inside(tag, skipped)]
        if found:
            return max(found, key=lambda tag: len(tag.get_text())), selector
    return None, ""


def prose(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks if len(block.text) >= PROSE)


def densest(root: Tag, skipped: Collection[int]) -> Tag | None:
    """The box with the most words that are no links."""
    scores: dict[int, float] = defaultdict(float)
    boxes: dict[int, Tag] = {}
    for block in blocks_of(root, skipped):
        if len(block.text) < PROSE:
            continue
        worth = len(block.text) * (1 - link_share(block.tag))
        for box, share in zip(holders(block.tag, root), NEARNESS, strict=False):
            boxes[id(box)] = box
            scores[id(box)] += worth * share
    best = max(boxes, key=lambda key: scores[key] * name_factor(boxes[key]), default=None)
    return boxes[best] if best is not None and scores[best] > PROSE else None


def holders(tag: Tag, root: Tag) -> list[Tag]:
    """The boxes around a paragraph from the inside out, not beyond the root."""
    around = [tag]
    while around[-1] is not root and around[-1].parent:
        around.append(around[-1].parent)
    return [each for each in around if each.name not in NO_BOX] or [root]


def link_share(tag: Tag) -> float:
    whole = len(tag.get_text()) or 1
    return min(1.0, sum(len(link.get_text()) for link in tag.find_all("a")) / whole)


def name_factor(tag: Tag) -> float:
    name = f"{attribute(tag, 'id')} {attribute(tag, 'class')}"
    return (1.25 if WELL_NAMED.search(name) else 1.0) * (0.5 if BADLY_NAMED.search(name) else 1.0)


def by_trafilatura(tree: BeautifulSoup, skipped: Collection[int]) -> list[Block]:
    """A second opinion on the page without its furniture."""
    # Imported here: it loads a dozen packages, and most sites never need it.
    from trafilatura import extract

    text = extract(pruned(tree, skipped), favor_precision=True, include_comments=False) or ""
    lines = (tidied(line) for line in text.splitlines())
    return [Block("text", line, tree) for line in lines if line]


def pruned(tree: BeautifulSoup, skipped: Collection[int]) -> str:
    """The page's source without its furniture; the tree itself stays whole for the other stages."""
    twin = copy.copy(tree)
    pairs = list(zip(tree.find_all(True), twin.find_all(True), strict=True))
    for original, copied in pairs:
        if id(original) in skipped and not copied.decomposed:
            copied.decompose()
    return str(twin)
