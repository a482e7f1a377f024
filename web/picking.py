"""Which part of a page did somebody point at?  A page's parts by number, and the box that is meant by one (pure)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from indexer.language.clean import clean
from indexer.markup import Element
from web.harmless import DROPPED

# What can be pointed at, in the order in which people look for it; a list is looked for on the start page.
ON_ARTICLES = ("title", "date", "body", "lead", "author", "section", "remove")
ON_LISTS = ("list",)
UNREAD = DROPPED | {"style", "title", "head"}
# Inside a line of text; with a name of its own one of them may be a field.
INLINE = frozenset("a abbr b bdi bdo big cite code em font i ins label mark s small span strong sub sup tt u".split())
LINES = frozenset("p li h1 h2 h3 h4 h5 h6 dt dd figcaption caption label".split())  # one line, though it may break
HEADINGS = ("h1", "h2", "h3", "h4")
WORD_MADE = re.compile(r"\bMso")
LONGEST = 160  # characters of a part that are shown
MOST_PARTS = 600  # a page of more is shown up to there
MOST_TEXT = 0.6  # of a page's prose: the smallest box with so much of it is its text
RUN = 40  # letters: a sentence has more, a label fewer


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand together, and the number of the element that holds them."""

    place: int
    text: str
    tag: str


def element_at(tree: Element, place: int) -> Element | None:
    return next((each for number, each in enumerate(tree.iter()) if number == place), None)


def line_of(element: Element) -> str:
    """All words that a reader sees in an element, cleaned as those of articles, apart by single blanks."""
    return clean_line(" ".join(text for _, text in texts_in(element)))


def clean_line(text: str) -> str:
    return " ".join(clean(text).split())


def texts_in(element: Element) -> Iterator[tuple[Element, str]]:
    """Every text in an element, in the order of the page, and the element that holds it."""
    for event, each in etree.iterwalk(element, events=("start", "end")):
        box = each.getparent()
        if event == "start" and is_read(each):
            yield each, each.text or ""
        elif event == "end" and each is not element and box is not None and is_read(box):
            yield box, each.tail or ""


def is_read(element: Element) -> bool:
    unread = element.tag in UNREAD or not isinstance(element.tag, str)
    return not unread and next(element.iterancestors(*UNREAD), None) is None


def block_of(element: Element) -> Element:
    """What is meant by a text in it: the element itself, or around words in bold the line in which they stand."""
    while element.tag in INLINE and not is_named(element):
        box = element.getparent()
        if box is None or box.tag == "body" or (box.tag not in LINES and holds_lines(box)):
            return element
        element = box
    return element


def holds_lines(box: Element) -> bool:
    """Are there several lines in a box, so that one of them is not meant by another?"""
    return any(each.tag not in INLINE and isinstance(each.tag, str) for each in box.iterdescendants())


def is_named(element: Element) -> bool:
    """Has an inline element a name by which it can be found, and a reason to be told apart?"""
    if element.tag == "a":
        return next(element.iterancestors("p"), None) is None
    told = element.get("class") or element.get("id") or element.get("itemprop") or ""
    return bool(told) and not WORD_MADE.search(told)


def parts(tree: Element) -> list[Part]:
    """A page as the list of its parts."""
    places = {each: number for number, each in enumerate(tree.iter())}
    texts = ((block_of(holder), text) for holder, text in texts_in(tree) if text.strip())
    found = []
    for block, together in groupby(texts, key=lambda pair: pair[0]):
        words = clean_line(" ".join(text for _, text in together))
        if not words:
            continue
        found.append(Part(places[block], words if len(words) <= LONGEST else words[:LONGEST].rstrip() + "…", block.tag))
        if len(found) == MOST_PARTS:
            break
    return found


def meant(tree: Element, place: int, field: str, step: int = 0) -> Element | None:
    """What is meant by pointing at a part as a field; ``step`` boxes further out, or in when it is below zero."""
    pointed = element_at(tree, place)
    if pointed is None or not is_read(pointed) or pointed.tag in ("html", "body"):
        return None
    chain = [pointed, *(each for each in pointed.iterancestors() if each.tag not in ("html", "body"))]
    begin = chain.index(text_box(chain, tree)) if field == "body" else 0
    return chain[min(max(begin + step, 0), len(chain) - 1)]


def text_box(chain: Sequence[Element], tree: Element) -> Element:
    """The smallest box around a part that holds most of the page's prose; else the outermost."""
    whole = prose(tree)
    return next((each for each in chain if prose(each) >= MOST_TEXT * whole), chain[-1])


def prose(element: Element) -> int:
    """The letters of long texts outside of links."""
    texts = ((holder, text.strip()) for holder, text in texts_in(element))
    return sum(len(text) for holder, text in texts if len(text) >= RUN and not in_link(holder))


def in_link(element: Element) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


MARK = "khotin-part"  # the class of what can be pointed at on the page as it looks


def pointable(tree: Element, address_of: Callable[[int], str]) -> None:
    """Make every text of a page a link that says which part it is; the page's own links lead nowhere."""
    places = {each: number for number, each in enumerate(tree.iter())}
    texts = [(holder, places[block_of(holder)]) for holder, text in texts_in(tree) if text.strip()]
    wanted = dict(texts)
    for each in list(tree.iter("a")):
        each.attrib.pop("href", "")
        each.tag = "span"
    for holder, place in wanted.items():
        for child in reversed(list(holder)):
            if (child.tail or "").strip():
                link, child.tail = linked(child.tail, address_of(place)), None
                holder.insert(holder.index(child) + 1, link)
        if (holder.text or "").strip():
            link, holder.text = linked(holder.text, address_of(place)), None
            holder.insert(0, link)


def linked(text: str | None, address: str) -> Element:
    link = etree.Element("a", {"class": MARK, "href": address})
    link.text = text
    return link
