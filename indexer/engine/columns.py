"""What do searches read?  Each Whoosh segment's postings as memory-mapped NumPy arrays, opened together.

A *place* is one 64-bit number: document (upper 32 bits), zone (4 bits), position (28 bits). Sorted places
of a term are its postings; two syllables are neighbours when their places differ by one.
"""

import json
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.errors import KhotinError
from indexer.language import fold
from indexer.language.words import WORD

Number = TypeVar("Number", bound=np.generic)
Places = npt.NDArray[np.int64]
Documents = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

ZONES = ("title", "lead", "body", "captions", "attachments", "byline")
DOCUMENT_SHIFT, ZONE_SHIFT, ZONE_MASK = 32, 28, 15
# Facets whose values are words; dates are kept apart as day numbers.
WORD_FACETS = ("section", "source", "unit", "language", "kind", "availability", "change")
NO_DATE = np.iinfo(np.int32).min
EMPTY: Places = np.empty(0, dtype=np.int64)
NO_TERM = -1


class IndexMissingError(KhotinError):
    """There is no readable index yet."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The columns of one Whoosh segment."""

    order: Sequence[str]  # the terms, sorted
    terms: Mapping[str, int]  # term -> its number
    starts: npt.NDArray[np.int64]  # term number -> where its places begin; one more at the end
    places: Places
    ids: npt.NDArray[np.int64]  # document -> article number
    lengths: Ints  # documents x zones, in syllables
    days: Ints  # document -> proleptic day number, NO_DATE when unknown
    facets: Mapping[str, tuple[list[str], Ints]]  # facet -> its values, and each document's value number
    by_key: Mapping[str, list[str]]
    by_bare: Mapping[str, list[str]]
    forward: Ints  # the syllables of every zone in reading order, as term numbers; NO_TERM between paragraphs
    forward_starts: npt.NDArray[np.int64]  # document x zone -> where its syllables begin; one more at the end

    def range_of(self, prefix: str) -> range:
        """The numbers of the terms that begin with ``prefix``: terms are kept in order."""
        return range(bisect_left(self.order, prefix), bisect_left(self.order, prefix + "\U0010ffff"))

    def of(self, term: str) -> Places:
        number = self.terms.get(term)
        return EMPTY if number is None else self.of_number(number)

    def of_number(self, number: int) -> Places:
        return self.places[self.starts[number] : self.starts[number + 1]]

    def line_of(self, document: int) -> tuple[Ints, Places]:
        """What stands in a document in reading order, and at which places."""
        bounds = np.asarray(self.forward_starts[document * len(ZONES) : (document + 1) * len(ZONES) + 1])
        at = np.arange(bounds[0], bounds[-1])
        zone = np.searchsorted(bounds, at, side="right") - 1
        places = (document << DOCUMENT_SHIFT) | (zone << ZONE_SHIFT) | (at - bounds[zone])
        return self.forward[bounds[0] : bounds[-1]], places

    def numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers of those terms that stand in this segment."""
        return [self.terms[term] for term in terms if term in self.terms]

    def often(self, numbers: Sequence[int]) -> int:
        """In how many places these terms stand together."""
        return sum(int(self.starts[number + 1] - self.starts[number]) for number in numbers)

    def side_by_side(self, slots: Sequence[Sequence[int]]) -> Places:
        """Where slot 0 stands with slot 1 right behind it, and so on, each slot any of some syllables (as numbers).

        The places of the rarest slot are taken; what stands around them is read from the forward array.
        """
        order = sorted(range(len(slots)), key=lambda number: self.often(slots[number]))
        rarest = order[0]
        places = joined([self.of_number(number) for number in slots[rarest]], np.int64)
        zones = (places >> DOCUMENT_SHIFT) * len(ZONES) + zone_of(places)
        at = self.forward_starts[zones] + position_of(places) - rarest
        for number in order[1:]:
            # a gap ends every zone and the array: what would reach over it meets the gap at one slot or another, and
            # wrapped around the array's beginning it meets the last gap
            kept = among(self.forward.take(at + number, mode="wrap"), slots[number], len(self.order))
            places, at = places[kept], at[kept]
        return np.sort(places - rarest) if len(slots[rarest]) > 1 else places - rarest


def save_segment(
    folder: Path, postings: Mapping[str, Places], ids: list[int], stored: Sequence[Mapping[str, Any]]
) -> None:
    """Write the columns of a segment; ``stored`` holds each document's facets, ``day`` and zone ``lengths``."""
    folder.mkdir(parents=True, exist_ok=True)
    terms = sorted(postings)
    sizes = [len(postings[term]) for term in terms]
    put(folder, "starts", np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64))
    put(folder, "places", np.concatenate([postings[term] for term in terms]) if terms else EMPTY)
    put(folder, "ids", np.array(ids, dtype=np.int64))
    put(
        folder,
        "lengths",
        np.array([each["lengths"] for each in stored], dtype=np.int32).reshape(-1, len(ZONES)),
    )
    put(
        folder,
        "days",
        np.array([NO_DATE if each["day"] is None else each["day"] for each in stored], dtype=np.int32),
    )
    forward, forward_starts = reading_order(terms, postings, len(ids))
    put(folder, "forward", forward)
    put(folder, "forward_starts", forward_starts)
    values = {}
    for name in WORD_FACETS:
        known = sorted({str(each[name]) for each in stored})
        number = {value: place for place, value in enumerate(known)}
        put(folder, name, np.array([number[str(each[name])] for each in stored], dtype=np.int32))
        values[name] = known
    words = {
        "terms": terms,
        "facets": values,
        "by_key": folded(terms, fold.key),
        "by_bare": folded(terms, fold.bare_key),
    }
    (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def reading_order(
    terms: Sequence[str], postings: Mapping[str, Places], documents: int
) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The forward array: what stands at each position of each zone, laid end to end by document and zone."""
    syllables = [(number, postings[term]) for number, term in enumerate(terms) if is_syllable(term)]
    places = np.concatenate([found for _, found in syllables]) if syllables else EMPTY
    numbers = np.repeat(
        np.array([number for number, _ in syllables], dtype=np.int32), [len(found) for _, found in syllables]
    )
    zone = (places >> DOCUMENT_SHIFT) * len(ZONES) + ((places >> ZONE_SHIFT) & ZONE_MASK)
    position = places & ((1 << ZONE_SHIFT) - 1)
    sizes = np.zeros(documents * len(ZONES), dtype=np.int64)
    np.maximum.at(sizes, zone, position + 2)  # one more, so that zones never touch
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    forward = np.full(starts[-1], NO_TERM, dtype=np.int32)
    forward[starts[zone] + position] = numbers
    return forward, starts


def is_syllable(term: str) -> bool:
    """Whether a term is a written syllable, and not a word, number, key, place or stem beside one."""
    return term[0].isalnum()


def put(folder: Path, name: str, array: npt.NDArray[Any]) -> None:
    np.save(folder / f"{name}.npy", array)


def folded(terms: Iterable[str], how: Any) -> dict[str, list[str]]:
    """Folded syllable -> the written syllables that fold to it."""
    found: dict[str, list[str]] = {}
    for term in terms:
        if is_syllable(term):
            found.setdefault(how(term), []).append(term)
    return found


def load_segment(folder: Path) -> Segment:
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))

    def take(name: str) -> npt.NDArray[Any]:
        mapped = np.load(folder / f"{name}.npy", mmap_mode="r")
        return np.asarray(mapped)  # the same memory, without what np.memmap adds to every slice

    return Segment(
        order=words["terms"],
        terms={term: number for number, term in enumerate(words["terms"])},
        starts=take("starts"),
        places=take("places"),
        ids=take("ids"),
        lengths=take("lengths"),
        days=take("days"),
        facets={name: (words["facets"][name], take(name)) for name in WORD_FACETS},
        by_key=words["by_key"],
        by_bare=words["by_bare"],
        forward=take("forward"),
        forward_starts=take("forward_starts"),
    )


class Columns:
    """One generation: its segments laid end to end, so that documents are numbered through; deleted ones masked."""

    def __init__(
        self, generation: str, segments: list[Segment], deleted: list[npt.NDArray[np.int64]], lesson: int = 0
    ) -> None:
        self.generation = generation
        self.segments = segments
        self.lesson = lesson  # the number of the lesson that questions are read with
        sizes = [len(segment.ids) for segment in segments]
        self.bases = [sum(sizes[:number]) for number in range(len(sizes))]
        self.live: Mask = np.ones(sum(sizes), dtype=np.bool_)
        for base, gone in zip(self.bases, deleted, strict=True):
            self.live[base + gone] = False
        self.live &= self.ids > 0  # number 0 is the engine's own document

    @property
    def size(self) -> int:
        return len(self.live)

    def showing(self, hidden: Collection[int]) -> Mask:
        """The live documents but those with ``hidden`` article numbers."""
        return self.live & ~np.isin(self.ids, list(hidden)) if hidden else self.live

    def places(self, term: str) -> Places:
        """All places of a term, sorted, those of deleted documents included."""
        parts = [
            segment.of(term) + (base << DOCUMENT_SHIFT) for segment, base in zip(self.segments, self.bases, strict=True)
        ]
        return np.concatenate(parts) if parts else EMPTY

    def side_by_side(self, slots: Sequence[Sequence[str]]) -> Places:
        """Where syllables stand side by side, each slot any of some terms, sorted."""
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=True):
            known = [segment.numbers(terms) for terms in slots]
            if all(known):
                parts.append(segment.side_by_side(known) + (base << DOCUMENT_SHIFT))
        return joined(parts, np.int64)

    def reading(self, documents: Sequence[int]) -> Iterator[tuple[Segment, Ints, Places]]:
        """What stands in some documents in reading order, segment by segment: terms and their places."""
        for segment, base in zip(self.segments, self.bases, strict=True):
            here = [document for document in documents if base <= document < base + len(segment.ids)]
            if here:
                lines, places = zip(*(segment.line_of(document - base) for document in here), strict=True)
                yield segment, np.concatenate(lines), np.concatenate(places) + (base << DOCUMENT_SHIFT)

    def holding(self, prefix: str, among: Mask) -> dict[str, int]:
        """The terms that begin with ``prefix``, each with how many of the documents ``among`` hold it."""
        counts: dict[str, int] = {}
        for segment, base in zip(self.segments, self.bases, strict=True):
            numbers = segment.range_of(prefix)
            starts = np.asarray(segment.starts[numbers.start : numbers.stop + 1])
            documents = base + (segment.places[starts[0] : starts[-1]] >> DOCUMENT_SHIFT)
            pairs = np.repeat(np.arange(len(numbers)), np.diff(starts)) * self.size + documents
            held = np.bincount(np.unique(pairs[among[documents]]) // max(1, self.size), minlength=len(numbers))
            for at in np.flatnonzero(held).tolist():
                term = segment.order[numbers.start + at]
                counts[term] = counts.get(term, 0) + int(held[at])
        return counts

    def spelled(self, how: str, folded: str) -> list[str]:
        """The written syllables whose key (``how`` = "key") or bare form ("bare") is ``folded``."""
        found = {term for segment in self.segments for term in getattr(segment, f"by_{how}").get(folded, ())}
        return sorted(found)

    def beginning(self, prefix: str, accents: bool) -> list[str]:
        """The written syllables that, folded with or without their accents, begin with ``prefix``."""
        tables = [segment.by_key if accents else segment.by_bare for segment in self.segments]
        found = {term for table in tables for key, terms in table.items() if key.startswith(prefix) for term in terms}
        return sorted(found)

    @cached_property
    def words_around(self) -> Mapping[str, list[tuple[str, int]]]:
        """From a folded syllable to the joined words that hold it, and at which place in them."""
        found: dict[str, list[tuple[str, int]]] = {}
        for term in sorted({segment.order[at] for segment in self.segments for at in segment.range_of(WORD)}):
            for place, syllable in enumerate(term[len(WORD) :].split("_")):
                found.setdefault(syllable, []).append((term, place))
        return found

    @cached_property
    def all_terms(self) -> frozenset[str]:
        """Every term, once."""
        return frozenset(term for segment in self.segments for term in segment.order)

    @cached_property
    def ids(self) -> npt.NDArray[np.int64]:
        return joined([segment.ids for segment in self.segments], np.int64)

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


def joined(parts: Sequence[npt.NDArray[Number]], kind: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def among(found: Ints, numbers: Sequence[int], size: int) -> Mask:
    """Which of the terms ``found`` are one of ``numbers``; there are ``size`` terms."""
    if len(numbers) < 2:
        return np.asarray(found == (numbers[0] if numbers else size))
    wanted = np.zeros(size + 1, dtype=np.bool_)  # the last one answers for NO_TERM
    wanted[list(numbers)] = True
    return wanted[found]


def zone_of(places: Places) -> Places:
    return (places >> ZONE_SHIFT) & ZONE_MASK


def position_of(places: Places) -> Places:
    return places & ((1 << ZONE_SHIFT) - 1)


def documents_of(places: Places) -> npt.NDArray[np.int64]:
    """The documents of sorted places, each once, in order."""
    documents = places >> DOCUMENT_SHIFT
    keep = np.ones(len(documents), dtype=np.bool_)
    keep[1:] = documents[1:] != documents[:-1]
    return documents[keep]
