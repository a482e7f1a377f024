"""What does a page tell of articles that were destroyed?  The words of links to them and of their teasers go. (pure)

Only what is kept is masked: a page is read as it came, so that nobody is said to have edited anything.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from string import ascii_lowercase, ascii_uppercase

from indexer.canonical import canonical
from indexer.traces import GAP

LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))[^<>]*>", re.I)
# A teaser ends where the next one begins, or the row, the item, the list.
END = re.compile(r"<a\b|</?(?:li|article|tr|td|ul|ol|table|section|main|footer|nav|h[1-6])\b", re.I)
ENTRY_ENDS = re.compile(r"</(item|entry)\s*>", re.I)
NAMED = re.compile(r"<(?:link|guid|id)\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)|\bhref\s*=\s*[\"']([^\"']+)", re.I)
PARAGRAPH = re.compile(r"<(/?)p\b", re.I)
TEXT = re.compile(r"(?:^|(?<=>))[^<>]++(?=<|$)")
TOLD = re.compile(r"\b(title|alt|aria-label|data-title)\s*=\s*(\"[^\"]*\"|'[^']*')", re.I)
QUOTED = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
ADDRESS = re.compile(r"(https?://[^<\s\]]+)")

SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)  # changes no letter into two, as `lower` does
# So far before a link the beginning of its paragraph is looked for.
PARAGRAPH_BEGINS = 5_000

Barred = Callable[[str], bool]


def masked(page: str, base: str, is_barred: Barred) -> str:
    """The page without what it tells of barred addresses; the addresses themselves stay."""
    page = "".join(without_words(each) if names(each, base, is_barred) else each for each in entries(page))
    pieces: list[str] = []
    at = 0
    for link in LINK.finditer(page):
        address = canonical(unescape(link[1] or link[2] or link[3] or ""), base)
        if link.start() >= at and address and is_barred(address):
            end = end_of(page, link.start(), link.end())
            pieces += [page[at : link.start()], without_words(page[link.start() : end])]
            at = end
    return "".join([*pieces, page[at:]])


def entries(page: str) -> Iterator[str]:
    """A feed in pieces: its entries, and what stands between them."""
    at, small = 0, page.translate(SMALL)
    for end in ENTRY_ENDS.finditer(page):
        begin = max(at, small.rfind(f"<{end[1].lower()}", at, end.start()))
        yield page[at:begin]
        yield page[begin : end.end()]
        at = end.end()
    yield page[at:]


def names(entry: str, base: str, is_barred: Barred) -> bool:
    """Does an entry of a feed lead to a barred address?"""
    if not ENTRY_ENDS.search(entry):
        return False
    told = (found[1] or found[2] for found in NAMED.finditer(entry))
    return any(is_barred(canonical(unescape(each), base)) for each in told)


def end_of(page: str, start: int, after: int) -> int:
    """Where that ends which a link's page is told of: within a paragraph with the link, else with its row."""
    close = page.find("</a", after)
    close = len(page) if close < 0 else close
    before = [each[1] for each in PARAGRAPH.finditer(page, max(0, start - PARAGRAPH_BEGINS), start)]
    if before and before[-1] == "":
        return close
    end = END.search(page, close + 1)
    if end and re.match(r"</h", end[0], re.I):  # the heading of the teaser itself
        end = END.search(page, end.end())
    return end.start() if end else close


def without_words(part: str) -> str:
    """A part of a page with a gap in the place of each text and of what its tags tell; addresses stay."""
    told = TOLD.sub(lambda found: f'{found[1]}="{GAP}"', part)
    told = QUOTED.sub(lambda found: found[0] if is_kept(found[1].strip()) else f"<![CDATA[{GAP}]]>", told)
    return TEXT.sub(lambda found: found[0] if is_kept(found[0].strip()) else GAP, told)


def is_kept(text: str) -> bool:
    """An address, or nothing but signs."""
    return ADDRESS.fullmatch(text) is not None or not any(map(str.isalnum, text))
