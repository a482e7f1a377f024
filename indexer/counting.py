"""How many articles answer a question, and from which months or years?  Columns alone; no article is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from indexer.choose import by_company
from indexer.days import first_day, last_day
from indexer.engine.columns import Columns
from indexer.engine.places import Mask
from indexer.engine.segments import NO_DATE
from indexer.glossary import Glossary
from indexer.heard import read_question
from indexer.held import Archive
from indexer.match import Matches
from indexer.query import Query
from indexer.question import Question
from indexer.search import Interpretation, interpretation, matched
from indexer.units import Unit
from indexer.view import View

By = Literal["month", "year"]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a question counts in one generation: the very hits that a search for it has."""

    query: Query
    question: Question
    matches: Matches
    hits: Mask
    undated: int  # hits without a date that a filter on days left out

    @property
    def archive(self) -> Archive:
        return self.matches

    @property
    def total(self) -> int:
        return int(self.hits.sum())

    @property
    def units(self) -> Sequence[Unit]:
        """Those of the question, their translations weighed by the company they keep."""
        return by_company(self.question.units, self.matches)

    @property
    def interpretation(self) -> Interpretation:
        return interpretation(self.query, self)


def count(query: Query, view: View, glossary: Glossary) -> Counted:
    """The articles that answer a query. Raises KhotinError when a wildcard stands for too many words."""
    matches = Matches(view)
    question = read_question(query, matches, glossary)
    hits, _, undated = matched(query, question, matches)
    return Counted(query, question, matches, hits, undated)


def spans_of(columns: Columns, by: By) -> Counts:
    """The month (12 x year + month - 1) or year of each document; 0 when unknown."""
    return columns.months if by == "month" else columns.years


def written(span: int, by: By) -> str:
    """A month or year as an address has it."""
    return f"{span // 12:04}-{span % 12 + 1:02}" if by == "month" else f"{span:04}"


def spread(columns: Columns, documents: Mask, by: By, first: int, last: int) -> list[int]:
    """How many documents each month or year has, from the first to the last."""
    found = spans_of(columns, by)[documents]
    within = found[(found >= first) & (found <= last)]
    sizes: list[int] = np.bincount(within - first, minlength=last - first + 1).tolist()
    return sizes


def without_date(columns: Columns, documents: Mask) -> int:
    return int((documents & (columns.days == NO_DATE)).sum())


def narrowed(query: Query, span: str) -> Query:
    """The query for one month or year alone; where its own days are narrower, they hold."""
    first, last = first_day(span), last_day(span)
    return query.changed(first=max(first, query.first or first), last=min(last, query.last or last), undated=None)
