"""What is known of one Whoosh segment?  Its postings as NumPy arrays in files, read by mapping them into memory.

Terms stand there three times: by term, as sorted places; counted, as *entries* (document x zone) with how often; and in
reading order, as the forward array.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt
from marisa_trie import Trie
from numpy.lib.format import header_data_from_array_1_0, write_array_header_1_0

from indexer.engine.places import (
    DOCUMENT_SHIFT,
    EMPTY,
    ZONE_SHIFT,
    ZONES,
    Ints,
    Mask,
    Places,
    entries_of,
    joined,
    position_of,
)
from indexer.engine.vocabulary import Spellings, Vocabulary, mapped
from indexer.language import fold

# Facets whose values are words; dates are kept apart as day numbers.
WORD_FACETS = ("section", "source", "unit", "language", "kind", "availability", "change")
NO_DATE = np.iinfo(np.int32).min
NO_TERM = -1
VALUES, CHECKSUMS = "values.json", "checksums.json"
Fold = Literal["key", "bare"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)  # what is worked out of one is kept beside it
class Segment:
    """The columns of one Whoosh segment."""

    terms: Vocabulary  # sorted, so that a term's number is its place
    starts: npt.NDArray[np.int64]  # term number -> where its places begin; one more at the end
    places: Places
    entry_starts: npt.NDArray[np.int64]  # term number -> where its entries begin; one more at the end
    entries: Ints  # document x zones + zone, where a term stands, sorted by term
    often: Ints  # how often it stands there
    ids: npt.NDArray[np.int64]  # document -> article number
    lengths: Ints  # documents x zones, in syllables
    days: Ints  # document -> proleptic day number, NO_DATE when unknown
    facets: Mapping[str, tuple[list[str], Ints]]  # facet -> its values, and each document's value number
    unaccented: Ints  # the numbers of the syllables, in the order of their bare spelling
    keys: Spellings  # syllables by `fold.key`
    bare: Spellings  # syllables by `fold.bare_key`
    forward: Ints  # the syllables of every zone in reading order, as term numbers; NO_TERM between paragraphs
    frequent: int  # how many syllables are frequent
    pair_ranks: Ints  # term number -> its rank among the frequent ones, NO_TERM for others
    pair_codes: Ints  # rank of the first x number of frequent ones + rank of the second, sorted
    pair_starts: npt.NDArray[np.int64]  # pair -> where its entries begin; one more at the end
    pair_entries: Ints  # where each pair stands, in order, as often as it stands there
    joined: Mask  # whether each of them is part of a word of several syllables
    forward_starts: npt.NDArray[np.int64]  # document x zone -> where its syllables begin; one more at the end

    def stored(self, document: int) -> Mapping[str, Any]:
        """What a document is filtered and sorted by, as it was written."""
        day = int(self.days[document])
        facets = {name: values[numbers[document]] for name, (values, numbers) in self.facets.items()}
        return {**facets, "day": None if day == NO_DATE else day}

    def range_of(self, prefix: str) -> range:
        """The numbers of the terms that begin with ``prefix``: terms are kept in order."""
        return range(bisect_left(self.terms, prefix), bisect_left(self.terms, prefix + "\U0010ffff"))

    def syllables_from(self, prefix: str) -> Iterator[str]:
        """The syllables that, without their accents, begin with ``prefix``."""

        def spelled(number: int) -> str:
            return fold.bare(self.terms[number])

        first = bisect_left(self.unaccented, prefix, key=spelled)
        after = bisect_left(self.unaccented, prefix + "\U0010ffff", key=spelled)
        return (self.terms[number] for number in self.unaccented[first:after])

    def spelled(self, how: Fold) -> Spellings:
        return self.keys if how == "key" else self.bare

    def of(self, term: str) -> Places:
        number = self.terms.number(term)
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

    def at(self, places: Places) -> npt.NDArray[np.int64]:
        """Where in the forward array the syllables at these places stand."""
        found: npt.NDArray[np.int64] = self.forward_starts[entries_of(places)] + position_of(places)
        return found

    def numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers of those terms that stand in this segment."""
        return [number for number in map(self.terms.number, terms) if number is not None]

    def frequency(self, numbers: Sequence[int]) -> int:
        """In how many places these terms stand together."""
        return sum(int(self.starts[number + 1] - self.starts[number]) for number in numbers)

    def pairs(self, left: Sequence[int], right: Sequence[int]) -> Ints:
        """In which zones of which documents one of some syllables stands right before one of others: entries in any
        order, as often as they stand there. Those of frequent syllables are kept, others are looked for."""
        first, second = self.pair_ranks[left], self.pair_ranks[right]
        found = [self.frequent_pairs(first[first >= 0], second[second >= 0])]
        seldom_left = [number for number, rank in zip(left, first.tolist(), strict=True) if rank < 0]
        seldom_right = [number for number, rank in zip(right, second.tolist(), strict=True) if rank < 0]
        if seldom_left:
            found.append(entries_of(self.side_by_side([seldom_left, right])))
        if seldom_right and len(seldom_left) < len(left):
            others = [number for number in left if number not in seldom_left]
            found.append(entries_of(self.side_by_side([others, seldom_right])))
        return joined(found, np.int32)

    def frequent_pairs(self, first: Ints, second: Ints) -> Ints:
        codes = (first[:, None] * np.int32(self.frequent) + second).ravel()
        at = np.searchsorted(self.pair_codes, codes)
        known = at[(at < len(self.pair_codes)) & (self.pair_codes.take(at, mode="clip") == codes)] if len(at) else at
        return joined([self.pair_entries[self.pair_starts[n] : self.pair_starts[n + 1]] for n in known], np.int32)

    def side_by_side(self, slots: Sequence[Sequence[int]]) -> Places:
        """Where slot 0 stands with slot 1 right behind it, and so on, each slot any of some syllables (as numbers).

        The places of the rarest slot are taken; what stands around them is read from the forward array.
        """
        order = sorted(range(len(slots)), key=lambda number: self.frequency(slots[number]))
        rarest = order[0]
        places = joined([self.of_number(number) for number in slots[rarest]], np.int64)
        at = self.at(places) - rarest
        for number in order[1:]:
            # a gap ends every zone and the array: what would reach over it meets the gap at one slot or another, and
            # wrapped around the array's beginning it meets the last gap
            kept = among(self.forward.take(at + number, mode="wrap"), slots[number], len(self.terms))
            places, at = places[kept], at[kept]
        return np.sort(places - rarest) if len(slots[rarest]) > 1 else places - rarest


def is_syllable(term: str) -> bool:
    """Whether a term is a written syllable, and not a word, number, key, place or stem beside one."""
    return term[0].isalnum()


def save(file: Path, column: npt.NDArray[Any]) -> None:
    """As NumPy saves it. Raises OSError that says why there is no room: NumPy's own has no number, and so is no other
    than that of damage."""
    column = np.ascontiguousarray(column)
    with file.open("wb") as out:
        write_array_header_1_0(out, header_data_from_array_1_0(column))
        out.write(column.data)


def checksums(folder: Path) -> dict[str, int]:
    """A checksum of each file of a segment; they find damage, not malice."""
    files = sorted(each for each in folder.iterdir() if each.name != CHECKSUMS)
    return {each.name: checksum(each) for each in files}


def checksum(file: Path) -> int:
    return crc32(np.memmap(file, np.uint8, "r").data) if file.stat().st_size else 0


def is_saved(folder: Path) -> bool:
    """Was a segment written to its end?  The checksums come last."""
    return (folder / CHECKSUMS).exists()


def is_whole(folder: Path) -> bool:
    """Are all files of a segment there, as they were written?"""
    try:
        return bool(json.loads((folder / CHECKSUMS).read_text(encoding="utf-8")) == checksums(folder))
    except (OSError, ValueError):
        return False


def load_segment(folder: Path) -> Segment:
    """A segment from its files.  Raises OSError or ValueError when one is missing or cut short; other damage is for
    `is_whole` to find out: it reads them to the end, which no search can wait for."""
    sums = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    values = json.loads((folder / VALUES).read_text(encoding="utf-8"))

    def take(name: str) -> npt.NDArray[Any]:
        mapped = np.load(folder / f"{name}.npy", mmap_mode="r")
        return np.asarray(mapped)  # the same memory, without what np.memmap adds to every slice

    def trie(name: str) -> Trie:
        return mapped(folder / f"{name}.trie", sums.get(f"{name}.trie"))

    return Segment(
        terms=Vocabulary(trie("terms"), take("numbers")),
        starts=take("starts"),
        places=take("places"),
        entry_starts=take("entry_starts"),
        entries=take("entries"),
        often=take("often"),
        ids=take("ids"),
        lengths=take("lengths"),
        days=take("days"),
        facets={name: (values[name], take(name)) for name in WORD_FACETS},
        unaccented=take("unaccented"),
        keys=Spellings(trie("keys")),
        bare=Spellings(trie("bare")),
        forward=take("forward"),
        joined=take("joined"),
        frequent=int(take("pair_ranks").max(initial=NO_TERM)) + 1,
        pair_ranks=take("pair_ranks"),
        pair_codes=take("pair_codes"),
        pair_starts=take("pair_starts"),
        pair_entries=take("pair_entries"),
        forward_starts=take("forward_starts"),
    )


def among(found: Ints, numbers: Sequence[int], size: int) -> Mask:
    """Which of the terms ``found`` are one of ``numbers``; there are ``size`` terms."""
    if len(numbers) < 2:
        return np.asarray(found == (numbers[0] if numbers else size))
    wanted = np.zeros(size + 1, dtype=np.bool_)  # the last one answers for NO_TERM
    wanted[list(numbers)] = True
    return wanted[found]
