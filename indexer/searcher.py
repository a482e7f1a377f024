"""Whom is a question put to?  One generation of the index, and all that it can be asked; both engines answer alike."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from indexer import access
from indexer.afar.far import Far, FarView, far_view
from indexer.afar.searcher import ClusterSearcher
from indexer.article import Kept
from indexer.counting import Counted
from indexer.embedded import EmbeddedSearcher
from indexer.engine.columns import Columns
from indexer.found import ByNumber, Found
from indexer.glossary import Glossary
from indexer.passages import Standing
from indexer.query import Query
from indexer.question import Question
from indexer.ranking import Weights
from indexer.store import Store, departments, lessons
from indexer.store.lessons import Lesson
from indexer.units import Form, Unit
from indexer.view import View, view_of


class Searcher(Protocol):
    """One generation with what every reader may see of it, and the words that questions are read with.

    Whatever reads a line raises KhotinError when it cannot be asked; a cluster that does not answer, or is asked for
    what it does not hold, raises NotNowError.
    """

    @property
    def store(self) -> Store: ...
    @property
    def view(self) -> View: ...
    @property
    def glossary(self) -> Glossary: ...
    @property
    def lesson(self) -> Lesson: ...

    def understand(self, query: Query) -> Question:
        """How the line is read, as this archive has its words."""

    def find(self, query: Query, by_number: ByNumber | None = None) -> Found:
        """What a question finds, weighed and in order. ``by_number``: which hits are wanted, whatever their order; who
        has them all at hand gives all."""

    def count(self, query: Query) -> Counted:
        """How many articles answer, and of which months."""

    def numbers(self, query: Query) -> list[int]:
        """The rising numbers of all hits."""

    def taken(self, query: Query, as_asked: bool) -> tuple[Counted, list[int]]:
        """What is counted, with the numbers of all hits: rising, or in the order that is asked for."""

    def values(self, query: Query, facet: str) -> list[tuple[str, int]]:
        """A facet's values among the hits, however many there are."""

    def arrived(self, start: int, size: int) -> list[int]:
        """The numbers of the articles that came last, from one place on."""

    def citing(self, bare: str) -> list[int]:
        """The numbers of the articles that cite a document, the newest first."""

    def nearest(self, kept: Kept) -> list[int]:
        """The numbers of the articles that share an article's rarest words, the nearest first; itself never."""

    def copies(self, number: int) -> list[int]:
        """The numbers of all articles with the text of this one, its own among them; none unless it has copies."""

    def standing(self, units: Sequence[Unit], kept: Kept) -> Standing:
        """Where units stand in one article; nowhere when the index does not hold it."""

    def documents(self, beginning: str) -> Mapping[str, int]:
        """The numbers of documents, and what looks like one, that begin so; each with how many articles hold it."""

    def places(self) -> Mapping[str, int]:
        """The places of the archive, likewise."""

    def often(self, names: Mapping[str, Form]) -> dict[str, int]:
        """How many articles hold each of some names; of very many names perhaps only the first."""

    def titled(self, line: str, most: int) -> list[int]:
        """The numbers of the newest articles whose titles hold a line, its last word begun."""

    def weighed(self, weights: Weights) -> "Searcher":
        """The same articles, weighed in another way."""


def searcher_of(store: Store, columns: Columns, glossary: Glossary) -> Searcher:
    """Whoever answers for a generation, with what readers may see at this moment."""
    view, lesson = visible(store, columns), lesson_of(store, columns)
    known = taught(glossary, lesson)
    if isinstance(view, FarView):
        return ClusterSearcher(store, view, known, lesson)
    return EmbeddedSearcher(store, view, known, lesson)


def visible(store: Store, columns: Columns) -> View:
    """The documents that every reader may see."""
    with store.read() as connection:
        hidden, whose = access.hidden(connection), departments.of_sources(connection)
    if isinstance(columns, Far):
        return far_view(columns, hidden, store, whose)
    return view_of(columns, hidden, store, whose)


def lesson_of(store: Store, columns: Columns) -> Lesson:
    """What the archive taught, as this generation names it."""
    return known_lesson(store, columns.lesson)


@lru_cache(maxsize=4)  # one archive has one at a time; an old and a new generation may live side by side
def known_lesson(store: Store, number: int) -> Lesson:
    with store.read() as connection:
        return lessons.read(connection, number)


@lru_cache(maxsize=4)
def taught(glossary: Glossary, lesson: Lesson) -> Glossary:
    """The glossary with the words that the archive has."""
    return glossary.with_compounds(lesson.compounds)
