"""Which elements does a CSS selector fit?  Most are answered from the page's names; the rest are left to XPath."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from cssselect import parse, parser
from lxml.cssselect import CSSSelector

from crawler.tree import Element

SEARCHED = ("class", "id")  # the attributes that selectors look into


@dataclass(frozen=True, slots=True)
class Names:
    """The elements of a page by name, class (.x), id (#x) and attribute ([x]), each list in the order of the page;
    and all classes and ids as one text each, which shows at a glance what stands in none of them."""

    elements: Mapping[str, list[Element]]
    values: Mapping[str, str]


Find: TypeAlias = Callable[[Names], list[Element]]
Fits: TypeAlias = Callable[[Element], bool]


@dataclass(frozen=True, slots=True)
class Selector:
    """A CSS selector made ready. ``needs`` are, for each part between commas, the names without which it fits nothing;
    ``parts`` answer each from a page's names, and are none where one asks for something rare."""

    xpath: CSSSelector
    needs: tuple[frozenset[str], ...]
    parts: tuple[Find, ...]


class Rare(Exception):
    """Asks for something that only XPath answers here."""


@lru_cache(2_048)
def compiled(selector: str) -> Selector:
    """Raises cssselect.SelectorError."""
    trees = [part.parsed_tree for part in parse(selector)]
    needs = tuple(frozenset(needed(tree)) for tree in trees)
    try:
        parts = tuple(map(finding, trees))
    except Rare:
        parts = ()
    return Selector(CSSSelector(selector, translator="html"), needs, parts)


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


def finding(part: object) -> Find:
    """A selector as a look into a page's names: first what stands around, then what stands there.  Raises Rare."""
    if not isinstance(part, parser.CombinedSelector):
        return alone(part)
    around, here, stands = finding(part.selector), finding(part.subselector), STANDS.get(part.combinator)
    if stands is None:
        raise Rare

    def find(names: Names) -> list[Element]:
        others = frozenset(around(names))
        return [each for each in here(names) if stands(each, others)] if others else []

    return find


# How an element may stand to one of some others.
STANDS: Mapping[str, Callable[[Element, Set[Element]], bool]] = {
    " ": lambda element, others: not others.isdisjoint(element.iterancestors()),
    ">": lambda element, others: element.getparent() in others,
    "+": lambda element, others: element.getprevious() in others,
    "~": lambda element, others: not others.isdisjoint(element.itersiblings(preceding=True)),
}


def alone(part: object) -> Find:
    """What is asked of the element itself."""
    wanted, fits, within = tuple(frozenset(needed(part))), fitting(part), tuple(parts_of_values(part))
    if not wanted:
        raise Rare

    def find(names: Names) -> list[Element]:
        if any(piece not in names.values[name] for name, piece in within):
            return []
        rarest = min((names.elements.get(each, []) for each in wanted), key=len)
        return [each for each in rarest if fits(each)]

    return find


def parts_of_values(part: object) -> Iterator[tuple[str, str]]:
    """The attributes that a selector looks into, each with what must stand there."""
    while isinstance(part, parser.Class | parser.Hash | parser.Attrib):
        if isinstance(part, parser.Attrib) and part.value and part.attrib.lower() in SEARCHED:
            yield part.attrib.lower(), part.value.value or ""
        part = part.selector


def fitting(part: object) -> Fits:
    """A test of one element.  Raises Rare."""
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
        case _:
            raise Rare


def both(one: Fits, other: Fits) -> Fits:
    return lambda element: one(element) and other(element)


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
    found: dict[str, list[Element]] = defaultdict(list)
    values: dict[str, set[str]] = {name: set() for name in SEARCHED}
    for element in tree.iter():
        found[element.tag].append(element)
        for name, value in element.attrib.items():
            found[f"[{name!s}]"].append(element)
            if name in SEARCHED:
                values[str(name)].add(str(value))
            if name == "class":
                for each in set(value.split()):
                    found[f".{each}"].append(element)
            elif name == "id":
                found[f"#{value!s}"].append(element)
    return Names(found, {name: "\n".join(told) for name, told in values.items()})


def select(root: Element, selector: str, names: Names | None = None) -> list[Element]:
    """The elements in and under ``root`` that a CSS selector fits, in the order of the page.

    With the ``names`` of the page whose tree begins at ``root`` most selectors are answered without a walk through it.
    """
    ready = compiled(selector)
    if names is not None and not any(names.elements.keys() >= each for each in ready.needs):
        return []
    if names is None or not ready.parts:
        return list(ready.xpath(root))  # type: ignore[arg-type]  # a selector finds elements only
    found = [part for part in (find(names) for find in ready.parts) if part]
    if len(found) < 2:
        return found[0] if found else []
    wanted = frozenset(each for part in found for each in part)
    return [each for each in root.iter() if each in wanted]
