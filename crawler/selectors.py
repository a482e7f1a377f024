"""Which elements does a CSS selector fit?  Most are answered from the page's names; the rest are left to XPath."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from cssselect import parse, parser
from lxml.cssselect import CSSSelector

from crawler.tree import Element

Fits: TypeAlias = Callable[[Element], bool]
Names: TypeAlias = Mapping[str, list[Element]]


@dataclass(frozen=True, slots=True)
class Selector:
    """A CSS selector made ready, in its parts between commas.

    ``needs`` are for each part the names without which it fits nothing. Of a single part that asks for nothing rare,
    ``ends`` are the names that the element itself carries, and ``fits`` tells whether the whole part fits it.
    """

    find: CSSSelector
    needs: tuple[frozenset[str], ...]
    ends: frozenset[str]
    fits: Fits | None


class Rare(Exception):
    """Asks for something that only XPath answers here."""


@lru_cache(2_048)
def compiled(selector: str) -> Selector:
    """Raises cssselect.SelectorError."""
    parts = [part.parsed_tree for part in parse(selector)]
    needs = tuple(frozenset(needed(part)) for part in parts)
    ends = frozenset(needed(last_of(parts[0]))) if len(parts) == 1 else frozenset()
    try:
        fits = fitting(parts[0]) if ends else None
    except Rare:
        fits = None
    return Selector(CSSSelector(selector, translator="html"), needs, ends, fits)


def needed(part: object) -> Iterator[str]:
    """The names of elements, classes, ids and attributes that a selector asks for in so many words."""
    match part:
        case parser.Element(element=str(name)):
            yield name.lower()
        case parser.Class(selector=inner, class_name=name):
            yield f".{name}"
            yield from needed(inner)
        case parser.Hash(selector=inner, id=name):
            yield f"#{name}"
            yield from needed(inner)
        case parser.CombinedSelector(selector=inner, subselector=other):
            yield from needed(inner)
            yield from needed(other)
        case parser.Attrib(selector=inner, attrib=str(name), operator=operator):
            if operator != "!=":
                yield f"[{name.lower()}]"
            yield from needed(inner)
        case parser.Pseudo(selector=inner) | parser.Negation(selector=inner):
            yield from needed(inner)
        case parser.Function(selector=inner) | parser.Relation(selector=inner):
            yield from needed(inner)


def last_of(part: object) -> object:
    """What a selector asks of the element itself, rather than of those around it."""
    return part.subselector if isinstance(part, parser.CombinedSelector) else part


def fitting(part: object) -> Fits:
    """A selector as a test of one element.  Raises Rare."""
    match part:
        case parser.Element(namespace=None, element=None):
            return lambda element: True
        case parser.Element(namespace=None, element=str(name)):
            tag = name.lower()
            return lambda element: element.tag == tag
        case parser.Class(selector=inner, class_name=name):
            return both(fitting(inner), lambda element: name in element.get("class", "").split())
        case parser.Hash(selector=inner, id=name):
            return both(fitting(inner), lambda element: element.get("id") == name)
        case parser.Attrib(selector=inner, namespace=None, attrib=name, operator=operator, value=value):
            compare = COMPARED.get(operator)
            if compare is None:
                raise Rare
            wanted, key = (value and value.value) or "", name.lower()
            return both(
                fitting(inner), lambda element: key in element.attrib and compare(str(element.attrib[key]), wanted)
            )
        case parser.CombinedSelector(selector=before, combinator=" ", subselector=last):
            outer = fitting(before)
            return both(fitting(last), lambda element: any(map(outer, element.iterancestors())))
        case parser.CombinedSelector(selector=before, combinator=">", subselector=last):
            outer = fitting(before)
            return both(fitting(last), lambda element: any(map(outer, boxes(element))))
        case _:
            raise Rare


def both(one: Fits, other: Fits) -> Fits:
    return lambda element: one(element) and other(element)


def boxes(element: Element) -> tuple[Element, ...]:
    """What an element stands in at once; nothing around the outermost."""
    box = element.getparent()
    return () if box is None else (box,)


# How an attribute may be compared with what a selector wants; an empty wish fits nothing, as the standard has it.
COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "exists": lambda value, wanted: True,
    "=": lambda value, wanted: value == wanted,
    "^=": lambda value, wanted: bool(wanted) and value.startswith(wanted),
    "$=": lambda value, wanted: bool(wanted) and value.endswith(wanted),
    "*=": lambda value, wanted: bool(wanted) and wanted in value,
    "~=": lambda value, wanted: wanted in value.split(),
}


def names_in(tree: Element) -> Names:
    """The elements of a page by name, class (.x), id (#x) and attribute ([x]), each list in the order of the page."""
    found: dict[str, list[Element]] = defaultdict(list)
    for element in tree.iter():
        found[element.tag].append(element)
        for name, value in element.attrib.items():
            found[f"[{name!s}]"].append(element)
            if name == "class":
                for each in set(value.split()):
                    found[f".{each}"].append(element)
            elif name == "id":
                found[f"#{value!s}"].append(element)
    return found


def select(root: Element, selector: str, names: Names | None = None) -> list[Element]:
    """The elements in and under ``root`` that a CSS selector fits, in the order of the page.

    With the ``names`` of the page whose tree begins at ``root`` most selectors are answered without a walk through it.
    """
    ready = compiled(selector)
    if names is not None and not any(names.keys() >= each for each in ready.needs):
        return []
    if names is None or ready.fits is None:
        return list(ready.find(root))  # type: ignore[arg-type]  # a selector finds elements only
    rarest = min((names[each] for each in ready.ends), key=len)
    return [each for each in rarest if ready.fits(each)]
