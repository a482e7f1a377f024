"""What is copied of one Whoosh segment?  Its postings as NumPy arrays in files, read by mapping them into memory.

Terms stand there twice: by term, as sorted places, and in reading order, as the forward array.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

# Facets whose values are words; dates are kept apart as day numbers.
WORD_FACETS = ("section", "source", "unit", "language", "kind", "availability", "change")
NO_DATE = np.iinfo(np.int32).min
NO_TERM = -1
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


def among(found: Ints, numbers: Sequence[int], size: int) -> Mask:
    """Which of the terms ``found`` are one of ``numbers``; there are ``size`` terms."""
    if len(numbers) < 2:
        return np.asarray(found == (numbers[0] if numbers else size))
    wanted = np.zeros(size + 1, dtype=np.bool_)  # the last one answers for NO_TERM
    wanted[list(numbers)] = True
    return wanted[found]
