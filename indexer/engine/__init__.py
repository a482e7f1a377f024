"""How is the index kept and read?  A small interface: documents go in, columns of arrays come out."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer.engine.columns import Columns
from indexer.language.words import Token

# Raise it when terms, zones or columns change: an index of another format is rebuilt.
FORMAT = 4


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the index takes it: the terms of each zone, and what it is filtered and sorted by."""

    id: int
    zones: Mapping[str, list[Token]]
    facets: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class State:
    """How far an index has come: whose archive it shows, the last change number of each lane, and the number of the
    lesson (what the archive taught about its words) that questions are read with."""

    store_id: str
    lanes: Mapping[str, int]
    format: int = FORMAT
    lesson: int = 0


class Engine(Protocol):
    """What any engine can do; tests/test_indexer_engine.py is the contract."""

    def state(self) -> State | None:
        """How far the published index has come; None when there is none that can be read."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold this around reading the state and the `write` or `rebuild` that follows: one writer at a time."""

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> None:
        """Add or replace ``documents``, take out ``removed``, publish: readers see all of it or nothing."""

    def rebuild(self, documents: Iterable[Document], state: State) -> None:
        """Write a whole new index aside and put it in the old one's place."""

    def columns(self) -> Columns:
        """What readers search: the last published generation. Raises IndexMissingError when there is none."""

    def check(self) -> list[str]:
        """What is wrong with the published files, a sentence each."""

    @property
    def path(self) -> Path: ...
