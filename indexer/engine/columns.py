"""What do searches read?  The columns of all segments of one generation, opened together."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.places import DOCUMENT_SHIFT, EMPTY, ZONES, Ints, Mask, Places, joined
from indexer.engine.segments import NO_DATE, NO_TERM, WORD_FACETS, Fold, Segment
from indexer.errors import NotNowError
from indexer.language import fold
from indexer.language.slips import slips


class IndexMissingError(NotNowError):
    """There is no readable index yet."""


class Lines(NamedTuple):
    """What stands in some documents of a segment in reading order: terms, NO_TERM between paragraphs and zones; and the
    places of each."""

    segment: Segment
    terms: Ints
    places: Places

    def paragraphs(self) -> Places:
        """The first places of all paragraphs."""
        spoken = self.terms != NO_TERM
        spoken[1:] &= self.terms[:-1] == NO_TERM
        first: Places = self.places[spoken]
        return first


class Pairs(NamedTuple):
    """Which of some terms stand in which documents: pair by pair the number of a name, and a document."""

    names: list[str]
    numbers: npt.NDArray[np.int64]
    documents: npt.NDArray[np.int64]


class Columns:
    """One generation: its segments laid end to end, so that documents are numbered through; deleted ones masked."""

    def __init__(
        self,
        generation: str,
        segments: list[Segment],
        deleted: list[npt.NDArray[np.int64]],
        lesson: int = 0,
        lanes: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.generation = generation
        self.segments = segments
        self.lesson = lesson  # the number of the lesson that questions are read with
        self.lanes = lanes  # the last change of each lane that it holds
        self.paired: dict[str, Pairs] = {}
        self.lock = Lock()
        sizes = [len(segment.ids) for segment in segments]
        self.bases = [sum(sizes[:number]) for number in range(len(sizes))]
        self.live: Mask = np.ones(sum(sizes), dtype=np.bool_)
        for base, gone in zip(self.bases, deleted, strict=True):
            self.live[base + gone] = False
        self.live &= self.ids > 0  # number 0 is the engine's own document

    @property
    def size(self) -> int:
        return len(self.live)

    @property
    def held(self) -> int:
        """How many articles it holds."""
        return int(self.live.sum())

    def showing(self, hidden: Collection[int]) -> Mask:
        """The live documents but those with ``hidden`` article numbers."""
        return self.live & ~np.isin(self.ids, list(hidden)) if hidden else self.live

    def places(self, term: str) -> Places:
        """All places of a term, sorted, those of deleted documents included."""
        parts = [
            segment.of(term) + (base << DOCUMENT_SHIFT) for segment, base in zip(self.segments, self.bases, strict=True)
        ]
        return np.concatenate(parts) if parts else EMPTY

    def frequency(self, term: str) -> int:
        """In how many places a term stands."""
        return sum(segment.frequency(segment.numbers([term])) for segment in self.segments)

    def entries(self, terms: Sequence[str]) -> tuple[Ints, Ints]:
        """In which zones of which documents (document x zones + zone) some terms stand, and how often; in order for a
        single term, else term by term."""
        entries, often = [], []
        for segment, base in zip(self.segments, self.bases, strict=True):
            for number in segment.numbers(terms):
                held = slice(segment.entry_starts[number], segment.entry_starts[number + 1])
                entries.append(segment.entries[held] + np.int32(base * len(ZONES)))
                often.append(segment.often[held])
        return joined(entries, np.int32), joined(often, np.int32)

    def pairs_of(self, left: Sequence[str], right: Sequence[str]) -> Ints:
        """The entries where one of some syllables stands right before one of others, in any order."""
        found = []
        for segment, base in zip(self.segments, self.bases, strict=True):
            first, second = segment.numbers(left), segment.numbers(right)
            if first and second:
                found.append(segment.pairs(first, second) + np.int32(base * len(ZONES)))
        return joined(found, np.int32)

    def side_by_side(self, slots: Sequence[Sequence[str]]) -> Places:
        """Where syllables stand side by side, each slot any of some terms, sorted."""
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=True):
            known = [segment.numbers(terms) for terms in slots]
            if all(known):
                parts.append(segment.side_by_side(known) + (base << DOCUMENT_SHIFT))
        return joined(parts, np.int64)

    def alone(self, places: Places) -> Places:
        """Those of some sorted places where no joined word reaches over the syllable."""
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=True):
            bounds = np.array([base, base + len(segment.ids)]) << DOCUMENT_SHIFT
            first, after = np.searchsorted(places, bounds)
            parts.append(~segment.joined.take(segment.at(places[first:after] - bounds[0])))
        found: Places = places[joined(parts, np.bool_)]
        return found

    def reading(self, documents: Sequence[int]) -> Iterator[Lines]:
        """What stands in some documents in reading order, segment by segment."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            here = [document for document in documents if base <= document < base + len(segment.ids)]
            if here:
                lines, places = zip(*(segment.line_of(document - base) for document in here), strict=True)
                yield Lines(segment, np.concatenate(lines), np.concatenate(places) + (base << DOCUMENT_SHIFT))

    def holding(self, prefix: str, among: Mask) -> dict[str, int]:
        """The terms that begin with ``prefix``, each with how many of the documents ``among`` hold it."""
        pairs = self.pairs(prefix[:1])
        sizes = np.bincount(pairs.numbers[among[pairs.documents]], minlength=len(pairs.names)).tolist()
        return {term: size for term, size in zip(pairs.names, sizes, strict=True) if size and term.startswith(prefix)}

    def pairs(self, sign: str) -> Pairs:
        """Which terms that begin with a sign stand in which documents."""
        with self.lock:
            if sign not in self.paired:
                self.paired[sign] = self.found_pairs(sign)
            return self.paired[sign]

    def found_pairs(self, sign: str) -> Pairs:
        ranges = [segment.range_of(sign) for segment in self.segments]
        names = sorted(self.signed(sign))
        known = {name: number for number, name in enumerate(names)}
        numbers, documents = [], []
        for segment, here, base in zip(self.segments, ranges, self.bases, strict=True):
            own = np.array([known[term] for term in segment.terms[here.start : here.stop]], dtype=np.int64)
            starts = segment.entry_starts[here.start : here.stop + 1]
            term = np.repeat(own, np.diff(starts))
            document = base + segment.entries[starts[0] : starts[-1]].astype(np.int64) // len(ZONES)
            fresh = np.ones(len(term), dtype=np.bool_)  # a term may stand in several zones of a document
            fresh[1:] = (term[1:] != term[:-1]) | (document[1:] != document[:-1])
            numbers.append(term[fresh])
            documents.append(document[fresh])
        return Pairs(names, joined(numbers, np.int64), joined(documents, np.int64))

    def spelled(self, how: Fold, folded: str) -> list[str]:
        """The written syllables whose key (``how`` = "key") or bare form ("bare") is ``folded``."""
        found = {term for segment in self.segments for term in segment.spelled(how).of(folded)}
        return sorted(found)

    def one_slip_from(self, typed: str) -> set[str]:
        """The syllables that one slip of the hand turns ``typed`` into; without regard to accents when it has none."""
        if fold.is_marked(typed):
            return {each for each in slips(typed, self.letters) if any(each in part.terms for part in self.segments)}
        spelled = {each: self.spelled("bare", fold.bare_key(each)) for each in slips(typed, fold.BARE_LETTERS)}
        return {term for each, terms in spelled.items() for term in terms if fold.bare(term) == each}

    @cached_property
    def letters(self) -> frozenset[str]:
        """Every letter and figure of every syllable."""
        return frozenset().union(*(segment.keys.letters() for segment in self.segments))

    def matching(self, prefix: str, pattern: re.Pattern[str], accents: bool) -> set[str]:
        """The syllables that begin with ``prefix`` and match ``pattern``, with or without regard to accents."""
        if accents:
            return {term for term in self.signed(prefix) if pattern.fullmatch(term)}
        terms = (term for part in self.segments for term in part.syllables_from(prefix))
        return {term for term in terms if pattern.fullmatch(fold.bare(term))}

    def signed(self, sign: str) -> set[str]:
        """The terms that begin with a sign: words, document numbers, places."""
        return {term for segment in self.segments for term in segment.terms.beginning(sign)}

    def beginning(self, prefix: str, accents: bool) -> list[str]:
        """The written syllables that, folded with or without their accents, begin with ``prefix``."""
        how: Fold = "key" if accents else "bare"
        return sorted({term for segment in self.segments for term in segment.spelled(how).beginning(prefix)})

    @cached_property
    def ids(self) -> npt.NDArray[np.int64]:
        return joined([segment.ids for segment in self.segments], np.int64)

    @cached_property
    def by_number(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The rising numbers of the live articles, and the document of each."""
        documents = np.flatnonzero(self.live)
        order = documents[np.argsort(self.ids[documents], kind="stable")]
        return self.ids[order], order

    def document_of(self, number: int) -> int | None:
        """The document of an article; None when there is none."""
        numbers, documents = self.by_number
        at = int(np.searchsorted(numbers, number))
        return int(documents[at]) if at < len(numbers) and numbers[at] == number else None

    @cached_property
    def lengths(self) -> Ints:
        return joined([segment.lengths for segment in self.segments], np.int32).reshape(-1, len(ZONES))

    @cached_property
    def days(self) -> Ints:
        return joined([segment.days for segment in self.segments], np.int32)

    @cached_property
    def months(self) -> npt.NDArray[np.int64]:
        """The month of each document's date, as 12 x year + month - 1; 0 when unknown."""
        known = self.days != NO_DATE
        # NumPy counts days from 1970-01-01, Python's ordinals from 0001-01-01
        since = np.where(known, self.days.astype(np.int64) - date(1970, 1, 1).toordinal(), 0)
        month = since.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 12 * 1970
        return np.where(known, month, 0)

    @cached_property
    def years(self) -> npt.NDArray[np.int64]:
        """The year of each document's date; 0 when unknown."""
        return self.months // 12

    @cached_property
    def newest(self) -> npt.NDArray[np.int64]:
        """All documents by their dates, the newest first, then by number; undated ones last."""
        return np.lexsort((self.ids, -self.days.astype(np.int64), self.days == NO_DATE))

    @cached_property
    def oldest(self) -> npt.NDArray[np.int64]:
        """All documents by their dates, the oldest first, then by number; undated ones last."""
        return np.lexsort((self.ids, self.days, self.days == NO_DATE))

    def facet(self, name: str) -> tuple[list[str], Ints]:
        """A facet's values over all segments, and each document's value number."""
        return self.facets[name]

    @cached_property
    def facets(self) -> Mapping[str, tuple[list[str], Ints]]:
        return {name: self.joined_facet(name) for name in WORD_FACETS}

    def joined_facet(self, name: str) -> tuple[list[str], Ints]:
        known = sorted({value for segment in self.segments for value in segment.facets[name][0]})
        number = {value: place for place, value in enumerate(known)}
        columns = []
        for segment in self.segments:
            values, column = segment.facets[name]
            columns.append(np.array([number[value] for value in values], dtype=np.int32)[column])
        return known, joined(columns, np.int32)
