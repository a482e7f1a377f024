"""How do documents become a segment?  Their terms are gathered, sorted once, and written as columns and for Whoosh."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.places import (
    DOCUMENT_SHIFT,
    ZONE_SHIFT,
    ZONES,
    Ints,
    Places,
    entries_of,
    joined,
    position_of,
)
from indexer.engine.segments import (
    CHECKSUMS,
    NO_DATE,
    NO_TERM,
    VALUES,
    WORD_FACETS,
    Segment,
    checksums,
    is_syllable,
    save,
)
from indexer.engine.vocabulary import save_spellings, save_vocabulary
from indexer.language import fold
from indexer.language.words import WORD, Token

# What the columns say of a document that has no terms: the engine's own.
NOTHING: Mapping[str, Any] = {"day": None, **dict.fromkeys(WORD_FACETS, "")}
# Postings made into Python objects at a time.
BLOCK = 65_536
# Pairs of syllables that each stand in so many places of a segment are kept; others are quickly found around the rarer
# one. More than 40,000 syllables never do, so that the code of a pair fits into 32 bits.
FREQUENT = 512
# The number of a term that is not kept.
LEFT_OUT = -1


class Terms(NamedTuple):
    """The terms of one document: each once, and where they stand (sorted places of document 0, each with the number of
    its term)."""

    names: Sequence[str]
    numbers: Ints
    places: Places


def terms_of(zones: Mapping[str, Iterable[Token]]) -> Terms:
    """The terms of a document from the tokens of its zones."""
    known: dict[str, int] = {}
    numbers: list[int] = []
    places: list[int] = []
    for zone, tokens in zones.items():
        at = ZONES.index(zone) << ZONE_SHIFT
        for token in tokens:
            numbers.append(known.setdefault(token.term, len(known)))
            places.append(at | token.position)
    found = np.array(places, dtype=np.int64)
    order = np.argsort(found, kind="stable")
    return Terms(list(known), np.array(numbers, dtype=np.int32)[order], found[order])


NO_TERMS = terms_of({})


class Sorted(NamedTuple):
    """The terms of a segment in order, with where each stands, and in which documents and zones how often."""

    terms: list[str]
    starts: npt.NDArray[np.int64]
    places: Places
    entry_starts: npt.NDArray[np.int64]
    entries: Ints
    often: Ints

    def postings(self, zone: str) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """What Whoosh writes of a zone: its name, term, document, how often, and the positions as 32-bit numbers."""
        of_zone = np.flatnonzero(self.entries % len(ZONES) == ZONES.index(zone))
        first = 4 * (np.cumsum(self.often, dtype=np.int64) - self.often)
        positions = position_of(self.places).astype("<i4").tobytes()
        terms = [term.encode() for term in self.terms]
        for block in np.array_split(of_zone, len(of_zone) // BLOCK + 1):
            numbers = np.searchsorted(self.entry_starts, block, side="right") - 1
            documents = self.entries[block] // len(ZONES)
            columns = (numbers, documents, first[block], self.often[block])
            for number, document, start, often in zip(*(each.tolist() for each in columns), strict=True):
                yield zone, terms[number], document, float(often), positions[start : start + 4 * often]


class Numbering(dict[str, int]):
    """The number of each term, in the order of coming."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self.names)
        self.names.append(term)
        return number


class Gathered:
    """The documents that are to become one segment, in the order in which Whoosh numbers them."""

    def __init__(self, known: Numbering | None = None) -> None:
        self.known = Numbering() if known is None else known
        self.numbers: list[Ints] = []
        self.places: list[Places] = []
        self.ids: list[int] = []
        self.stored: list[Mapping[str, Any]] = []  # each document's facets and its `day`

    def add(self, number: int, terms: Terms, stored: Mapping[str, Any]) -> None:
        """One more document: its article's number, its terms, what it is filtered and sorted by."""
        self.take(terms.names, terms.numbers, terms.places + (len(self.ids) << DOCUMENT_SHIFT))
        self.ids.append(number)
        self.stored.append(stored)

    def take(self, names: Iterable[str], numbers: npt.NDArray[Any], places: Places) -> None:
        """More places, each with the number of its name."""
        own = np.fromiter(map(self.known.__getitem__, names), dtype=np.int32)
        numbers = own[numbers] if len(own) else np.empty(0, np.int32)
        if LEFT_OUT in own:
            kept = numbers != LEFT_OUT
            numbers, places = numbers[kept], places[kept]
        self.numbers.append(numbers)
        self.places.append(places)

    def add_segment(self, segment: Segment, deleted: Collection[int]) -> None:
        """The documents of a segment that are not deleted, behind those that came before."""
        live = np.ones(len(segment.ids), dtype=np.bool_)
        live[list(deleted)] = False
        moved = np.cumsum(live) - 1 + len(self.ids)
        documents = segment.places >> DOCUMENT_SHIFT
        kept = live[documents]
        within = segment.places[kept] & ((1 << DOCUMENT_SHIFT) - 1)
        numbers = np.repeat(np.arange(len(segment.terms)), np.diff(segment.starts))[kept]
        self.take(segment.terms, numbers, (moved[documents[kept]] << DOCUMENT_SHIFT) | within)
        self.ids += segment.ids[live].tolist()
        self.stored += [segment.stored(document) for document in np.flatnonzero(live).tolist()]

    @cached_property
    def sorted(self) -> Sorted:
        """All terms in order; those gathered are given up for it. A term's places come in order, document by
        document, so the terms alone are to be sorted."""
        numbers, places = joined(self.numbers, np.int32), joined(self.places, np.int64)
        self.numbers, self.places = [], []
        sizes = np.bincount(numbers, minlength=len(self.known.names)).tolist()
        terms = sorted(term for term, size in zip(self.known.names, sizes, strict=True) if size)
        rank = np.zeros(len(sizes), dtype=np.int32)
        rank[[self.known[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
        numbers = rank[numbers]
        order = np.argsort(numbers, kind="stable")
        numbers, places = numbers[order], places[order]
        starts = np.searchsorted(numbers, np.arange(len(terms) + 1))
        entry = entries_of(places)
        begins = np.ones(len(entry), dtype=np.bool_)
        begins[1:] = (entry[1:] != entry[:-1]) | (numbers[1:] != numbers[:-1])
        first = np.flatnonzero(begins)
        often = np.diff(np.append(first, len(entry))).astype(np.int32)
        entry_starts = np.searchsorted(numbers[first], np.arange(len(terms) + 1))
        return Sorted(terms, starts, places, entry_starts, entry[first], often)

    def save(self, folder: Path) -> None:
        """Write the columns of the segment, and a checksum of each file."""
        folder.mkdir(parents=True, exist_ok=True)
        values = {}
        for name, column in self.columns().items():
            save(folder / f"{name}.npy", column)
        for name in WORD_FACETS:
            values[name], column = numbered([str(each[name]) for each in self.stored])
            save(folder / f"{name}.npy", column)
        (folder / VALUES).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        terms = self.sorted.terms
        syllables = [term for term in terms if is_syllable(term)]
        save(folder / "numbers.npy", save_vocabulary(folder, terms))
        save_spellings(folder, "keys", syllables, fold.key)
        save_spellings(folder, "bare", syllables, fold.bare_key)
        (folder / CHECKSUMS).write_text(json.dumps(checksums(folder)), encoding="utf-8")

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Every column but the facets of words, by its name."""
        terms, starts, places, entry_starts, entries, often = self.sorted
        spoken = np.array([is_syllable(term) for term in terms], dtype=np.bool_)
        forward, forward_starts = reading_order(spoken, starts, places, len(self.ids))
        counted = np.repeat(spoken, np.diff(entry_starts))
        lengths = np.bincount(entries[counted], often[counted], minlength=len(self.ids) * len(ZONES))
        unaccented = sorted(np.flatnonzero(spoken).tolist(), key=lambda number: fold.bare(terms[number]))
        days = [NO_DATE if each["day"] is None else each["day"] for each in self.stored]
        return {
            "starts": starts,
            "places": places,
            "entry_starts": entry_starts,
            "entries": entries,
            "often": often,
            "ids": np.array(self.ids, dtype=np.int64),
            "lengths": lengths.astype(np.int32).reshape(-1, len(ZONES)),
            "days": np.array(days, dtype=np.int32),
            "unaccented": np.array(unaccented, dtype=np.int32),
            "forward": forward,
            "forward_starts": forward_starts,
            "joined": in_words(terms, starts, places, forward, forward_starts),
            **frequent_pairs(forward, forward_starts, np.where(spoken, np.diff(starts), 0)),
        }


def numbered(values: Sequence[str]) -> tuple[list[str], Ints]:
    """The values, each once, in order; and the number of each."""
    known = sorted(set(values))
    number = {value: place for place, value in enumerate(known)}
    return known, np.array([number[value] for value in values], dtype=np.int32)


def reading_order(
    spoken: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64], places: Places, documents: int
) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The forward array: the ``spoken`` terms that stand at each position of each zone, laid end to end by document and
    zone."""
    numbers = np.repeat(np.arange(len(spoken), dtype=np.int32), np.diff(starts))
    kept = spoken[numbers] if len(spoken) else np.zeros(0, np.bool_)
    numbers, places = numbers[kept], places[kept]
    zone, position = entries_of(places), position_of(places)
    sizes = np.zeros(documents * len(ZONES), dtype=np.int64)
    np.maximum.at(sizes, zone, position + 2)  # one more, so that zones never touch
    forward_starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    forward = np.full(forward_starts[-1], NO_TERM, dtype=np.int32)
    forward[forward_starts[zone] + position] = numbers
    return forward, forward_starts


def in_words(
    terms: Sequence[str],
    starts: npt.NDArray[np.int64],
    places: Places,
    forward: Ints,
    forward_starts: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """For each place of the forward array whether a word of several syllables reaches over it."""
    sizes = np.array([term.count("_") if term[0] == WORD else 0 for term in terms], dtype=np.int64)  # `_bê_tông`: 2
    size = np.repeat(sizes, np.diff(starts))
    places, size = places[size > 0], size[size > 0]
    first = forward_starts[entries_of(places)] + position_of(places)
    found = np.zeros(len(forward), dtype=np.bool_)
    for offset in range(size.max(initial=0)):
        found[first[size > offset] + offset] = True
    return found


def frequent_pairs(
    forward: Ints, forward_starts: npt.NDArray[np.int64], frequency: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[Any]]:
    """Where two frequent syllables stand side by side, pair by pair."""
    frequent = frequency >= FREQUENT
    ranks = np.where(frequent, np.cumsum(frequent) - 1, NO_TERM).astype(np.int32)
    ranked = np.append(ranks, NO_TERM).astype(np.int32)[forward]  # a gap is term -1, the last
    at = np.flatnonzero((ranked[:-1] >= 0) & (ranked[1:] >= 0))
    codes = ranked[at] * np.int32(frequent.sum()) + ranked[at + 1]
    order = np.argsort(codes, kind="stable")
    known, first = np.unique(codes[order], return_index=True)
    entry_at = np.repeat(np.arange(len(forward_starts) - 1, dtype=np.int32), np.diff(forward_starts))
    return {
        "pair_ranks": ranks,
        "pair_codes": known,
        "pair_starts": np.append(first, len(codes)),
        "pair_entries": entry_at[at[order]],
    }
