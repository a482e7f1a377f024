"""How can an answer be narrowed?  Its facets become choices, and what is switched on can be switched off (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.days import first_day, last_day, span
from indexer.query import AVAILABILITY, CHANGES, Mistake, Query

Translate = Callable[[str], str]
Offices = Mapping[str, str]  # what departments are called, by what addresses call them
NOBODY: Offices = {}

# The groups in the order in which they are offered. Availability and change are both written `state=`.
GROUPS = (
    ("department", "Department", ""),
    ("year", "Year", ""),
    ("section", "Section", ""),
    ("state", "On the source site", "availability"),
    ("state", "Changes", "change"),
    ("attachment", "Attachments", ""),
    ("language", "Language", ""),
    ("unit", "Unit", ""),
    ("source", "Source", ""),
    ("kind", "Kind of page", ""),
    ("place", "Places", ""),
    ("number", "Cited documents", ""),
)
TITLES = {name: title for name, title, part in GROUPS if not part}
PARTS = {"availability": AVAILABILITY, "change": CHANGES}
LABELS = {
    "vi": "Vietnamese",
    "en": "English",
    "on-site": "Still on the source site",
    "off-site": "No longer on the source site",
    "source-gone": "Source no longer watched",
    "moved": "At another address now",
    "updated": "Updated since first seen",
    "unchanged": "Not updated",
    "article": "Article",
    "document": "Document",
    "with": "With attachments",
    "without": "Without attachments",
    "pdf": "PDF",
    "word": "Word processing",
    "excel": "Spreadsheet",
    "slides": "Slides",
    "image": "Picture",
    "archive": "Compressed file",
    "other": "Other file",
}
LABELLED = ("language", "state", "kind", "attachment")
UNDATED, ALIKE = "Date unknown", "Of one group"
# So many choices of a group are shown at once; a page of their own holds all of them.
SHOWN = 7
SIGN_IN = "Sign in to narrow by whether a page is still on its site and whether it was updated."


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: what it is called, how many hits have it; the parameter that switches it on, or the query
    without it when it is on."""

    label: str
    count: int
    name: str
    value: str
    off: Query | None

    @property
    def can_exclude(self) -> bool:
        return self.name != "undated"


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as it is offered."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    has_more: bool


def groups(
    query: Query,
    facets: Mapping[str, list[tuple[str, int]]],
    translate: Translate,
    may_ask_state: bool = True,
    offices: Offices = NOBODY,
) -> list[Group]:
    """The facets that can still narrow the answer, or that do."""
    made = []
    for name, title, part in GROUPS:
        values = [pair for pair in facets.get(name, ()) if not part or pair[0] in PARTS[part]]
        found = choices(query, name, with_chosen(query, name, part, values), translate, offices)
        if (may_ask_state or not part) and (len(found) > 1 or any(each.off for each in found)):
            shown = [each for at, each in enumerate(found) if at < SHOWN or each.off]
            made.append(Group(name, translate(title), tuple(shown), len(found) > len(shown)))
    return made


def with_chosen(query: Query, name: str, part: str, values: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """What is switched on but met by no hit must still be there, to be switched off."""
    met = {value for value, _ in values}
    chosen = query.facets.get(name, ())
    unmet = [value for value in chosen if value not in met and (not part or value.removeprefix("-") in PARTS[part])]
    return [*values, *((value, 0) for value in unmet)]


def choices(
    query: Query, name: str, values: Sequence[tuple[str, int]], translate: Translate, offices: Offices
) -> list[Choice]:
    return [choice(query, name, value, count, translate, offices) for value, count in values]


def choice(query: Query, name: str, value: str, count: int, translate: Translate, offices: Offices) -> Choice:
    called = label(name, value, translate, offices)
    if name == "year" and not value:
        return Choice(called, count, "undated", "1", query.changed(undated=None) if query.undated else None)
    off = query.toggled(name, value) if value in query.facets.get(name, ()) else None
    return Choice(called, count, name, value, off)


def label(name: str, value: str, translate: Translate, offices: Offices = NOBODY) -> str:
    if value.startswith("-"):
        return f"− {label(name, value[1:], translate, offices)}"
    if name == "department":
        return offices.get(value, value)
    if name == "year" and not value:
        return translate(UNDATED)
    return translate(LABELS[value]) if name in LABELLED and value in LABELS else value


def active(
    query: Query, translate: Translate, day: Callable[[date], str], offices: Offices = NOBODY
) -> list[tuple[str, Query]]:
    """What narrows the answer now: its name, and the query without it."""
    found = [
        (label(name, value, translate, offices), query.toggled(name, value))
        for name, values in query.facets.items()
        for value in values
    ]
    if query.first and query.last:
        days = f"{day(query.first)} – {day(query.last)}" if query.first != query.last else day(query.first)
        found.append((days, query.changed(first=None, last=None)))
    elif query.first:
        found.append((f"{translate('from')} {day(query.first)}", query.changed(first=None)))
    elif query.last:
        found.append((f"{translate('to')} {day(query.last)}", query.changed(last=None)))
    if query.undated is not None:
        found.append((translate(UNDATED if query.undated else "Date known"), query.changed(undated=None)))
    if query.like:
        found.append((translate(ALIKE), query.changed(like=0)))
    return found


def unfiltered(query: Query) -> Query:
    return query.changed(facets={}, first=None, last=None, undated=None, like=0)


def without_state(query: Query) -> tuple[Query, list[Mistake]]:
    """For who may not ask by availability and change: the query without them, and the sentence that says so."""
    asked = query.facets.get("state", ())
    kept = {name: values for name, values in query.facets.items() if name != "state"}
    return query.changed(facets=kept, page=query.page), [Mistake("state", each, SIGN_IN) for each in asked]


def within(query: Query, written: str) -> Query:
    """Only the articles of a month (2024-03), a year, or from one to another (2023-01..2024-06). Raises ValueError."""
    if ".." in written:
        first, last = span(written)
    else:
        first, last = first_day(written), last_day(written)
    if first and last and first > last:
        raise ValueError(written)
    return query.changed(first=first, last=last, undated=None)


def gathered(query: Query) -> bool:
    """Whether the page gathers series and copies: unless one says otherwise, when the best come first."""
    return query.sort == "relevance" and not query.like if query.collapse is None else query.collapse


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
