"""How is a page's tree read?  By lxml, as extraction visits every element several times; nothing changes it later."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element

# No reader sees their words.
UNSEEN = ("script", "style", "template", "noscript", "svg", "math", "canvas", "select", "object", "audio", "video")
JSON_LD = "application/ld+json"
# XML, and so lxml, knows no such characters; some editors' exports carry them.
IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RUN = 40  # letters: a sentence has more, a label fewer
EMPTY = "<html><body></body></html>"
# lxml drops what nests deeper than some 2,000 boxes, as broken editors produce; flat boxes keep all the words.
TOO_DEEP = "ERR_RESOURCE_LIMIT"
NESTING = re.compile(r"<(/?)(?:div|blockquote|center)\b[^>]*>|</?(?:span|font|b|i|u|em|strong|small|big)\b[^>]*>", re.I)


def parse(text: str) -> tuple[Element, tuple[str, ...]]:
    """The tree of a page's text, without comments and what is not shown; and its records in JSON-LD, unread."""
    source = IMPOSSIBLE.sub("", text)
    tree, too_deep = built(source)
    if too_deep:
        tree, _ = built(NESTING.sub(lambda tag: f"<{tag[1]}p>" if tag[1] is not None else "", source))
    records = (each for each in tree.iter("script") if attribute(each, "type").lower() == JSON_LD)
    told = tuple(words_of(each) for each in records)
    viewers = [each for each in tree.iter("object") if each.get("data")]
    for viewer in viewers:  # shows a file, as an iframe does
        viewer.tag = "iframe"
        viewer.set("src", viewer.get("data", ""))
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    return tree, told


def built(source: str) -> tuple[Element, bool]:
    """A tree, and whether some of the source nested too deep for it."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    tree = etree.fromstring((source.strip() or EMPTY).encode(), parser=parser)
    too_deep = any(entry.type_name == TOO_DEEP for entry in parser.error_log)
    return (etree.fromstring(EMPTY.encode(), parser=parser) if tree is None else tree), too_deep


def words_of(element: Element, between: str = "") -> str:
    """All words in an element; ``between`` stands where one element's end."""
    return between.join(map(str, element.itertext()))


def line_of(element: Element) -> str:
    """All words in an element, apart from each other by single blanks."""
    return " ".join(words_of(element, " ").split())


def attribute(element: Element | None, name: str) -> str:
    """An attribute as text; empty when there is no such element or attribute."""
    return "" if element is None else (element.get(name) or "").strip()


def under(element: Element, names: Collection[str]) -> Iterator[Element]:
    """The elements of these names below an element, in the order of the page."""
    return (each for each in element.iterdescendants() if each.tag in names)


def inside(element: Element, others: Collection[Element]) -> bool:
    """Does the element stand in one of these, or is it one of them?"""
    return element in others or any(parent in others for parent in element.iterancestors())


def with_all_within(elements: Iterable[Element]) -> frozenset[Element]:
    """The elements and everything in them. A set keeps its elements alive, without which lxml would make new ones."""
    return frozenset(each for element in elements for each in element.iter())


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many letters stand in each element, how many of them in links, and how many in long runs of plain text.

    Blanks do not count.
    """

    letters: dict[Element, int]
    linked: dict[Element, int]
    prose: dict[Element, int]


def sizes(tree: Element) -> Sizes:
    letters: dict[Element, int] = {}
    linked: dict[Element, int] = {}
    prose: dict[Element, int] = {}
    for element in reversed(list(tree.iter())):
        count = length(element.text)
        links, long = 0, count if count >= RUN else 0
        for child in element:
            after = length(child.tail)
            count += letters[child] + after
            links += linked[child]
            long += prose[child] + (after if after >= RUN else 0)
        is_link = element.tag == "a"
        letters[element] = count
        linked[element] = count if is_link else links
        prose[element] = 0 if is_link else long
    return Sizes(letters, linked, prose)


def length(text: str | None) -> int:
    return len(text) - text.count(" ") - text.count("\n") - text.count("\t") if text else 0
