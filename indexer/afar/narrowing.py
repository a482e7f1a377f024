"""Which articles pass the filters of a query, and over which values and months are the hits spread?  As clauses, and
read from what the cluster counts."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from indexer import cited
from indexer.afar.clauses import NOTHING, Clause, but, either, every, one_of
from indexer.afar.far import FarView
from indexer.engine.shape import cut
from indexer.errors import NotNowError
from indexer.filters import by_column
from indexer.query import ATTACHMENTS, FACETS, Query
from indexer.spread import MOST_VALUES, Facets, Timeline, by_department
from indexer.store import Store, outside

# No archive has so many values of a facet that is listed whole, or so many months.
ALL_VALUES = 10_000
# Each piece of the index tells all of its values: what is cut off at a piece would be counted wrongly.
OF_EACH_PIECE = 1_000_000
# Numbers of articles in one clause; the cluster takes 65,536.
MOST_NUMBERS = 50_000
UNDATED: Clause = {"term": {"month": 0}}
FIELDS = {"number": "documents", "place": "places"}


def narrowed(query: Query, view: FarView) -> list[Clause]:
    """OR within a facet, AND between facets; a leading - excludes. Days are apart: they leave undated articles out."""
    clauses = []
    for name, chosen in by_column(query):
        wanted = [value for value in chosen if not value.startswith("-")]
        if wanted:
            clauses.append(either(value_clause(view, name, value) for value in wanted))
        clauses += [but(value_clause(view, name, value[1:])) for value in sorted(set(chosen) - set(wanted))]
    if query.undated is not None:
        clauses.append(UNDATED if query.undated else but(UNDATED))
    if query.like:
        raise NotNowError("Groups of articles are not told apart while the index is kept in a search cluster.")
    return clauses


def days(query: Query) -> list[Clause]:
    bounds = {"gte": query.first, "lte": query.last}
    wanted = {name: day.toordinal() for name, day in bounds.items() if day}
    return [{"range": {"day": wanted}}] if wanted else []


def value_clause(view: FarView, name: str, value: str) -> Clause:
    told = told_of(view)
    if (name, value) in told:
        return told[name, value]
    if name == "department":
        return one_of("source", [source for source, short in view.departments if short == value])
    if name == "year":
        return one_of("year", [int(value)])
    if name == "number":
        return one_of("numbers", [cited.bare_of(value)])
    return one_of(FIELDS.get(name, name), [cut(value)]) if name != "attachment" else NOTHING


def told_of(view: FarView) -> Mapping[tuple[str, str], Clause]:
    """The values that the store tells of; without a store nothing is known of them."""
    return told_by(view.store, view.far.generation) if view.store else {}


@lru_cache(maxsize=4)  # asked anew for each generation, as with columns
def told_by(store: Store, generation: str) -> Mapping[tuple[str, str], Clause]:
    with store.read() as connection:
        facts = outside.facts(connection)
    attached: Clause = {"exists": {"field": "length_attachments"}}
    gone, closed = one_of("availability", ["off-site"]), one_of("source", sorted(facts.closed))
    kinds = [kind for kind in ATTACHMENTS if kind not in ("with", "without")]
    return {
        ("attachment", "with"): attached,
        ("attachment", "without"): but(attached),
        **{("attachment", kind): every([attached, numbered(facts.files.get(kind, set()))]) for kind in kinds},
        ("availability", "on-site"): but(either([gone, closed])),
        ("availability", "off-site"): gone,
        ("availability", "source-gone"): every([closed, but(gone)]),
        ("availability", "moved"): every([numbered(facts.moved), but(gone)]),
    }


def numbered(numbers: set[int]) -> Clause:
    """Articles of these numbers."""
    known = sorted(numbers)
    return either(one_of("id", known[at : at + MOST_NUMBERS]) for at in range(0, len(known), MOST_NUMBERS))


def counts(view: FarView, most_held: int = MOST_VALUES) -> dict[str, Any]:
    """What is to be counted of the hits: facets and months; of numbers and places so many."""
    return {**dict(aggregations(view, most_held)), "months": months()}


def months() -> Clause:
    return {"terms": {"field": "month", "size": ALL_VALUES, "shard_size": OF_EACH_PIECE}}


def aggregations(view: FarView, most_held: int) -> Iterator[tuple[str, Any]]:
    for name in (*FACETS, "availability", "change"):
        most = most_held if name in FIELDS else ALL_VALUES
        if name not in ("attachment", "department", "state"):
            field = FIELDS.get(name, name)
            yield name, {"terms": {"field": field, "size": most, "shard_size": OF_EACH_PIECE}}
    told = told_of(view)
    if told:
        named = {f"{of}:{value}": clause for (of, value), clause in told.items()}
        yield "told", {"filters": {"filters": named}}


def facets(view: FarView, counted: Mapping[str, Any]) -> Facets:
    """For each facet its values with their counts, the most frequent first (years: newest first)."""
    found = {name: most(counted[name]) for name in counted if name not in ("told", "months")}
    told = [
        (key, counted["told"]["buckets"][":".join(key)]["doc_count"]) for key in told_of(view)
    ]  # in the order in which they are told
    for of in ("attachment", "availability"):
        values = [(value, often) for (name, value), often in told if name == of and often]
        found[of] = values or (found[of] if of == "availability" else [])
    found["department"] = by_department(found["source"], view.departments)
    return {name: facet(name, found) for name in FACETS}


def facet(name: str, found: Facets) -> list[tuple[str, int]]:
    if name == "year":
        years = sorted(found["year"], key=lambda pair: -int(pair[0]))
        return [("" if year == "0" else year, often) for year, often in years]
    if name == "state":
        return found["availability"] + found["change"]
    if name == "number":
        return [(cited.written(bare), often) for bare, often in found[name]]
    return [pair for pair in found[name] if pair[0]]


def most(counted: Any) -> list[tuple[str, int]]:
    """The most frequent values, those alike in their order."""
    found = [(str(each["key"]), each["doc_count"]) for each in counted["buckets"]]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def timeline(view: FarView, hits: Any) -> Timeline:
    """(month, hits, articles of the archive) for each month from the first to the last; "" for unknown dates."""
    everything, found = volume(view), by_month(hits)
    dated = [month for month in everything if month]
    spans = range(min(dated), max(dated) + 1) if dated else ()
    rows = [(f"{each // 12:04}-{each % 12 + 1:02}", found.get(each, 0), everything.get(each, 0)) for each in spans]
    return [*rows, ("", found.get(0, 0), everything.get(0, 0))] if everything else []


def by_month(counted: Any) -> dict[int, int]:
    return {each["key"]: each["doc_count"] for each in counted["buckets"]}


@lru_cache(maxsize=4)  # as many as there are views
def volume(view: FarView) -> dict[int, int]:
    """How many articles the archive shows of each month; 0 = unknown."""
    body = {"size": 0, "query": {"bool": {"filter": view.shown_only}}, "aggs": {"months": months()}}
    return by_month(view.far.ask([body])[0]["aggregations"]["months"])
