"""How many articles answer a question, and from which months or years?  Columns alone; no article is read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from indexer.choose import by_company
from indexer.days import first_day, last_day
from indexer.engine.columns import Columns
from indexer.engine.places import Mask
from indexer.engine.segments import NO_DATE
from indexer.found import Told
from indexer.held import Archive
from indexer.interpretation import Interpretation, interpretation
from indexer.match import Matches
from indexer.query import Query
from indexer.question import Question
from indexer.units import Unit

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
    told: Told | None = None  # what another engine counted: then there are no hits at hand

    @property
    def archive(self) -> Archive:
        return self.told.archive if self.told else self.matches

    @property
    def total(self) -> int:
        return self.told.total if self.told else int(self.hits.sum())

    @property
    def months(self) -> Mapping[int, int]:
        """How many hits each month (12 x year + month - 1) has; 0 = of unknown date."""
        if self.told:
            return {month_of(month): hits for month, hits, _ in self.told.timeline if hits}
        months, sizes = np.unique(self.matches.columns.months[self.hits], return_counts=True)
        return dict(zip(months.tolist(), sizes.tolist(), strict=True))

    def spans(self, by: By) -> Mapping[int, int]:
        """The same by month or by year; of unknown date under 0 as well."""
        if by == "month":
            return self.months
        years = Counter[int]()
        for month, hits in self.months.items():
            years[month // 12] += hits
        return years

    @property
    def units(self) -> Sequence[Unit]:
        """Those of the question, their translations weighed by the company they keep."""
        return by_company(self.question.units, self.archive)

    @property
    def interpretation(self) -> Interpretation:
        return interpretation(self.query, self)


def month_of(written: str) -> int:
    return 12 * int(written[:4]) + int(written[5:]) - 1 if written else 0


def written(span: int, by: By) -> str:
    """A month or year as an address has it."""
    return f"{span // 12:04}-{span % 12 + 1:02}" if by == "month" else f"{span:04}"


def without_date(columns: Columns, documents: Mask) -> int:
    return int((documents & (columns.days == NO_DATE)).sum())


def narrowed(query: Query, span: str) -> Query:
    """The query for one month or year alone; where its own days are narrower, they hold."""
    first, last = first_day(span), last_day(span)
    return query.changed(first=max(first, query.first or first), last=min(last, query.last or last), undated=None)
