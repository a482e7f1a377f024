"""What is copied of one Whoosh segment?  Its postings as NumPy arrays in files, read by mapping them into memory.

Terms stand there twice: by term, as sorted places, and in reading order, as the forward array.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from indexer.engine.places import (
    DOCUMENT_SHIFT,
    EMPTY,
    ZONE_SHIFT,
    ZONES,
    Ints,
    Mask,
    Places,
    joined,
    position_of,
    zone_of,
)
from indexer.language import fold
from indexer.language.words import Token

# Facets whose values are words; dates are kept apart as day numbers.
WORD_FACETS = ("section", "source", "unit", "language", "kind", "availability", "change")
NO_DATE = np.iinfo(np.int32).min
NO_TERM = -1
WORDS, CHECKSUMS = "words.json", "checksums.json"
# What the columns say of a document that has no terms: the engine's own.
NOTHING: Mapping[str, Any] = {"day": None, "lengths": [0] * len(ZONES), **dict.fromkeys(WORD_FACETS, "")}


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

    def stored(self, document: int) -> Mapping[str, Any]:
        """What a document is filtered and sorted by, as it was written."""
        day = int(self.days[document])
        facets = {name: values[numbers[document]] for name, (values, numbers) in self.facets.items()}
        return {**facets, "day": None if day == NO_DATE else day, "lengths": self.lengths[document].tolist()}

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


class Gathered:
    """The terms of documents that are to become one segment, in the order in which Whoosh numbers the documents."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}  # term -> its number, in the order of coming
        self.numbers, self.places = array("i"), array("q")  # of every term that stands somewhere
        self.ids: list[int] = []
        self.stored: list[Mapping[str, Any]] = []  # each document's facets, `day` and zone `lengths`

    def add(self, number: int, zones: Mapping[str, Sequence[Token]], stored: Mapping[str, Any]) -> None:
        """One more document: its article's number, its terms, what it is filtered and sorted by."""
        known, document = self.known, len(self.ids)
        for zone, tokens in zones.items():
            at = (document << DOCUMENT_SHIFT) | (ZONES.index(zone) << ZONE_SHIFT)
            self.numbers.extend([known.setdefault(token.term, len(known)) for token in tokens])
            self.places.extend([at | token.position for token in tokens])
        self.ids.append(number)
        self.stored.append(stored)

    def add_places(self, term: str, places: Places) -> None:
        """More places of a term, of documents that are there already."""
        number = self.known.setdefault(term, len(self.known))
        self.numbers.extend([number] * len(places))
        self.places.frombytes(places.tobytes())

    def add_segment(self, segment: Segment, deleted: Collection[int]) -> None:
        """The documents of a segment that are not deleted, behind those that came before."""
        live = np.ones(len(segment.ids), dtype=np.bool_)
        live[list(deleted)] = False
        moved = np.cumsum(live) - 1 + len(self.ids)
        own = np.array([self.known.setdefault(term, len(self.known)) for term in segment.order], dtype=np.int32)
        documents = segment.places >> DOCUMENT_SHIFT
        kept = live[documents]
        within = segment.places[kept] & ((1 << DOCUMENT_SHIFT) - 1)
        self.numbers.frombytes(np.repeat(own, np.diff(segment.starts))[kept].tobytes())
        self.places.frombytes(((moved[documents[kept]] << DOCUMENT_SHIFT) | within).tobytes())
        self.ids += segment.ids[live].tolist()
        self.stored += [segment.stored(document) for document in np.flatnonzero(live).tolist()]

    def save(self, folder: Path) -> None:
        """Write the columns of the segment, and a checksum of each file."""
        numbers, places = np.frombuffer(self.numbers, np.int32), np.frombuffer(self.places, np.int64)
        sizes = np.bincount(numbers, minlength=len(self.known))
        terms = sorted(term for term, number in self.known.items() if sizes[number])
        rank = np.zeros(len(self.known), dtype=np.int32)
        rank[[self.known[term] for term in terms]] = np.arange(len(terms))
        numbers = rank[numbers]
        order = np.lexsort((places, numbers))
        numbers, places = numbers[order], places[order]
        folder.mkdir(parents=True, exist_ok=True)
        starts = np.searchsorted(numbers, np.arange(len(terms) + 1))
        forward, forward_starts = reading_order(terms, numbers, places, len(self.ids))
        days = [NO_DATE if each["day"] is None else each["day"] for each in self.stored]
        written: dict[str, npt.NDArray[Any]] = {
            "starts": starts.astype(np.int64),
            "places": places,
            "ids": np.array(self.ids, dtype=np.int64),
            "lengths": np.array([each["lengths"] for each in self.stored], dtype=np.int32).reshape(-1, len(ZONES)),
            "days": np.array(days, dtype=np.int32),
            "forward": forward,
            "forward_starts": forward_starts,
        }
        values = {}
        for name in WORD_FACETS:
            values[name], written[name] = numbered([str(each[name]) for each in self.stored])
        for name, column in written.items():
            np.save(folder / f"{name}.npy", column)
        words = {
            "terms": terms,
            "facets": values,
            "by_key": folded(terms, fold.key),
            "by_bare": folded(terms, fold.bare_key),
        }
        (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        (folder / CHECKSUMS).write_text(json.dumps(checksums(folder)), encoding="utf-8")


def numbered(values: Sequence[str]) -> tuple[list[str], Ints]:
    """The values, each once, in order; and the number of each."""
    known = sorted(set(values))
    number = {value: place for place, value in enumerate(known)}
    return known, np.array([number[value] for value in values], dtype=np.int32)


def reading_order(
    terms: Sequence[str], numbers: Ints, places: Places, documents: int
) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The forward array: what stands at each position of each zone, laid end to end by document and zone."""
    spoken = (
        np.array([is_syllable(term) for term in terms], dtype=np.bool_)[numbers] if terms else np.zeros(0, np.bool_)
    )
    numbers, places = numbers[spoken], places[spoken]
    zone = (places >> DOCUMENT_SHIFT) * len(ZONES) + zone_of(places)
    position = position_of(places)
    sizes = np.zeros(documents * len(ZONES), dtype=np.int64)
    np.maximum.at(sizes, zone, position + 2)  # one more, so that zones never touch
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    forward = np.full(starts[-1], NO_TERM, dtype=np.int32)
    forward[starts[zone] + position] = numbers
    return forward, starts


def checksums(folder: Path) -> dict[str, int]:
    """A checksum of each file of a segment; they find damage, not malice."""
    files = sorted(each for each in folder.iterdir() if each.name != CHECKSUMS)
    return {each.name: crc32(np.memmap(each, np.uint8, "r").data) if each.stat().st_size else 0 for each in files}


def is_syllable(term: str) -> bool:
    """Whether a term is a written syllable, and not a word, number, key, place or stem beside one."""
    return term[0].isalnum()


def folded(terms: Iterable[str], how: Any) -> dict[str, list[str]]:
    """Folded syllable -> the written syllables that fold to it."""
    found: dict[str, list[str]] = {}
    for term in terms:
        if is_syllable(term):
            found.setdefault(how(term), []).append(term)
    return found


def is_whole(folder: Path) -> bool:
    """Are all files of a segment there, as they were written?"""
    try:
        return bool(json.loads((folder / CHECKSUMS).read_text(encoding="utf-8")) == checksums(folder))
    except (OSError, ValueError):
        return False


def load_segment(folder: Path) -> Segment:
    """A segment from its files.  Raises OSError or ValueError when one is missing or damaged."""
    if not is_whole(folder):
        raise ValueError(f"{folder} is damaged")
    words = json.loads((folder / WORDS).read_text(encoding="utf-8"))

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


def among(found: Ints, numbers: Sequence[int], size: int) -> Mask:
    """Which of the terms ``found`` are one of ``numbers``; there are ``size`` terms."""
    if len(numbers) < 2:
        return np.asarray(found == (numbers[0] if numbers else size))
    wanted = np.zeros(size + 1, dtype=np.bool_)  # the last one answers for NO_TERM
    wanted[list(numbers)] = True
    return wanted[found]
