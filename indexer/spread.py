"""Over which values and months are the hits spread?  Facets and the timeline: counts over columns."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexer import cited
from indexer.engine.columns import Columns, Pairs
from indexer.engine.places import Documents, Mask
from indexer.filters import told_counts
from indexer.language.words import PLACE
from indexer.query import FACETS
from indexer.store.departments import Departments
from indexer.view import View

# Places and document numbers come by the thousand; beyond so many an answer is narrowed by asking, not by a list.
MOST_VALUES = 100

Counts = npt.NDArray[np.int64]
Facets = dict[str, list[tuple[str, int]]]
Timeline = list[tuple[str, int, int]]


def facets(view: View, found: Mask) -> Facets:
    """For each facet its values with their counts among the hits, the most frequent first (years: newest first)."""
    documents = np.flatnonzero(found)
    return {name: values(view, found, documents, name, MOST_VALUES) for name in FACETS}


def all_values(view: View, found: Mask, name: str) -> list[tuple[str, int]]:
    """The same for one facet, whatever number of values it has."""
    return values(view, found, np.flatnonzero(found), name)


def values(
    view: View, found: Mask, documents: Documents, name: str, most_held: int | None = None
) -> list[tuple[str, int]]:
    columns = view.columns
    if name == "number":
        return held(cited.documents(columns), found, lambda term: cited.written(term[1:]), most_held)
    if name == "place":
        return held(columns.pairs(PLACE), found, lambda term: term[1:], most_held)
    if name == "attachment":
        return told_counts(view, found, name)
    if name == "year":
        return year_counts(columns, documents)
    if name == "department":
        return by_department(counts(columns, "source", documents), view.departments)
    if name == "state":
        known = told_counts(view, found, "availability") or counts(columns, "availability", documents)
        return known + counts(columns, "change", documents)
    return [pair for pair in counts(columns, name, documents) if pair[0]]


def year_counts(columns: Columns, documents: Documents) -> list[tuple[str, int]]:
    sizes = np.bincount(columns.years.take(documents))
    found = np.flatnonzero(sizes)[::-1]
    return [(str(year) if year else "", size) for year, size in zip(found.tolist(), sizes[found].tolist(), strict=True)]


def by_department(sources: Iterable[tuple[str, int]], departments: Departments) -> list[tuple[str, int]]:
    """Of how many articles of each source, how many of each department; the most frequent first."""
    whose, found = dict(departments), Counter[str]()
    for source, count in sources:
        if source in whose:
            found[whose[source]] += count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def counts(columns: Columns, name: str, documents: Documents) -> list[tuple[str, int]]:
    values, column = columns.facet(name)
    return most(values, np.bincount(column.take(documents), minlength=len(values)))


def held(pairs: Pairs, found: Mask, shown_as: Callable[[str], str], limit: int | None) -> list[tuple[str, int]]:
    """The terms beside the text that most of the hits hold."""
    sizes = np.bincount(pairs.numbers[found[pairs.documents]], minlength=len(pairs.names))
    return [(shown_as(term), size) for term, size in most(pairs.names, sizes, limit)]


def most(values: list[str], sizes: Counts, limit: int | None = None) -> list[tuple[str, int]]:
    """The most frequent of sorted values, those alike in their order."""
    found = np.flatnonzero(sizes)
    order = found[np.argsort(-sizes[found], kind="stable")][:limit]
    return [(values[at], size) for at, size in zip(order.tolist(), sizes[order].tolist(), strict=True)]


def timeline(view: View, found: Mask) -> Timeline:
    """(month, hits, articles of the archive) for each month from the first to the last; "" for unknown dates."""
    first, months, everything = volume(view)
    at = np.maximum(view.columns.months[found] - first + 1, 0)
    rows = list(zip(months, np.bincount(at, minlength=len(months)).tolist(), everything, strict=True))
    return [*rows[1:], rows[0]] if view.size else []


@lru_cache(maxsize=4)  # as many as there are views
def volume(view: View) -> tuple[int, list[str], list[int]]:
    """The archive's first month, and month by month how much it holds; those without a date come first."""
    month = view.columns.months[view.shown]
    dated = month[month > 0]
    first = int(dated.min()) if len(dated) else 1
    everything = np.bincount(np.maximum(month - first + 1, 0), minlength=1).tolist()
    months = [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(first, first + len(everything) - 1)]
    return first, ["", *months], everything
