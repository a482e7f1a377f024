"""What is new for a question?  Its hits in the order in which they came into the archive."""

from collections.abc import Set
from urllib.parse import parse_qs

import numpy as np

from indexer.engine.columns import Columns
from indexer.found import ByNumber
from indexer.glossary import Glossary
from indexer.query import Query, address, from_parameters
from indexer.search import Hit, hits_of
from indexer.searcher import searcher_of
from indexer.store import Store


def question_of(query: Query) -> str:
    """What is kept of a question: all that decides which articles it finds, as an address has it."""
    return address(query.changed(per_page=10, sort="relevance", explain=False))


def query_of(question: str) -> Query:
    """The query of a question that was kept."""
    return from_parameters(parse_qs(question, keep_blank_values=True))[0]


def latest(query: Query, store: Store, columns: Columns, glossary: Glossary, most: int) -> tuple[Hit, ...]:
    """The hits that came last into the archive: an article's number rises with its coming."""
    found = searcher_of(store, columns, glossary).find(query.changed(sort="newest"), ByNumber(most, last=True))
    documents = np.flatnonzero(found.counted)
    order = np.argsort(-found.matches.columns.ids[documents])[:most]
    return hits_of(documents[order], found, store)


def unknown(
    query: Query, store: Store, columns: Columns, glossary: Glossary, known_up_to: int, told: Set[int]
) -> list[int]:
    """The numbers of the hits that came after a number and were not told of, the last one first.

    What was told is a list, not a number to go on from: a bulk import may be indexed after a later crawl, a file's text
    may arrive after its page, and a restriction may be lifted. None of these is to be lost.
    """
    numbers = searcher_of(store, columns, glossary).numbers(query)
    return sorted((each for each in numbers if each > known_up_to and each not in told), reverse=True)
