"""Which terms does a segment hold, and how are they spelled?  Static tries in files, mapped into memory.

As Python objects the terms of 20,000 articles would take every process some 40 MB and half a second to read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload
from zlib import crc32

import numpy as np
from marisa_trie import Trie

from indexer.engine.places import Ints

BEHIND = "\x1f"  # between a folded syllable and the one that is written so; no term holds it


class Vocabulary(Sequence[str]):
    """The terms of a segment, in order and numbered through; the trie has numbers of its own for them."""

    def __init__(self, trie: Trie, numbers: Ints) -> None:
        self.trie = trie
        self.numbers = numbers  # what the trie calls a term -> its number
        self.called = np.empty_like(numbers)  # the other way round
        self.called[numbers] = np.arange(len(numbers), dtype=np.int32)

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self.trie.restore_key(each) for each in self.called[number].tolist()]
        term: str = self.trie.restore_key(self.called.item(number))
        return term

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    def __contains__(self, term: object) -> bool:
        return term in self.trie

    def beginning(self, prefix: str) -> list[str]:
        """The terms that begin with ``prefix``, in no order."""
        found: list[str] = self.trie.keys(prefix)
        return found

    def number(self, term: str) -> int | None:
        """The number of a term; None when it does not stand here."""
        called = self.trie.get(term)
        return None if called is None else self.numbers.item(called)


class Spellings:
    """The written syllables under a folded spelling."""

    def __init__(self, trie: Trie) -> None:
        self.trie = trie

    def of(self, folded: str) -> list[str]:
        """The syllables that fold to exactly this."""
        return self.beginning(folded + BEHIND)

    def beginning(self, prefix: str) -> list[str]:
        """The syllables whose folded spelling begins so."""
        return [each.partition(BEHIND)[2] for each in self.trie.keys(prefix)]

    def letters(self) -> frozenset[str]:
        """Every letter and figure of every folded spelling."""
        return frozenset("".join(each.partition(BEHIND)[0] for each in self.trie.iterkeys()))


def save_vocabulary(folder: Path, terms: Sequence[str]) -> Ints:
    """Write the trie of some sorted terms; returns the number of each, in the order of the trie's own numbers."""
    trie = Trie(terms)
    (folder / "terms.trie").write_bytes(trie.tobytes())  # the library would not say why there is no room
    numbers = np.empty(len(terms), dtype=np.int32)
    numbers[[trie[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
    return numbers


def save_spellings(folder: Path, name: str, syllables: Iterable[str], how: Callable[[str], str]) -> None:
    trie = Trie(how(each) + BEHIND + each for each in syllables)
    (folder / f"{name}.trie").write_bytes(trie.tobytes())


def mapped(file: Path, checksum: int | None) -> Trie:
    """A trie from its file.  Raises OSError when it is missing, ValueError when it is damaged: the library would follow
    false pointers out of its memory."""
    if crc32(file.read_bytes()) != checksum:
        raise ValueError(f"{file} is damaged")
    return Trie().mmap(str(file))
