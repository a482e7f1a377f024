"""How is the index kept and read?  A small interface: documents go in, columns of arrays come out."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from indexer.engine.columns import Columns
from indexer.engine.gathered import Terms

# Raise it when terms, zones or columns change: an index of another format is rebuilt.
FORMAT = 10


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the index takes it: its terms, and what it is filtered and sorted by."""

    id: int
    terms: Terms
    facets: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class State:
    """How far an index has come: whose archive it shows, the last change number of each lane, and the number of the
    lesson (what the archive taught about its words) that questions are read with."""

    store_id: str
    lanes: Mapping[str, int]
    format: int = FORMAT
    lesson: int = 0


class Index(Protocol):
    """One index that can be written: the published one, or one that is made aside."""

    def state(self) -> State | None:
        """How far it has come; None when nothing was written yet or it cannot be read."""

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> int:
        """Add or replace ``documents``, take out ``removed``: all of it or nothing. Returns how many documents."""


class Aside(Index, Protocol):
    """An index that nobody sees yet."""

    def fill(self, documents: Iterable[Document], state: State) -> int:
        """Write any number of documents, with memory for some of them at a time. Returns how many."""

    def take_over(self, held: Any, state: State) -> None:
        """Take what the published index ``held``, but for what was deleted; no words are cut."""


class Engine(Index, Protocol):
    """What any engine can do; tests/test_indexer_engine.py is the contract. What is written is published at once."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold this around reading the state and the `write` or `swap` that follows: one writer at a time."""

    def aside(self) -> AbstractContextManager[Aside]:
        """A new, empty index that nobody sees before `swap`; one at a time over all processes. The published one may be
        written meanwhile."""

    def swap(self, aside: Any, state: State) -> None:
        """Put what was written aside in the place of the published index."""

    def forget(self, numbers: Collection[int]) -> None:
        """Let no file hold anything of articles that were taken out; an index that is being made aside is waited for.
        Raises IndexMissingError when there is none."""

    def published(self) -> Any:
        """The published index, for one aside to take over. Raises IndexMissingError when there is none."""

    def stamp(self) -> object:
        """What tells what is published now from what is published next (cheap: asked with every page)."""

    def numbers(self) -> set[int]:
        """The numbers of all articles that the published index holds. Raises IndexMissingError when there is none."""

    def size(self) -> int:
        """How many they are."""

    def columns(self) -> Columns:
        """What readers search: the last published generation. Raises IndexMissingError when there is none."""

    def reading(self) -> Columns:
        """What questions are asked of: the columns, or what stands in their place where the articles are far away (see
        indexer/afar). Raises IndexMissingError when there is none."""

    def check(self) -> list[str]:
        """What is wrong with the published files, a sentence each."""

    def looks(self) -> Mapping[str, object]:
        """What each published segment looks like from outside: another look is damage, or somebody's hand."""

    def mend(self) -> None:
        """Make missing or damaged columns anew from the postings; hold `writing` around this."""

    def is_untidy(self) -> bool:
        """Has the index grown into so many pieces, or keeps it so much that was deleted, that searches feel it?"""

    proved: set[Any]  # what need not be read to its end before it is opened

    def prove(self) -> None:
        """Read what is published to its end, so that opening it need not."""

    @property
    def path(self) -> Path: ...
