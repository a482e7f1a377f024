"""Where is the text on a page of an unknown system?  In the densest box behind the heading, and what belongs to it."""

import copy
import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from lxml import etree

from crawler.addresses import file_of
from crawler.blocks import HEADINGS, PROSE, Block, tidied
from crawler.byline import byline, right_aligned_name
from crawler.dates import is_date_line
from crawler.page import Page
from crawler.tree import Element, attribute
from indexer.markup import drop

LEAD = 60  # characters
PARAGRAPH = 60  # letters outside links
EARLY = 0.3  # how much a text before the heading counts: it is a ticker or a banner
DRAG = 4  # so many letters of paragraphs for one of labels and links
SIGNATURE = 3  # blocks behind the text, among which the author may be named
WIDER = 0.25  # of the paragraphs found: less is a side note
ALL_LINK, SOME_LINK = 0.9, 0.3  # the second where the words say that it leads to another page
READ_MORE = re.compile(r"^\W*(read|see|find out) more|related|đọc thêm|xem thêm|tham khảo|click here", re.I)
DAY_BEHIND = re.compile(r"\S*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\S*$")  # beside a link's words, as lists show it
WELL_NAMED = re.compile(r"article|content|detail|noi-?dung|chi-?tiet|bodytext|entry|post-body", re.I)
BADLY_NAMED = re.compile(r"menu|banner|list|widget|block-views|module|search|login|weather|thoi-tiet", re.I)
NEARNESS = (1.0, 0.5, 0.25)  # a paragraph speaks for the box around it, and less for each box around that
NO_BOX = HEADINGS | {"p", "li", "blockquote", "dt", "dd", "ul", "ol", "tr", "tbody", "table"}


def densest(page: Page, root: Element, every: Sequence[Block], heading: Element | None) -> Element | None:
    """The box with the most words that are no links, preferably behind the article's heading or around it."""
    letters, linked = page.sizes.letters, page.sizes.linked
    scores: dict[Element, float] = defaultdict(float)
    for block in every:
        if len(block.text) < PROSE:
            continue
        share = min(1.0, linked[block.tag] / (letters[block.tag] or 1))
        worth = len(block.text) * (1 - share)
        for box, nearness in zip(holders(block.tag, root), NEARNESS, strict=False):
            scores[box] += worth * nearness
    before = set(heading.iterancestors()) if heading is not None else set()
    inside = heading is not None and (root is page.tree or root in before)
    start = page.places[heading] if heading is not None and inside else 0

    def rank(box: Element) -> float:
        too_early = page.places[box] < start and box not in before
        return scores[box] * name_factor(box) * (EARLY if too_early else 1.0)

    best = max(scores, key=rank, default=None)
    return best if best is not None and scores[best] > PROSE else None


def holders(tag: Element, root: Element) -> list[Element]:
    """The boxes around a paragraph from the inside out, not beyond the root."""
    around = [tag, *tag.iterancestors()]
    within = around[: around.index(root) + 1] if root in around else around
    return [each for each in within if each.tag not in NO_BOX] or [root]


def name_factor(tag: Element) -> float:
    name = f"{attribute(tag, 'id')} {attribute(tag, 'class')}"
    return (1.25 if WELL_NAMED.search(name) else 1.0) * (0.5 if BADLY_NAMED.search(name) else 1.0)


def widened(page: Page, part: Element, every: Sequence[Block]) -> Element:
    """The box around a box, for as long as that gains paragraphs rather than labels and links."""
    letters, linked = page.sizes.letters, page.sizes.linked
    paragraphs: dict[Element, int] = defaultdict(int)
    labels: dict[Element, int] = defaultdict(int)
    for block in every:
        free = max(0, letters[block.tag] - linked[block.tag]) if block.kind != "picture" else 0
        good = free if free >= PARAGRAPH else 0
        for box in (block.tag, *block.tag.iterancestors()):
            paragraphs[box] += good
            labels[box] += letters[block.tag] - good
    best = part
    for box in part.iterancestors():
        if box.tag in ("body", "html") or box not in paragraphs:
            break
        gained, dragged_in = paragraphs[box] - paragraphs[part], labels[box] - labels[part]
        if gained > WIDER * paragraphs[part] and gained > DRAG * dragged_in:
            best = box
    return best


def around_text(page: Page, heading: Element | None, part: Element, shown: Sequence[Block]) -> list[Block]:
    """The blocks of a box that was guessed, with the lead before it and the signature behind it."""
    before = leading(page, heading, part, shown) if heading is not None else []
    held = within(part, shown)
    behind = shown[shown.index(held[-1]) + 1 :][:SIGNATURE] if held else []
    signature = [block for block in behind if byline(block.text) or right_aligned_name(block)]
    return staying(page, [*before, *held, *signature[:1]])


def leading(page: Page, heading: Element, part: Element, every: Sequence[Block]) -> list[Block]:
    """The paragraphs between the heading and the text: many sites keep the lead in a box of its own."""
    places = page.places
    between = range(places[heading] + 1, places[part])
    found = [block for block in every if places[block.tag] in between and block.kind == "text"]
    return [block for block in found if is_paragraph(page, block) and heading not in block.tag.iterancestors()]


def is_paragraph(page: Page, block: Block) -> bool:
    letters, linked = page.sizes.letters, page.sizes.linked
    return letters[block.tag] >= PARAGRAPH and linked[block.tag] * 2 < letters[block.tag] and len(block.text) >= LEAD


def beneath(page: Page, heading: Element | None, shown: Sequence[Block]) -> tuple[Element | None, list[Block]]:
    """The nearest box that shows anything under the heading, and its text, which may be a single sentence or none."""
    if heading is None:
        return None, []
    places = page.places
    title = frozenset(heading.iter())
    found: list[Block] = []
    for box in heading.iterancestors():
        behind = [
            block for block in within(box, shown) if places[block.tag] > places[heading] and block.tag not in title
        ]
        texts = [block for block in staying(page, behind) if block.kind != "picture" and not is_date_line(block.text)]
        if texts or found:
            return box, texts
        found = behind
    return None, []


def within(part: Element, blocks: Sequence[Block]) -> list[Block]:
    held = frozenset(part.iter())
    return [block for block in blocks if block.tag in held]


def staying(page: Page, blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if not leads_away(page, block)]


def leads_away(page: Page, block: Block) -> bool:
    """Is it nothing but a link to another page, as sites put between paragraphs?"""
    letters, linked = page.sizes.letters, page.sizes.linked
    if block.kind in ("row", "picture", "caption") or any(
        file_of(attribute(link, "href")) for link in block.tag.iter("a")
    ):
        return False
    share = SOME_LINK if READ_MORE.match(block.text) else ALL_LINK
    day = DAY_BEHIND.search(block.text)
    return 0 < (letters[block.tag] - (len(day[0]) if day else 0)) * share <= linked[block.tag]


def by_trafilatura(tree: Element, skipped: Collection[Element]) -> list[Block]:
    """A second opinion on the page without its furniture."""
    # Imported here: it loads a dozen packages, and most sites never need it.
    from trafilatura import extract

    source = etree.tostring(pruned(tree, skipped), encoding="unicode", method="html")
    text = extract(source, favor_precision=True, include_comments=False) or ""
    lines = (tidied(line) for line in text.splitlines())
    return [Block("text", line, tree) for line in lines if line]


def pruned(tree: Element, skipped: Collection[Element]) -> Element:
    """The page without its furniture; the tree itself stays whole for the other stages."""
    places = [place for place, element in enumerate(tree.iter()) if element in skipped]
    twin = copy.deepcopy(tree)
    elements = list(twin.iter())
    for place in places:
        drop(elements[place])
    return twin
