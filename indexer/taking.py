"""Which articles does a question take away?  All that it counts, in one order, from one generation of the index."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer import access
from indexer.article import Kept
from indexer.counting import Counted
from indexer.engine.columns import Columns
from indexer.glossary import Glossary
from indexer.passages import Passages, passages
from indexer.query import Query
from indexer.searcher import Searcher, searcher_of
from indexer.store import Store, articles

# Articles are read so many at a time: few enough to hold little and to see a restriction soon, enough to read quickly.
BATCH = 100
# The first ones come sooner, so that who waits sees that it has begun.
FIRST_BATCH = 10


@dataclass(frozen=True, slots=True)
class Gathering:
    """The hits of a question, counted once: whatever is written meanwhile, these articles are read, and no others."""

    query: Query
    counted: Counted
    order: str  # "number", or the sort that was asked for
    numbers: list[int]
    searcher: Searcher

    @property
    def total(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Batch:
    """The next articles, and the numbers of those that may not be shown any more."""

    articles: list[Kept]
    withheld: list[int]


def gather(query: Query, store: Store, columns: Columns, glossary: Glossary, as_asked: bool = False) -> Gathering:
    """Count what the question finds; by article number, or in the order that the query names."""
    searcher = searcher_of(store, columns, glossary)
    counted, numbers = searcher.taken(query, as_asked)
    # without a question nothing is more relevant: the newest come first
    order = "newest" if query.sort == "relevance" and not counted.question.units else query.sort
    return Gathering(query, counted, order if as_asked else "number", numbers, searcher)


def gather_numbers(numbers: Collection[int], store: Store, columns: Columns, glossary: Glossary) -> Gathering:
    """The articles with these numbers that readers may see, by number: what somebody collected."""
    everything, chosen = gather(Query(), store, columns, glossary), frozenset(numbers)
    return replace(everything, numbers=[each for each in everything.numbers if each in chosen])


def batches(taken: Gathering, store: Store) -> Iterator[Batch]:
    """The articles in their order, each batch read when it is asked for; what is no longer public is left out."""
    start, size = 0, FIRST_BATCH
    while start < taken.total:
        yield read(taken.numbers[start : start + size], store)
        start, size = start + size, BATCH


def read(numbers: Sequence[int], store: Store) -> Batch:
    with store.read() as connection:
        held = articles.several(connection, numbers)
    shown = {number for number, kept in held.items() if access.may_see(kept)}
    return Batch(
        [held[number] for number in numbers if number in shown], [number for number in numbers if number not in shown]
    )


def why_found(taken: Gathering, kept: Kept) -> Passages:
    """The passages of one article that answer the question."""
    return passages(kept, taken.searcher.standing(taken.counted.question.units, kept))
