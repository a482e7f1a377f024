"""In what order do paragraphs, table rows and pictures stand in a piece of a page?"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from crawler.tree import Element, attribute, under, words_of
from indexer.language.clean import clean
from indexer.language.legacy import from_font, is_plain

BlockKind = Literal["text", "row", "item", "heading", "caption", "picture"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, row, list item, heading, caption or picture (without text), and where it stood."""

    kind: BlockKind
    text: str
    tag: Element = field(compare=False, repr=False)


HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BREAKING = HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main", "nav",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
SILENT = {
    "audio", "button", "canvas", "embed", "head", "iframe", "input", "link", "math", "meta", "noscript",
    "object", "option", "script", "select", "style", "svg", "template", "textarea", "title", "video",
}  # fmt: skip
PICTURES = {"img", "picture"}
PARAGRAPH = "\x1e"  # stands for an empty line; no page's text holds it
# Only what a source line is broken with: the other blanks may be halves of badly decoded letters.
SOURCE_BLANKS = re.compile(r"[ \t\r\n\f]+")
FONT = re.compile(r"font(?:-family)?\s*:\s*([^;]+)", re.IGNORECASE)
PROSE = 25  # characters: shorter lines are labels
LONGEST_CELL = 600  # a longer "cell" is a column of a page laid out by tables, not a value


@dataclass(frozen=True, slots=True)
class Edge:
    """The end of a breaking element, met on the way through the tree."""

    tag: Element


Words = tuple[str, Element]  # what stands behind an element
Step: TypeAlias = str | Element | Edge


def blocks_of(root: Element, skipped: Collection[Element] = frozenset()) -> list[Block]:
    """The blocks of ``root`` in reading order, without the elements in ``skipped``."""
    found: list[Block] = []
    words: list[str] = []
    around = [root]
    for step in steps(root, skipped):
        if isinstance(step, str):
            words.append(step)
            continue
        if words:
            found += paragraphs(words, around)
            words = []
        if isinstance(step, Edge):
            around.pop()
        elif step.tag in PICTURES:
            found.append(Block("picture", "", step))
        elif step.tag == "table" and is_data(step):
            found += rows(step)
        else:
            around.append(step)
    return found + paragraphs(words, around)


def steps(root: Element, skipped: Collection[Element]) -> Iterator[Step]:
    """Words, elements and their ends; without recursion, as old pages nest deeper than Python may call."""
    ahead: list[Words | Element | Edge] = [*reversed(root)]
    if root.text:
        yield written(root.text, root)
    while ahead:
        node = ahead.pop()
        if isinstance(node, Edge):
            yield node
        elif isinstance(node, tuple):
            yield written(node[0], node[1].getparent())
        else:
            if node.tail:
                ahead.append((node.tail, node))
            if node.tag not in SILENT and node not in skipped:
                yield from entered(node, ahead)


def written(words: str, element: Element | None) -> str:
    """The words, read with the letters of the font that shows them: old fonts drew Vietnamese over Latin codes."""
    return words if is_plain(words) else from_font(words, font_of(element))


def font_of(element: Element | None) -> str:
    """The font that an element or the nearest around it asks for; empty when none does."""
    for tag in (element, *element.iterancestors()) if element is not None else ():
        found = FONT.search(tag.get("style") or "")
        if found or tag.get("face"):
            return found[1] if found else attribute(tag, "face")
    return ""


def entered(tag: Element, ahead: list[Words | Element | Edge]) -> Iterator[Step]:
    if tag.tag == "br":
        yield PARAGRAPH if follows_br(tag) else " "
    elif tag.tag in PICTURES or (tag.tag == "table" and is_data(tag)):
        yield tag
    else:
        if tag.tag in BREAKING:
            yield tag
            ahead.append(Edge(tag))
        ahead.extend(reversed(tag))
        if tag.text:
            yield written(tag.text, tag)


def follows_br(tag: Element) -> bool:
    """The second of two line breaks ends a paragraph; a single one is only a space."""
    before = tag.getprevious()
    return before is not None and before.tag == "br" and not (before.tail or "").strip()


def paragraphs(words: list[str], around: list[Element]) -> list[Block]:
    """What was gathered since the last break, as blocks of the kind that the elements around it make it."""
    tidy = [text for text in map(tidied, "".join(words).split(PARAGRAPH)) if text]
    if not tidy:
        return []
    kind = kind_in(around)
    if kind == "item":
        tidy[0] = marker(around, words) + tidy[0]
    return [Block(kind, text, around[-1]) for text in tidy]


@lru_cache(1_000)  # a host's pages share their menus
def tidied(text: str) -> str:
    """Clean text on one line: in a page's source a line break is only a space."""
    return " ".join(clean(SOURCE_BLANKS.sub(" ", text)).split())


def kind_in(around: list[Element]) -> BlockKind:
    names = {tag.tag for tag in around[1:]} | ({around[0].tag} & {"figcaption", "li"})
    if "figcaption" in names:
        return "caption"
    if names & HEADINGS:
        return "heading"
    return "item" if "li" in names else "text"


def marker(around: list[Element], words: list[str]) -> str:
    """The dot or number that a browser draws before a list item's first paragraph."""
    item = next(tag for tag in reversed(around) if tag.tag == "li")
    if around[-1] is not item and words_of(item).strip()[:20] != "".join(words).strip()[:20]:
        return ""
    box = item.getparent()
    if box is None or box.tag != "ol":
        return "- "
    return f"{sum(1 for _ in item.itersiblings('li', preceding=True)) + 1}. "


def is_data(table: Element) -> bool:
    """Is it a table of values, rather than a page or a picture laid out by a table?"""
    if next(under(table, {"table", "img", "form"}), None) is not None:
        return False
    widths = [[len(words_of(cell).strip()) for cell in cells(row)] for row in table.iter("tr")]
    wide = sum(len([width for width in row if width]) > 1 for row in widths)
    return wide > 1 and all(width <= LONGEST_CELL for row in widths for width in row)


def cells(row: Element) -> list[Element]:
    return list(row.iter("td", "th"))


def rows(table: Element) -> list[Block]:
    """Each row of a table as "a | b | c"; an empty cell keeps its place."""
    caption = next(table.iter("caption"), None)
    found = blocks_of(caption) if caption is not None else []
    for row in table.iter("tr"):
        values = [" ".join(block.text for block in blocks_of(cell)) for cell in cells(row)]
        if any(values):
            found.append(Block("row", " | ".join(values), row))
    return found


def prose(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks if len(block.text) >= PROSE)
