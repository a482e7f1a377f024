"""Which articles hold what was asked, and where?  Arithmetic on sorted places."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from indexer.engine.columns import Columns, Lines
from indexer.engine.places import (
    DOCUMENT_SHIFT,
    EMPTY,
    ZONES,
    Ints,
    Mask,
    Places,
    documents_of,
    position_of,
    zone_of,
)
from indexer.engine.segments import NO_DATE, among
from indexer.errors import KhotinError
from indexer.held import Asked, Counts
from indexer.language import fold, numbers
from indexer.language.slips import LONGEST
from indexer.language.words import NUMBER, STEM
from indexer.question import All, Any, DateTerm, FacetTerm, Node, Without
from indexer.ranking import Held, counted, tempered
from indexer.units import Form, Slot, Unit
from indexer.view import View

# A wildcard or fuzzy word that stands for more terms is refused: the answer would be of no use and slow.
MOST_TERMS = 2000
# Words of fewer articles are as likely misspelt themselves.
LEAST_OFTEN = 2
# Slots that are counted by document without their places, two side by side or one alone: each place is one term's.
PAIRED = {"written", "key", "bare", "wildcard", "fuzzy"}
COUNTED = {*PAIRED, "term", "stem"}
# Slots of terms that stand beside the syllables, or of which not every place counts.
BESIDE = ("term", "number", "stem", "alone")


Spot = tuple[Form, int, str, int]


class Matches:
    """What one question finds in one view of a generation; every slot is looked up once.

    ``plain`` takes the slow way, by the sorted places of whole terms alone, which the quick one is tested against.
    """

    def __init__(self, view: View, plain: bool = False) -> None:
        self.view, self.columns, self.plain = view, view.columns, plain
        self.known: dict[tuple[object, ...], Places] = {}
        self.spelled: dict[Slot, list[str]] = {}
        self.masks: dict[tuple[tuple[Form, ...], tuple[str, ...]], Mask] = {}

    def mask(self, node: Node) -> Mask:
        """Which documents hold ``node``: every required unit in one of its forms."""
        if isinstance(node, Unit):
            return self.holding(node.forms, node.zones)
        if isinstance(node, All):
            wanted = [part for part in node.parts if not isinstance(part, Unit) or part.required]
            return reduce(np.logical_and, map(self.mask, wanted), np.ones(self.columns.size, dtype=np.bool_))
        if isinstance(node, Any):
            return reduce(np.logical_or, map(self.mask, node.parts), np.zeros(self.columns.size, dtype=np.bool_))
        if isinstance(node, Without):
            return ~self.mask(node.part)
        if isinstance(node, FacetTerm):
            return facet_mask(self.columns, node)
        return date_mask(self.columns, node)

    def prepare(self, units: Iterable[Unit]) -> None:
        """Nothing: whatever is asked is at hand."""

    def any(self, node: Node) -> bool:
        """Whether an article holds ``node``."""
        return bool((self.mask(node) & self.columns.live).any())

    def stands(self, form: Form, zones: tuple[str, ...] = ()) -> bool:
        return len(self.held(form, zones).documents) > 0

    def is_shown(self, form: Form) -> bool:
        return bool(self.view.shown[self.held(form).documents].any())

    def together(self, forms: Sequence[Asked]) -> tuple[Counts, int]:
        """In how many live documents each two forms stand together, and how many there are."""
        live = self.columns.live
        holds = np.zeros((len(forms), len(live)), dtype=np.bool_)
        for row, (form, zones) in enumerate(forms):
            holds[row, self.held(form, zones).documents] = True
        return in_both(holds & live), int(live.sum())

    def nearest(self, term: str) -> str:
        """The syllable of the most articles that one slip of the hand turns ``term`` into."""
        found = {known: self.shown_with(known) for known in self.columns.one_slip_from(term) if known[0].isalpha()}
        best = max(found, key=lambda each: (found[each], each), default="")
        return best if found.get(best, 0) >= LEAST_OFTEN else ""

    def shown_with(self, term: str) -> int:
        """In how many articles a term stands that every reader may see."""
        return int(self.view.shown[documents_of(self.columns.places(term))].sum())

    def holding(self, forms: tuple[Form, ...], zones: tuple[str, ...]) -> Mask:
        """Which documents hold one of these forms."""
        if (forms, zones) not in self.masks:
            mask = np.zeros(self.columns.size, dtype=np.bool_)
            for form in forms:
                mask[self.held(form, zones).documents] = True
            mask.flags.writeable = False
            self.masks[forms, zones] = mask
        return self.masks[forms, zones]

    def held(self, form: Form, zones: tuple[str, ...] = ()) -> Held:
        """Which documents hold a form, and how often."""
        hows = {slot.how for slot in form.slots}
        if self.plain or form.near or len(form.slots) > 2 or not hows <= (PAIRED if len(form.slots) == 2 else COUNTED):
            name = (form.slots, form.near, zones, self.plain)
            return self.view.held(name, lambda: tempered(self.form(form, zones), self.view.factor))
        terms = tuple(tuple(self.terms(slot)) for slot in form.slots)
        return self.view.held((terms, zones), lambda: self.counted(terms, zones))

    def counted(self, terms: Sequence[Sequence[str]], zones: tuple[str, ...]) -> Held:
        """Which documents hold one of some terms, or one of two sides side by side, and how often; without a look at
        the places."""
        if len(terms) == 1:
            entries, often = self.columns.entries(terms[0])
        else:
            entries = self.columns.pairs_of(*terms)
            often = np.ones(len(entries), dtype=np.int32)
        if zones:
            kept = np.isin(entries % len(ZONES), [ZONES.index(zone) for zone in zones])
            entries, often = entries[kept], often[kept]
        return counted(entries, often, self.view.factor)

    def form(self, form: Form, zones: tuple[str, ...] = ()) -> Places:
        """Where the slots of a form stand side by side: the places of its first slot, sorted."""
        name = (form.slots, form.near, zones)
        if name not in self.known:
            self.known[name] = in_zones(self.found(form), zones)
        return self.known[name]

    def on_page(
        self, forms: Iterable[tuple[Form, tuple[str, ...]]], documents: Sequence[int], lines: Sequence[Lines]
    ) -> Iterator[Spot]:
        """Where forms stand in a few documents, given their ``lines``: a form, the document, the zone's name and the
        position. Of a near form the places of all its slots."""
        wanted = np.array(documents, dtype=np.int64)
        for form, zones in forms:
            if not holds(self.held(form, zones).documents, wanted).any():
                continue
            for places in self.standing(form, zones, lines, documents):
                for document, zone, position in told(in_zones(places, zones)):
                    yield form, document, zone, position

    def standing(
        self, form: Form, zones: tuple[str, ...], lines: Sequence[Lines], documents: Sequence[int]
    ) -> Iterator[Places]:
        if form.near:
            for document in documents:
                slots = [of_document(self.slot(slot), document) for slot in form.slots]
                yield from in_stretches(slots, form.near, near(slots, form.near))
        elif self.plain or any(slot.how in BESIDE for slot in form.slots):
            yield from (of_document(self.form(form, zones), document) for document in documents)
        else:
            wanted = [self.terms(slot) for slot in form.slots]
            for segment, terms, places in lines:
                numbers_of = [segment.numbers(each) for each in wanted]
                if all(numbers_of):
                    yield places[stand(terms, numbers_of, len(segment.terms))]

    def found(self, form: Form) -> Places:
        if len(form.slots) == 1:
            return self.slot(form.slots[0])
        if form.near:
            return near([self.slot(slot) for slot in form.slots], form.near)
        if self.plain or any(slot.how in BESIDE for slot in form.slots):
            return adjacent([self.slot(slot) for slot in form.slots])
        return self.columns.side_by_side([self.terms(slot) for slot in form.slots])

    def slot(self, slot: Slot) -> Places:
        name = (slot.text, slot.how, slot.pattern)
        if name not in self.known:
            found = union([self.columns.places(term) for term in self.terms(slot)])
            # alone: `cầu` is a bridge, but not in `yêu cầu`
            self.known[name] = self.columns.alone(found) if slot.how == "alone" else found
        return self.known[name]

    def terms(self, slot: Slot) -> list[str]:
        """The terms that may stand in a slot. Raises KhotinError when a wildcard stands for too many."""
        if slot not in self.spelled:
            self.spelled[slot] = self.spellings(slot)
        return self.spelled[slot]

    def spellings(self, slot: Slot) -> list[str]:
        if slot.how in ("key", "alone"):
            return self.columns.spelled("key", fold.key(slot.text))
        if slot.how == "bare":
            return self.columns.spelled("bare", fold.bare_key(slot.text))
        if slot.how == "stem":
            return [STEM + slot.text]
        if slot.how in ("written", "term"):
            return [slot.text]
        found = sorted(self.expanded(slot))
        if len(found) > MOST_TERMS:
            raise too_many(slot)
        return found

    def expanded(self, slot: Slot) -> set[str]:
        """The terms that a pattern stands for."""
        if slot.how == "number":
            assert slot.pattern is not None
            return {term for term in self.columns.signed(NUMBER) if numbers.matches_bare(slot.pattern, term[1:])}
        if slot.how == "fuzzy":
            if len(slot.text) > LONGEST:
                raise too_long(slot)
            return self.columns.one_slip_from(slot.text)
        wanted = pattern_of(slot.text)
        prefix = re.split("[*?]", slot.text)[0]
        return self.columns.matching(prefix, wanted, fold.is_marked(slot.text))


def pattern_of(wildcard: str) -> re.Pattern[str]:
    return re.compile(re.escape(wildcard).replace(r"\*", r"[^\W_]*").replace(r"\?", r"[^\W_]"))


def too_many(slot: Slot) -> KhotinError:
    return KhotinError(
        "“%(word)s” stands for more than %(most)s different words. Write more of its letters.",
        word=slot.text,
        most=MOST_TERMS,
    )


def too_long(slot: Slot) -> KhotinError:
    return KhotinError(
        "“%(word)s…” is too long to be searched with ~. Write * after its first letters instead.",
        word=slot.text[:12],
    )


def in_both(holds: npt.NDArray[np.bool_]) -> Counts:
    """In how many documents each two forms stand together, from which documents (columns) hold each (row)."""
    bits = np.packbits(holds, axis=1)
    bits = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))).view(np.uint64)
    counts = np.empty((len(bits), len(bits)))
    for row, own in enumerate(bits):
        counts[row] = np.bitwise_count(bits & own).sum(axis=1)
    return counts


def stand(line: Ints, slots: Sequence[Sequence[int]], size: int) -> Mask:
    """At which of the terms in reading order the slots begin to stand side by side; there are ``size`` terms."""
    found: Mask = np.ones(len(line), dtype=np.bool_)
    for number, wanted in enumerate(slots):
        found[: len(line) - number] &= among(line[number:], wanted, size)
        found[max(0, len(line) - number) :] = False
    return found


def told(places: Places) -> Iterator[tuple[int, str, int]]:
    """Places as document, zone and position."""
    zones = (ZONES[zone] for zone in zone_of(places).tolist())
    yield from zip((places >> DOCUMENT_SHIFT).tolist(), zones, position_of(places).tolist(), strict=True)


def union(parts: list[Places]) -> Places:
    """All places of several sorted lists, each once, sorted."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else EMPTY
    places = np.sort(np.concatenate(filled), kind="stable")  # which takes sorted lists as they are
    return places[np.diff(places, prepend=-1) > 0]


def adjacent(slots: list[Places]) -> Places:
    """Where slot 0 stands with slot 1 right behind it, slot 2 behind that, and so on; from the rarest outwards."""
    order = sorted(range(len(slots)), key=lambda number: len(slots[number]))
    rarest = order[0]
    begins = slots[rarest] - rarest
    for number in order[1:]:
        begins = begins[holds(slots[number], begins + number)]
    return begins


def holds(places: Places, wanted: Places) -> Mask:
    """Which of the ``wanted`` places are among the sorted ``places``."""
    if not len(places):
        return np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(places, wanted), len(places) - 1)
    found: Mask = places[at] == wanted
    return found


def near(slots: list[Places], others: int) -> Places:
    """The places from which all slots stand in one stretch, whatever their order, with at most so many other syllables
    between them; a syllable that was asked for twice must stand there twice."""
    reach, wanted = reach_of(slots, others), sorted(different(slots), key=lambda each: len(each[0]))
    rarest = wanted[0][0]
    for places, times in wanted:  # where not all of them are around it there is no stretch: few places are left
        rarest = having(rarest, places, reach, times)
    wanted = [(having(places, rarest, reach), times) for places, times in wanted]
    begins = union([places for places, _ in wanted])
    for places, times in wanted:
        last = np.searchsorted(places, begins) + times - 1
        begins, last = begins[last < len(places)], last[last < len(places)]
        begins = begins[places[last] - begins <= reach]
    return begins


def in_stretches(slots: list[Places], others: int, begins: Places) -> Iterator[Places]:
    """Of each slot the places in the stretches that begin at these places."""
    reach = reach_of(slots, others)
    for places in slots:
        first = np.searchsorted(begins, places - reach)
        yield places[np.searchsorted(begins, places, side="right") > first]


def reach_of(slots: list[Places], others: int) -> int:
    """How far behind the first place of a stretch its last one may be."""
    return len(slots) - 1 + others


def different(slots: list[Places]) -> list[tuple[Places, int]]:
    """Each list of places once, and how often it is among the slots."""
    found: list[tuple[Places, int]] = []
    for places in slots:
        for at, (known, times) in enumerate(found):
            if known is places or np.array_equal(known, places):
                found[at] = (known, times + 1)
                break
        else:
            found.append((places, 1))
    return found


def having(places: Places, others: Places, reach: int, times: int = 1) -> Places:
    """Those places that have so many of the others no farther than ``reach`` from them, on either side."""
    first = np.searchsorted(others, places - reach)
    return places[np.searchsorted(others, places + reach, side="right") - first >= times]


def in_zones(places: Places, zones: tuple[str, ...]) -> Places:
    if not zones:
        return places
    numbers_of = [ZONES.index(zone) for zone in zones]
    return places[np.isin(zone_of(places), numbers_of)]


def of_document(places: Places, document: int) -> Places:
    first, after = np.searchsorted(places, [document << DOCUMENT_SHIFT, (document + 1) << DOCUMENT_SHIFT])
    return places[first:after]


def facet_mask(columns: Columns, term: FacetTerm) -> Mask:
    """Documents whose facet holds the words, accents by intent."""
    values, column = columns.facet(term.facet)
    how = fold.key if fold.is_marked(term.value) else fold.bare
    wanted = " ".join(how(term.value).split())
    chosen = [number for number, value in enumerate(values) if wanted in how(value)]
    return np.isin(column, chosen)


def date_mask(columns: Columns, term: DateTerm) -> Mask:
    """Dated documents within the span; undated ones are never within."""
    mask: Mask = columns.days != NO_DATE
    if term.first:
        mask &= columns.days >= term.first.toordinal()
    if term.last:
        mask &= columns.days <= term.last.toordinal()
    return mask
