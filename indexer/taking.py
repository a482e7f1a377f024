"""Which articles does a question take away?  All that it counts, in one order, from one generation of the index."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from indexer import access, zones
from indexer.afar import finding
from indexer.afar.far import Far, FarView
from indexer.afar.few import columns_of
from indexer.article import Kept
from indexer.counting import Counted, count
from indexer.engine.columns import Columns
from indexer.engine.places import Documents
from indexer.glossary import Glossary
from indexer.match import Matches
from indexer.passages import Passages, found_on, passages
from indexer.query import Query
from indexer.search import find, lesson_of, taught, visible
from indexer.store import Store, articles
from indexer.view import View

# Articles are read so many at a time: few enough to hold little and to see a restriction soon, enough to read quickly.
BATCH = 100
# The first ones come sooner, so that who waits sees that it has begun.
FIRST_BATCH = 10


@dataclass(frozen=True, slots=True)
class Gathering:
    """The hits of a question, counted once: whatever is written meanwhile, these articles are read, and no others."""

    query: Query
    order: str  # "number", or the sort that was asked for
    counted: Counted
    documents: Documents

    @property
    def columns(self) -> Columns:
        return self.counted.matches.columns

    @property
    def total(self) -> int:
        return len(self.documents)


@dataclass(frozen=True, slots=True)
class Batch:
    """The next articles with their documents in the index, and how many may not be shown any more."""

    articles: list[tuple[int, Kept]]
    withheld: list[int]  # their numbers


def gather(query: Query, store: Store, columns: Columns, glossary: Glossary, as_asked: bool = False) -> Gathering:
    """Count what the question finds; by article number, or in the order that the query names."""
    view, known = visible(store, columns), taught(glossary, lesson_of(store, columns))
    if isinstance(view, FarView):
        return gather_afar(query, view, known, as_asked)
    if not as_asked:
        counted = count(query, view, known)
        documents = np.flatnonzero(counted.hits)
        return Gathering(query, "number", counted, documents[columns.ids[documents].argsort()])
    found = find(replace(query, page=1, per_page=max(1, columns.size), collapse=False), view, known)
    counted = Counted(query, found.question, found.matches, found.counted, found.undated)
    # without a question nothing is more relevant: the newest come first
    order = "newest" if query.sort == "relevance" and not found.question.units else query.sort
    return Gathering(query, order, counted, found.order[: len(found.order) - found.near])


def gather_afar(query: Query, view: FarView, glossary: Glossary, as_asked: bool) -> Gathering:
    """The same from a cluster, which knows articles by their numbers alone."""
    counted = count(query, view, glossary)
    numbers = np.array(finding.numbers(query, view, glossary, as_asked), dtype=np.int64)
    order = "newest" if query.sort == "relevance" and not counted.question.units else query.sort
    return Gathering(query, order if as_asked else "number", counted, numbers)


def gather_numbers(numbers: Collection[int], store: Store, columns: Columns, glossary: Glossary) -> Gathering:
    """The articles with these numbers that readers may see, by number: what somebody collected."""
    everything = gather(Query(), store, columns, glossary)
    chosen = np.isin(numbers_of(everything.documents, columns), list(numbers))
    return replace(everything, documents=everything.documents[chosen])


def batches(taken: Gathering, store: Store) -> Iterator[Batch]:
    """The articles in their order, each batch read when it is asked for; what is no longer public is left out."""
    start, size = 0, FIRST_BATCH
    while start < taken.total:
        documents = taken.documents[start : start + size]
        yield read(documents, taken.columns, store)
        start, size = start + size, BATCH


def read(documents: Documents, columns: Columns, store: Store) -> Batch:
    numbers = numbers_of(documents, columns).tolist()
    with store.read() as connection:
        held = articles.several(connection, numbers)
    shown = {number for number, kept in held.items() if access.may_see(kept)}
    pairs = zip(documents.tolist(), numbers, strict=True)
    return Batch(
        [(document, held[number]) for document, number in pairs if number in shown],
        [number for number in numbers if number not in shown],
    )


def numbers_of(documents: Documents, columns: Columns) -> Documents:
    return documents if isinstance(columns, Far) else columns.ids[documents]


def why_found(taken: Gathering, document: int, kept: Kept) -> Passages:
    """The passages of one article that answer the question."""
    units = taken.counted.question.units
    if isinstance(taken.columns, Far):  # cut as they are for the index, from the text that is taken away
        columns = columns_of([zones.document(kept)])
        matches = Matches(View(columns, columns.live))
        return passages(kept, found_on([0], units, matches)[0])
    return passages(kept, found_on([document], units, taken.counted.matches)[document])
