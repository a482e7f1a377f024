"""How often does the archive speak of each of many names?  A pasted list becomes a table of terms and years."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indexer.counting import Counted, without_date
from indexer.engine.columns import Columns
from indexer.engine.places import Mask
from indexer.errors import KhotinError
from indexer.language.clean import clean
from indexer.query import Query
from indexer.searcher import Searcher
from indexer.store.lessons import Lesson
from indexer.suggest import did_you_mean

# How a line is read: as one name or term whose words stand together, or as a question of several words.
Reading = Literal["whole", "words"]
READINGS: tuple[Reading, ...] = ("whole", "words")
MOST_TERMS = 500
# A longer line is a sentence, and mostly a list that was pasted without its line breaks.
LONGEST_TERM = 200
# A list takes about two seconds; one that is made to be slow must not hold up other readers.
MOST_SECONDS = 20.0
# What the query language gives a meaning to: a name as a whole has none of it.
SIGNS = re.compile(r'["“”«»„]')


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the question that it was counted as, its hits by year, what may have been meant."""

    text: str
    query: Query
    years: Mapping[int, int]
    undated: int = 0
    total: int = 0
    mended: Query | None = None
    mistake: KhotinError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """All lines by all years that one of them has; ``together``: the articles that hold any of them, each once."""

    years: tuple[int, ...]
    rows: tuple[Row, ...]
    together: Row


def terms_of(pasted: str) -> list[str]:
    """The lines of a list, each once. Raises KhotinError when there are none, too many, or one is too long."""
    terms = list(dict.fromkeys(filter(None, (" ".join(clean(line).split()) for line in pasted.splitlines()))))
    if not terms:
        raise KhotinError("Write at least one name or term, each on a line of its own.")
    if len(terms) > MOST_TERMS:
        raise KhotinError(
            "The list has %(count)s lines; up to %(most)s are counted at once. Send it in parts.",
            count=len(terms),
            most=MOST_TERMS,
        )
    for term in terms:
        if len(term) > LONGEST_TERM:
            raise KhotinError(
                "“%(line)s…” is longer than %(most)s characters. Write each name or term on a line of its own.",
                line=term[:40],
                most=LONGEST_TERM,
            )
    return terms


def table(
    query: Query,
    terms: Sequence[str],
    reading: Reading,
    searcher: Searcher,
    seconds: float = MOST_SECONDS,
) -> Table:
    """Count every line with the filters of ``query``; what is not reached in so many seconds is told to be so."""
    columns = searcher.view.columns
    together: Mask = np.zeros_like(searcher.view.shown)
    until = time.monotonic() + seconds
    rows = []
    for term in terms:
        asked = query.changed(q=term)
        try:
            if time.monotonic() > until:
                raise KhotinError("Not counted: the list took too long. Send the rest of it again.")
            counted = count_term(asked, reading, searcher)
        except KhotinError as mistake:
            rows.append(Row(term, asked, {}, mistake=mistake))
            continue
        together |= counted.hits
        rows.append(row(term, counted.query, columns, counted.hits, mended(counted, searcher.lesson)))
    whole = row("", query, columns, together)
    return Table(tuple(sorted(whole.years)), tuple(rows), whole)


def count_term(asked: Query, reading: Reading, searcher: Searcher) -> Counted:
    """A line read as a question, or as a whole: as the one term that it is, with what the glossary knows of it, else
    its words side by side."""
    if reading == "words":
        return searcher.count(asked)
    bare = asked.changed(q=" ".join(SIGNS.sub(" ", asked.q).split()))
    counted = searcher.count(bare)
    return counted if is_one(counted) else searcher.count(bare.changed(q=f'"{bare.q}"'))


def is_one(counted: Counted) -> bool:
    """Is the question one unit from its first letter to its last?"""
    asked = [unit for unit in counted.question.units if unit.kind != "part"]
    text = counted.question.text
    return len(asked) == 1 and not re.search(r"\w", text[: asked[0].start] + text[asked[0].end :])


def mended(counted: Counted, lesson: Lesson) -> Query | None:
    """For what finds nothing, the question that may have been meant."""
    if counted.hits.any():
        return None
    better = did_you_mean(counted.question, counted.matches, lesson, 0)
    return counted.query.changed(q=better) if better else None


def row(text: str, query: Query, columns: Columns, hits: Mask, better: Query | None = None) -> Row:
    sizes = np.bincount(columns.years[hits])
    years = {int(year): int(sizes[year]) for year in np.flatnonzero(sizes) if year}
    return Row(text, query, years, without_date(columns, hits), int(hits.sum()), better)
