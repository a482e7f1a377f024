"""How did some questions fare over the months or years, beside all that the archive holds of each?"""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.counting import By, written
from indexer.errors import KhotinError
from indexer.interpretation import Interpretation
from indexer.query import Query
from indexer.searcher import Searcher

# More lines than these nobody tells apart.
MOST_QUESTIONS = 6
# Beyond thirty years a month is less than three pixels wide: then years are counted.
MOST_MONTHS = 360


@dataclass(frozen=True, slots=True)
class Series:
    """One question: its hits span by span; or the mistake for which it has none."""

    query: Query
    hits: tuple[int, ...]
    undated: int = 0  # hits of which no date is known: they stand in no span
    left_out: int = 0  # those of them that a filter on days left out
    interpretation: Interpretation | None = None
    mistake: KhotinError | None = None

    @property
    def total(self) -> int:
        return sum(self.hits) + self.undated


@dataclass(frozen=True, slots=True)
class Trends:
    """Some questions, counted by the same months or years. ``articles``: what the whole archive holds of each."""

    by: By
    spans: tuple[str, ...]
    articles: tuple[int, ...]
    undated: int  # articles of the archive of which no date is known
    series: tuple[Series, ...]

    def rates(self, each: Series) -> list[float | None]:
        """The hits of each span among 1,000 articles of the archive; None where it holds no article."""
        return [rate(hits, articles) for hits, articles in zip(each.hits, self.articles, strict=True)]


def rate(hits: int, articles: int) -> float | None:
    return round(1000 * hits / articles, 2) if articles else None


def trends(query: Query, questions: Sequence[str], by: By, searcher: Searcher) -> Trends:
    """Count each question with the filters of ``query``; a mistake in one is told with it and spoils no other."""
    within = searcher.count(Query(first=query.first, last=query.last))
    dated = [month for month in within.months if month]
    by = by if not dated or max(dated) - min(dated) < MOST_MONTHS else "year"
    spans = within.spans(by)
    known = [span for span in spans if span]
    first, last = (min(known), max(known)) if known else (1, 0)
    return Trends(
        by,
        tuple(written(span, by) for span in range(first, last + 1)),
        tuple(spans.get(span, 0) for span in range(first, last + 1)),
        searcher.count(Query(undated=True)).total,
        tuple(series(query.changed(q=each), by, first, last, searcher) for each in questions),
    )


def series(query: Query, by: By, first: int, last: int, searcher: Searcher) -> Series:
    try:
        counted = searcher.count(query)
    except KhotinError as mistake:
        return Series(query, (0,) * (last - first + 1), mistake=mistake)
    spans = counted.spans(by)
    hits = tuple(spans.get(span, 0) for span in range(first, last + 1))
    return Series(query, hits, spans.get(0, 0), counted.undated, counted.interpretation)
