"""Which selector finds an element, on its page and on others like it?  The plainest that lasts (pure)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.cssselect import CSSSelector

from indexer.markup import Element
from web.picking import HEADINGS, line_of

# Names that say how an element looks or which of several it is, not what it holds.
LOOKS = re.compile(
    r"^(active|current|selected|open|show|hide|hidden|first|last|odd|even|item|left|right|center|bold|italic|red|fade"
    r"|clear(fix)?|rows?|cols?|container(-fluid)?|wrap(per)?|inner|outer|box|block|main|page|lazy(load(ed)?)?|bg|border"
    r"|(row|col|grid|span|text|font|align|float|pull|d|w|h|g|m|p|[mp][xytblrse]|fs|fw|ng|js|is|has|btn|img)-.*"
    r"|Mso.*)$",
    re.I,
)
# Names that a program made: numbers of articles, digests of builds.
MADE = re.compile(
    r"\d{3,}|(^|[-_])\d+$|^(css|sc|jss|jsx|emotion|styled|_)-?[0-9A-Za-z]{4,}$|(__|--)(?=\w*\d)[0-9A-Za-z]{4,}$"
)
PLAIN = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
TELLING = ("itemprop", "property")
ALONE = (*HEADINGS, "time", "article", "main")  # elements that are found by what they are
ANCHORS = 5  # named boxes around an element that are tried
MOST_TRIED = 80


@dataclass(frozen=True, slots=True)
class Proposal:
    """A selector, and for each page how often it finds something and the words that it finds first."""

    selector: str
    counts: tuple[int, ...]
    words: tuple[str, ...]

    @property
    def misses(self) -> int:
        return sum(count == 0 for count in self.counts)


@lru_cache(1_000)
def compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def found(tree: Element, selector: str) -> list[Element]:
    return list(compiled(selector)(tree))  # type: ignore[arg-type]  # a selector finds elements only


def propose(element: Element, trees: Sequence[Element]) -> Proposal:
    """The selector for an element of the first tree: the first that finds only it there and one on every other page;
    else the one that misses the fewest pages and finds the fewest others."""
    subjects = same_words(element)

    def fits(shown: Sequence[Element]) -> bool:
        return bool(shown) and shown[0] in subjects

    return best(candidates(subjects), trees, fits, lambda shown: len(shown) - 1)


def propose_list(element: Element, trees: Sequence[Element]) -> Proposal | None:
    """A selector for all links like the one pointed at; none where no link is."""
    link = link_at(element)
    if link is None:
        return None

    def fits(shown: Sequence[Element]) -> bool:
        return link in shown

    # Three links are a list; a selector for one of them is none.
    return best(list_candidates(link), trees, fits, lambda shown: 0 if len(shown) >= 3 else 1)


def best(
    selectors: Iterator[str],
    trees: Sequence[Element],
    fits: Callable[[Sequence[Element]], bool],
    spare: Callable[[Sequence[Element]], int],
) -> Proposal:
    """The first selector without a fault, else the one with the fewest; there is one, as a path always fits."""
    kept: list[tuple[tuple[bool, bool, int, int], Proposal]] = []
    for selector in islice(selectors, MOST_TRIED):
        here = found(trees[0], selector)
        if not fits(here):
            continue
        told = [here, *(found(tree, selector) for tree in trees[1:])]
        words = tuple(line_of(each[0]) if each else "" for each in told)
        proposal = Proposal(selector, tuple(map(len, told)), words)
        spared, alone = sum(spare(each) for each in told if each), 0 < len(trees) - 1 == proposal.misses
        counted = " > " in selector  # whatever stands there on a page of another make would be taken
        if not (proposal.misses or spared or counted):
            return proposal
        kept.append(((alone, counted, proposal.misses, spared), proposal))
    return min(kept, key=lambda pair: pair[0])[1]


def same_words(element: Element) -> list[Element]:
    """The element, and the boxes around it and in it that hold the same words; headings and times first."""
    words, around = line_of(element), [element]
    for box in element.iterancestors():
        if box.tag in ("html", "body") or line_of(box) != words:
            break
        around.append(box)
    inner = [each for each in element.iterdescendants() if isinstance(each.tag, str) and line_of(each) == words]
    return sorted([*around, *inner], key=lambda each: each.tag not in (*HEADINGS, "time"))


def candidates(subjects: Sequence[Element]) -> Iterator[str]:
    """Selectors for one of some elements, those that last longest first."""
    for each in subjects:
        yield from names(each)
    for each in subjects:
        for anchor in anchors(each):
            for own in [*names(each), each.tag]:
                yield f"{anchor} {own}"
    yield from (each.tag for each in subjects if each.tag in ALONE)
    yield path(subjects[0])


def list_candidates(link: Element) -> Iterator[str]:
    yield from names(link)
    for box in islice(link.iterancestors(), ANCHORS):
        yield from (f"{name} a" for name in names(box))
        yield from (f"{anchor} {box.tag} a" for anchor in islice(anchors(box), 2) if box.tag in (*HEADINGS, "li", "td"))
    yield path(link)


def link_at(element: Element) -> Element | None:
    """The link that an element is, stands in, or holds."""
    around = [element, *element.iterancestors()]
    links = (each for each in (*around, *element.iter("a")) if each.tag == "a" and each.get("href"))
    return next(links, None)


def names(element: Element) -> list[str]:
    """How an element can be called by itself: by its id, what it says it holds, its classes; none by its tag alone."""
    tag = element.tag
    called = [element.get("id") or ""]
    told = [f"#{each}" for each in called if PLAIN.fullmatch(each) and not MADE.search(each)]
    for name in TELLING:
        value = element.get(name) or ""
        if re.fullmatch(r"[\w:.-]+", value):
            told.append(f'{tag}[{name}="{value}"]')
    telling = classes(element)
    return [
        *told,
        *(f"{tag}.{each}" for each in telling),
        *([f"{tag}.{'.'.join(telling)}"] if len(telling) > 1 else []),
    ]


def classes(element: Element) -> list[str]:
    """The classes that say what an element holds."""
    every = (element.get("class") or "").split()
    return [each for each in every if PLAIN.fullmatch(each) and not LOOKS.match(each) and not MADE.search(each)]


def anchors(element: Element) -> Iterator[str]:
    """The names of boxes around an element, the nearest first."""
    boxes = (names(box) for box in element.iterancestors() if box.tag not in ("html", "body"))
    return islice((name[0] for name in boxes if name), ANCHORS)


def path(element: Element) -> str:
    """Where an element stands, by counting from the nearest box with a name: the last resort."""
    steps: list[str] = []
    here: Element | None = element
    while here is not None and here.tag not in ("html", "body"):
        named = names(here) if steps else []
        if named:
            return " > ".join([named[0], *reversed(steps)])
        same = list(here.itersiblings(here.tag, preceding=True))
        alone = not same and next(here.itersiblings(here.tag), None) is None
        steps.append(here.tag if alone else f"{here.tag}:nth-of-type({len(same) + 1})")
        here = here.getparent()
    return " > ".join(["body", *reversed(steps)])
