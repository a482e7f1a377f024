"""In what order do paragraphs, table rows and pictures stand in a piece of a page?"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from bs4.element import CData, NavigableString, PageElement, Tag

from indexer.language.clean import clean
from indexer.language.legacy import from_font, is_plain

BlockKind = Literal["text", "row", "item", "heading", "caption", "picture"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, row, list item, heading, caption or picture (without text), and where it stood."""

    kind: BlockKind
    text: str
    tag: Tag = field(compare=False, repr=False)


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
# Only what a source line is broken with: the other blanks may be halves of badly decoded letters.
SOURCE_BLANKS = re.compile(r"[ \t\r\n\f]+")
FONT = re.compile(r"font(?:-family)?\s*:\s*([^;]+)", re.IGNORECASE)
LONGEST_CELL = 600  # a longer "cell" is a column of a page laid out by tables, not a value


@dataclass(frozen=True, slots=True)
class Edge:
    """The end of a breaking element, met on the way through the tree."""

    tag: Tag


Step = str | Tag | Edge


def blocks_of(root: Tag, skipped: Collection[int] = frozenset()) -> list[Block]:
    """The blocks of ``root`` in reading order, without the elements whose ids are in ``skipped``."""
    found: list[Block] = []
    words: list[str] = []
    around = [root]
    for step in steps(root, skipped):
        if isinstance(step, str):
            words.append(step)
            continue
        found += paragraphs(words, around)
        words = []
        if isinstance(step, Edge):
            around.pop()
        elif step.name in PICTURES:
            found.append(Block("picture", "", step))
        elif is_data(step):
            found += rows(step)
        else:
            around.append(step)
    return found + paragraphs(words, around)


def steps(root: Tag, skipped: Collection[int]) -> Iterator[Step]:
    """Words, elements and their ends; without recursion, as old pages nest deeper than Python may call."""
    ahead: list[PageElement | Edge] = list(reversed(root.contents))
    while ahead:
        node = ahead.pop()
        if isinstance(node, Edge):
            yield node
        elif isinstance(node, Tag):
            if id(node) not in skipped and node.name not in SILENT:
                yield from entered(node, ahead)
        elif isinstance(node, NavigableString) and type(node) in (NavigableString, CData):  # no comments
            yield written(node)


def written(words: NavigableString) -> str:
    """The words, read with the letters of the font that shows them: old fonts drew Vietnamese over Latin codes."""
    return str(words) if is_plain(words) else from_font(words, font_of(words))


def font_of(words: NavigableString) -> str:
    """The font that the nearest element around asks for; empty when none does."""
    for tag in words.parents:
        found = FONT.search(str(tag.get("style", "")))
        if found or tag.get("face"):
            return found[1] if found else str(tag["face"])
    return ""


def entered(tag: Tag, ahead: list[PageElement | Edge]) -> Iterator[Step]:
    if tag.name == "br":
        yield "\n" if follows_br(tag) else " "
    elif tag.name in PICTURES or is_data(tag):
        yield tag
    else:
        if tag.name in BREAKING:
            yield tag
            ahead.append(Edge(tag))
        ahead.extend(reversed(tag.contents))


def follows_br(tag: Tag) -> bool:
    """The second of two line breaks ends a paragraph; a single one is only a space."""
    before = tag.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    return isinstance(before, Tag) and before.name == "br"


def paragraphs(words: list[str], around: list[Tag]) -> list[Block]:
    """What was gathered since the last break, as blocks of the kind that the elements around it make it."""
    texts = ["".join(words[start:end]) for start, end in cuts(words)]
    tidy = [text for text in (tidied(each) for each in texts) if text]
    kind = kind_in(around)
    if kind == "item" and tidy:
        tidy[0] = marker(around, words) + tidy[0]
    return [Block(kind, text, around[-1]) for text in tidy]


def cuts(words: list[str]) -> list[tuple[int, int]]:
    ends = [place for place, word in enumerate(words) if word == "\n"]
    return list(zip([0, *ends], [*ends, len(words)], strict=True))


def tidied(text: str) -> str:
    """Clean text on one line: in a page's source a line break is only a space."""
    return " ".join(clean(SOURCE_BLANKS.sub(" ", text)).split())


def kind_in(around: list[Tag]) -> BlockKind:
    names = {tag.name for tag in around[1:]} | ({around[0].name} & {"figcaption", "li"})
    if "figcaption" in names:
        return "caption"
    if names & HEADINGS:
        return "heading"
    return "item" if "li" in names else "text"


def marker(around: list[Tag], words: list[str]) -> str:
    """The dot or number that a browser draws before a list item's first paragraph."""
    item = next(tag for tag in reversed(around) if tag.name == "li")
    if around[-1] is not item and item.get_text().strip()[:20] != "".join(words).strip()[:20]:
        return ""
    if item.parent is None or item.parent.name != "ol":
        return "- "
    return f"{len(item.find_previous_siblings('li')) + 1}. "


def is_data(tag: Tag) -> bool:
    """Is it a table of values, rather than a page or a picture laid out by a table?"""
    if tag.name != "table" or tag.find(["table", "img", "form"]):
        return False
    widths = [[len(cell.get_text(strip=True)) for cell in cells(row)] for row in tag.find_all("tr")]
    wide = sum(len([width for width in row if width]) > 1 for row in widths)
    return wide > 1 and all(width <= LONGEST_CELL for row in widths for width in row)


def cells(row: Tag) -> list[Tag]:
    return [cell for cell in row.find_all(["td", "th"]) if isinstance(cell, Tag)]


def rows(table: Tag) -> list[Block]:
    """Each row of a table as "a | b | c"; an empty cell keeps its place."""
    caption = table.find("caption")
    found = blocks_of(caption) if isinstance(caption, Tag) else []
    for row in table.find_all("tr"):
        values = [" ".join(block.text for block in blocks_of(cell)) for cell in cells(row)]
        if any(values):
            found.append(Block("row", " | ".join(values), row))
    return found
