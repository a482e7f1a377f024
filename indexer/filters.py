"""Which articles pass the filters of a query?  Most are columns; a few are told by the store, once a generation."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np

from indexer import alike, cited
from indexer.engine.columns import Columns
from indexer.engine.places import ZONES, Mask, documents_of
from indexer.engine.segments import NO_DATE
from indexer.language.words import PLACE
from indexer.query import ATTACHMENTS, AVAILABILITY, CHANGES, Query
from indexer.store import Store, outside
from indexer.view import View

ATTACHED = ZONES.index("attachments")
Told = Mapping[tuple[str, str], Mask]


def filters(query: Query, view: View) -> Mask:
    """OR within a facet, AND between facets; a leading - excludes."""
    columns = view.columns
    mask = np.ones(columns.size, dtype=np.bool_)
    for name, chosen in by_column(query):
        wanted = [value for value in chosen if not value.startswith("-")]
        if wanted:
            mask &= np.logical_or.reduce([value_mask(view, name, value) for value in wanted])
        for value in set(chosen) - set(wanted):
            mask &= ~value_mask(view, name, value[1:])
    if query.undated is not None:
        mask &= (columns.days == NO_DATE) == query.undated
    if query.like:
        mask &= alike.beside(view, query.like)
    return mask


def by_column(query: Query) -> Iterator[tuple[str, list[str]]]:
    """The columns that are filtered, with their values: `state=` speaks of two, availability and change."""
    for name, chosen in query.facets.items():
        if name == "state":
            for column, known in (("availability", AVAILABILITY), ("change", CHANGES)):
                yield column, [value for value in chosen if value.removeprefix("-") in known]
        else:
            yield name, list(chosen)


def value_mask(view: View, name: str, value: str) -> Mask:
    columns = view.columns
    if (name, value) in told(view):
        return told(view)[name, value]
    if name == "department":
        return belonging(view, value)
    if name == "year":
        return np.array(columns.years == int(value))
    if name == "number":
        return cited.mask(columns, value)
    if name == "place":
        return mask_of(columns, PLACE + value)
    values, column = columns.facet(name)
    return np.array(column == values.index(value)) if value in values else np.zeros(columns.size, dtype=np.bool_)


def mask_of(columns: Columns, term: str) -> Mask:
    held = np.zeros(columns.size, dtype=np.bool_)
    held[documents_of(columns.places(term))] = True
    return held


def belonging(view: View, department: str) -> Mask:
    """The documents of a department's sources, as the store says now: a source may go to another without a rebuild."""
    sources, column = view.columns.facet("source")
    its = {source for source, short in view.departments if short == department}
    return np.isin(column, [number for number, name in enumerate(sources) if name in its])


def date_filter(query: Query, columns: Columns) -> Mask:
    mask: Mask = np.ones(columns.size, dtype=np.bool_)
    if query.first or query.last:
        mask &= columns.days != NO_DATE
    if query.first:
        mask &= columns.days >= query.first.toordinal()
    if query.last:
        mask &= columns.days <= query.last.toordinal()
    return mask


def told(view: View) -> Told:
    """Which documents have each value that no column holds."""
    return told_by(view.store, view.columns) if view.store else {}


@lru_cache(maxsize=4)  # an old and a new generation may be asked side by side
def told_by(store: Store, columns: Columns) -> Told:
    with store.read() as connection:
        facts = outside.facts(connection)
    attached = columns.lengths[:, ATTACHED] > 0  # by its address a file is known even when it was taken away later
    names, column = columns.facet("availability")
    gone = np.array(column == names.index("off-site")) if "off-site" in names else np.zeros_like(attached)
    sources, source = columns.facet("source")
    closed = np.isin(source, [number for number, name in enumerate(sources) if name in facts.closed])
    kinds = {
        ("attachment", kind): attached & np.isin(columns.ids, list(facts.files.get(kind, ())))
        for kind in ATTACHMENTS
        if kind not in ("with", "without")
    }
    return {
        ("attachment", "with"): attached,
        ("attachment", "without"): ~attached,
        **kinds,
        ("availability", "on-site"): ~gone & ~closed,
        ("availability", "off-site"): gone,
        ("availability", "source-gone"): ~gone & closed,
        ("availability", "moved"): ~gone & np.isin(columns.ids, list(facts.moved)),
    }


def told_counts(view: View, found: Mask, name: str) -> list[tuple[str, int]]:
    """The values that no column holds, with their counts among the hits; those that no hit has are left out."""
    counted = [(value, int((found & mask).sum())) for (of, value), mask in told(view).items() if of == name]
    return [pair for pair in counted if pair[1]]
