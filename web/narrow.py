"""How can an answer be narrowed?  Its facets become choices, and what is switched on can be switched off (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from indexer.days import first_day, last_day
from indexer.query import Query

Translate = Callable[[str], str]

# The groups in the order in which they are offered. Availability and change are both written `state=`.
GROUPS = (
    ("year", "Year", ""),
    ("section", "Section", ""),
    ("language", "Language", ""),
    ("state", "On the source site", "availability"),
    ("state", "Changes", "change"),
    ("unit", "Unit", ""),
    ("source", "Source", ""),
    ("kind", "Kind of page", ""),
    ("place", "Places", ""),
    ("number", "Cited documents", ""),
)
PARTS = {"availability": ("on-site", "off-site"), "change": ("updated", "unchanged")}
LABELS = {
    "vi": "Vietnamese",
    "en": "English",
    "on-site": "Still on the source site",
    "off-site": "No longer on the source site",
    "updated": "Updated since first seen",
    "unchanged": "Not updated",
    "article": "Article",
    "document": "Document",
}
LABELLED = ("language", "state", "kind")
UNDATED = "Date unknown"
# So many choices of a group are shown at once; the others are one click away.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: what it is called, how many hits have it, and the query that switches it."""

    label: str
    count: int
    chosen: bool
    query: Query


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as it is offered."""

    title: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


def groups(query: Query, facets: Mapping[str, list[tuple[str, int]]], translate: Translate) -> list[Group]:
    """The facets that can still narrow the answer, or that do."""
    made = []
    for name, title, part in GROUPS:
        values = [pair for pair in facets.get(name, ()) if not part or pair[0] in PARTS[part]]
        found = choices(query, name, with_chosen(query, name, part, values), translate)
        if len(found) > 1 or any(each.chosen for each in found):
            made.append(Group(translate(title), tuple(found[:SHOWN]), tuple(found[SHOWN:])))
    return made


def with_chosen(query: Query, name: str, part: str, values: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """What is switched on but met by no hit must still be there, to be switched off."""
    met = {value for value, _ in values}
    chosen = query.facets.get(name, ())
    unmet = [value for value in chosen if value not in met and (not part or value.removeprefix("-") in PARTS[part])]
    return values + [(value, 0) for value in unmet]


def choices(query: Query, name: str, values: list[tuple[str, int]], translate: Translate) -> list[Choice]:
    return [
        Choice(label(name, value, translate), count, is_chosen(query, name, value), switched(query, name, value))
        for value, count in values
    ]


def is_chosen(query: Query, name: str, value: str) -> bool:
    return query.undated is True if name == "year" and not value else value in query.facets.get(name, ())


def switched(query: Query, name: str, value: str) -> Query:
    if name != "year":
        return query.toggled(name, value)
    if value:
        return query.changed(undated=None).toggled(name, value)
    dated = query.changed(facets={n: v for n, v in query.facets.items() if n != "year"}, first=None, last=None)
    return dated.changed(undated=None if query.undated else True)


def label(name: str, value: str, translate: Translate) -> str:
    if value.startswith("-"):
        return f"− {label(name, value[1:], translate)}"
    if name == "year" and not value:
        return translate(UNDATED)
    return translate(LABELS[value]) if name in LABELLED and value in LABELS else value


def active(query: Query, translate: Translate, day: Callable[[date], str]) -> list[tuple[str, Query]]:
    """What narrows the answer now: its name, and the query without it."""
    found = [
        (label(name, value, translate), query.toggled(name, value))
        for name, values in query.facets.items()
        for value in values
    ]
    if query.first:
        found.append((f"{translate('from')} {day(query.first)}", query.changed(first=None)))
    if query.last:
        found.append((f"{translate('to')} {day(query.last)}", query.changed(last=None)))
    if query.undated is not None:
        found.append((translate(UNDATED if query.undated else "Date known"), query.changed(undated=None)))
    return found


def unfiltered(query: Query) -> Query:
    return query.changed(facets={}, first=None, last=None, undated=None)


def within(query: Query, span: str) -> Query:
    """Only the articles of a month (2024-03) or year."""
    return query.changed(first=first_day(span), last=last_day(span), undated=None)


def put_back(query: Query, chip: str) -> Query:
    """With a widening that was taken out."""
    return query.changed(without=tuple(each for each in query.without if each != chip))


def window(page: int, pages: int) -> list[int]:
    """The page numbers of a pager: the first, the last, and those around the present one; 0 stands for a gap."""
    shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    out: list[int] = []
    for number in shown:
        if out and number > out[-1] + 1:
            out.append(0)
        out.append(number)
    return out
