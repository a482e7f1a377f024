"""Where does each occurrence of what was asked stand, and between which words?  Lines sorted by their neighbours.

An occurrence is one stretch of syllables: what overlaps is one, and so are different units side by side. All of them
are found, counted and sorted on the columns; articles are read only for the lines that are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer import access
from indexer.article import Kept
from indexer.counting import Counted
from indexer.engine.columns import Columns
from indexer.engine.places import DOCUMENT_SHIFT, EMPTY, ZONES, Ints, Places, documents_of, position_of, zone_of
from indexer.engine.segments import NO_TERM
from indexer.errors import KhotinError
from indexer.language import collation, words
from indexer.match import Matches, in_stretches, in_zones
from indexer.passages import Ruler, found_on
from indexer.personal import masked
from indexer.store import Store, articles
from indexer.units import Form, Unit
from indexer.zones import zone_texts

Ints64 = npt.NDArray[np.int64]
Sort = Literal["left", "right", "date"]
SORTS: tuple[Sort, ...] = ("left", "right", "date")
# So many neighbours decide the order; what is alike in all of them is ordered by date.
NEIGHBOURS = 3
NO_SIGN = -1
# Letters of context on each side: with the word between them they fill a desktop's width.
CONTEXT = 60
# A longer word is no word; its beginning is enough to know it by.
LONGEST_FOUND = 200
# Nobody reads more lines, and to put them in order takes seconds.
MOST_PLACES = 1_000_000


class Occurrences(NamedTuple):
    """Stretches of syllables in order: the place of the first one, and the place behind the last.

    How long a date or a place of the gazetteer is, only the text tells: it stands in ``signs`` by its first syllable
    (else NO_SIGN), and the words behind are sought from ``reaches`` on, as if it were as long as it was typed.
    """

    starts: Places
    ends: Places
    signs: Places
    reaches: Places

    @property
    def articles(self) -> int:
        return len(documents_of(self.starts))


@dataclass(frozen=True, slots=True)
class Line:
    """An occurrence with what stands before and after it in its paragraph."""

    kept: Kept
    zone: str
    left: str
    found: str
    right: str


def occurrences(counted: Counted) -> Occurrences:
    """Every occurrence of the units of a question, in any form that was understood, in the articles that answer it."""
    asked = [unit for unit in counted.question.units if unit.required] or counted.question.units
    of_units = [[part for form in unit.forms for part in standing(form, unit, counted.matches)] for unit in asked]
    parts = [part for each in of_units for part in each]
    units = [np.full(len(part.starts), number) for number, each in enumerate(of_units) for part in each]
    if sum(len(part.starts) for part in parts) > MOST_PLACES:
        raise KhotinError(
            "What was asked stands at more than %(most)s places. Ask for fewer or rarer words.", most=MOST_PLACES
        )
    if not parts:  # a document number that stands nowhere
        return stretches(EMPTY, 1)
    kept = counted.hits[np.concatenate([part.starts for part in parts]) >> DOCUMENT_SHIFT]
    found = Occurrences(*(np.concatenate(each)[kept] for each in zip(*parts, strict=True)))
    return merged(found, np.concatenate(units)[kept])


def standing(form: Form, unit: Unit, matches: Matches) -> Iterator[Occurrences]:
    """Where a form stands; of a near form every word of its stretches."""
    slot = form.slots[0]
    if form.near:
        begins = matches.form(form, unit.zones)
        for places in in_stretches([matches.slot(each) for each in form.slots], form.near, begins):
            yield stretches(in_zones(places, unit.zones), 1)
    elif len(form.slots) == 1 and slot.how == "number":
        for term in matches.terms(slot):
            places = in_zones(matches.columns.places(term), unit.zones)
            yield stretches(places, len(words.syllables(term[1:])))
    elif len(form.slots) == 1 and slot.how == "term":
        places = matches.form(form, unit.zones)
        yield Occurrences(places, places + 1, places, places + len(words.syllables(unit.text)))
    else:
        yield stretches(matches.form(form, unit.zones), len(form.slots))


def stretches(places: Places, length: int) -> Occurrences:
    return Occurrences(places, places + length, np.full(len(places), NO_SIGN), places + length)


def merged(found: Occurrences, units: Ints64) -> Occurrences:
    """In order, overlapping ones as one, and those of different ``units`` that touch."""
    if not len(found.starts):
        return found
    order = np.lexsort((found.ends, found.starts))
    starts, reach = found.starts[order], np.maximum.accumulate(found.ends[order])
    again = (starts[1:] == reach[:-1]) & (units[order][1:] == units[order][:-1])
    fresh = np.flatnonzero(np.concatenate(([True], (starts[1:] > reach[:-1]) | again)))
    last = np.concatenate((fresh[1:], [len(starts)])) - 1
    signs, reaches = (np.maximum.reduceat(each[order], fresh) for each in (found.signs, found.reaches))
    return Occurrences(starts[fresh], reach[last], signs, reaches)


def ordered(found: Occurrences, columns: Columns, sort: Sort) -> Ints64:
    """The occurrences by their neighbours on one side, nearest first, then by the one on the other; or by date. The
    newest first among equals."""
    when = np.empty(columns.size, dtype=np.int64)
    when[columns.newest] = np.arange(columns.size)
    keys: list[Ints64] = [found.starts, when[found.starts >> DOCUMENT_SHIFT]]
    if sort != "date":
        deep, left = (1, NEIGHBOURS), sort == "left"
        before = neighbours(columns, found.starts, [-1 - step for step in range(deep[left])])[::-1]
        behind = neighbours(columns, found.reaches - 1, [1 + step for step in range(deep[not left])])[::-1]
        keys += [*behind, *before] if left else [*before, *behind]
    return np.lexsort(keys)


def neighbours(columns: Columns, places: Places, steps: Sequence[int]) -> list[Ints64]:
    """For each step the ranks, in dictionary order, of the syllables so far from sorted places; where the paragraph
    ends before, the last rank of all."""
    beside = list(in_segments(columns, places, steps))
    used = [met(numbers, len(segment.terms)) for segment, numbers in zip(columns.segments, beside, strict=True)]
    keys = [
        [collation.key(segment.terms[number]) for number in numbers.tolist()]
        for segment, numbers in zip(columns.segments, used, strict=True)
    ]
    rank = {key: number for number, key in enumerate(sorted({key for each in keys for key in each}))}
    ranked = []
    for segment, numbers, own, terms in zip(columns.segments, used, keys, beside, strict=True):
        table = np.full(len(segment.terms) + 1, len(rank), dtype=np.int64)  # the last one answers for NO_TERM
        table[numbers] = [rank[key] for key in own]
        ranked.append(table[terms])
    return list(np.concatenate(ranked, axis=1)) if ranked else [np.zeros(len(places), dtype=np.int64)] * len(steps)


def in_segments(columns: Columns, places: Places, steps: Sequence[int]) -> Iterator[Ints]:
    """Segment by segment the numbers of the terms so far from some sorted places (step x place); NO_TERM from the end
    of the paragraph on."""
    for segment, base in zip(columns.segments, columns.bases, strict=True):
        first, after = np.searchsorted(places, np.array([base, base + len(segment.ids)]) << DOCUMENT_SHIFT)
        at = segment.at(places[first:after] - (base << DOCUMENT_SHIFT))
        # gaps end every zone and the array: what reaches over its beginning meets the last one
        terms = np.stack([segment.forward.take(at + step, mode="wrap") for step in steps])
        yield np.where(np.logical_or.accumulate(terms == NO_TERM, axis=0), np.int32(NO_TERM), terms)


def met(numbers: Ints, size: int) -> Ints64:
    """Which of ``size`` terms are among these, in order."""
    seen = np.zeros(size + 1, dtype=np.bool_)
    seen[numbers] = True
    return np.flatnonzero(seen[:size])


def lines(found: Occurrences, chosen: Sequence[int], counted: Counted, store: Store) -> list[Line]:
    """Some occurrences as they are read, in the order in which they were chosen. What nobody may see any more, or what
    has another text by now, is left out."""
    columns = counted.matches.columns
    places, ends = found.starts[chosen], found.ends[chosen]
    documents = (places >> DOCUMENT_SHIFT).tolist()
    numbers = dict(zip(documents, columns.ids[documents].tolist(), strict=True))
    with store.read() as connection:
        kept = articles.several(connection, list(numbers.values()))
    paragraphs = found_on(list(numbers), (), counted.matches)
    rulers: dict[tuple[int, str], Ruler] = {}
    told = []
    for document, place, end, sign in zip(documents, places, ends, found.signs[chosen], strict=True):
        held = kept.get(numbers[document])
        if held is None or not access.may_see(held):
            continue
        zone = ZONES[int(zone_of(place))]
        if (document, zone) not in rulers:
            rulers[document, zone] = Ruler(zone_texts(held)[zone], paragraphs[document].paragraphs[zone])
        marked = None if sign == NO_SIGN else int(position_of(sign))
        line = line_of(held, zone, rulers[document, zone], int(position_of(place)), int(position_of(end - 1)), marked)
        told += [line] if line else []
    return told


def line_of(kept: Kept, zone: str, ruler: Ruler, begins: int, ends: int, sign: int | None) -> Line | None:
    """A line of the concordance, from the positions of its syllables; None when the text has changed since it was
    indexed."""
    first, final = ruler.syllables.at(begins), ruler.syllables.at(ends)
    signed = first if sign is None else ruler.syllables.at(sign)
    if first is None or final is None or signed is None:
        return None
    start, end = first[0], final[1]
    if sign is not None:
        whole = ruler.sign(*signed)
        start, end = min(start, whole[0]), max(end, whole[1])
    text = masked(ruler.text)
    return Line(kept, zone, before(text, start), text[start : min(end, start + LONGEST_FOUND)], after(text, end))


def before(text: str, start: int) -> str:
    """About CONTEXT letters that stand before a character in its paragraph, from the beginning of a word on."""
    first = max(text.rfind("\n", 0, start) + 1, start - CONTEXT)
    if first and text[first - 1] not in " \n":
        first = text.find(" ", first, start - 1) + 1 or first
    return text[first:start]


def after(text: str, end: int) -> str:
    """About CONTEXT letters that stand behind a character in its paragraph, up to the end of a word."""
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + CONTEXT)
    if last < len(text) and text[last] not in " \n":
        blank = text.rfind(" ", end, last)
        last = blank if blank > end else last
    return text[end:last]
