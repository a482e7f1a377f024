"""What does an address ask?  The parameters of a search become one frozen Query, and can be written back (pure)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from indexer.days import first_day, last_day
from indexer.language.clean import clean

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
FACETS = (
    "year", "section", "source", "department", "unit", "language", "kind", "number", "place", "attachment", "state",
)  # fmt: skip
AVAILABILITY, CHANGES = ("on-site", "off-site", "source-gone", "moved"), ("updated", "unchanged")
ATTACHMENTS = ("with", "without", "pdf", "word", "excel", "slides", "image", "archive", "other")
STATES = AVAILABILITY + CHANGES
ONE_OF = "Choose one of: %(known)s."
YEAR = re.compile(r"[1-9][0-9]{3}")
# More digits than any number we ask for; Python refuses to read thousands of them.
MOST_DIGITS = 12
MOST_PER_PAGE = 100
MOST_PAGES = 10**9
# A question longer than this is a pasted page, not a question; its first part is searched and the reader told so.
LONGEST_QUESTION = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that decides what a page of results holds."""

    q: str = ""
    page: int = 1
    per_page: int = 10
    sort: Sort = "relevance"
    first: date | None = None  # `from=`
    last: date | None = None  # `to=`
    undated: bool | None = None  # only undated articles, or only dated ones
    exact: bool = False
    collapse: bool | None = None  # series and copies gathered under their best hit; None: as the page or program likes
    like: int = 0  # only the group of this article
    explain: bool = False
    without: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # a leading - excludes

    @property
    def filters(self) -> bool:
        return bool(self.facets or self.first or self.last or self.undated is not None or self.like)

    def changed(self, **values: object) -> "Query":
        """The same query with some values changed, back on its first page unless a page is named."""
        return replace(self, **({"page": 1} | values))  # type: ignore[arg-type]

    def toggled(self, facet: str, value: str) -> "Query":
        """With a facet value switched on or off."""
        present = self.facets.get(facet, ())
        values = tuple(each for each in present if each != value) if value in present else (*present, value)
        facets = {name: chosen for name, chosen in {**self.facets, facet: values}.items() if chosen}
        return self.changed(facets=facets)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A parameter that could not be read: its name, its value, and a sentence, with its values, of what to write."""

    name: str
    value: str
    message: str
    values: tuple[tuple[str, object], ...] = ()


def none_of(name: str, value: str, known: Sequence[str]) -> Mistake:
    """The mistake of a value that is none of a few."""
    return Mistake(name, value, ONE_OF, (("known", ", ".join(known)),))


def from_parameters(given: Mapping[str, Sequence[str]]) -> tuple[Query, list[Mistake]]:
    """Read the parameters of an address; every mistake is reported, and what is wrong is left at its default."""
    reader = Reader(given)
    query = Query(
        q=clean(reader.last("q")),
        page=reader.number("page", 1, 1, MOST_PAGES),
        per_page=reader.number("per_page", 10, 1, MOST_PER_PAGE),
        sort=reader.choice("sort", SORTS),
        first=reader.day("from", first_day),
        last=reader.day("to", last_day),
        undated=reader.switch("undated"),
        exact=bool(reader.switch("exact")),
        collapse=reader.switch("collapse"),
        like=reader.number("like", 0, 1, 10**MOST_DIGITS),
        explain=bool(reader.switch("explain")),
        without=tuple(given.get("without", ())),
        facets=reader.facets(),
    )
    if query.first and query.last and query.first > query.last:
        reader.mistake("from", "The first day lies after the last one.")
    return query, reader.mistakes


class Reader:
    """Reads parameters one by one and gathers what is wrong with them."""

    def __init__(self, given: Mapping[str, Sequence[str]]) -> None:
        self.given = given
        self.mistakes: list[Mistake] = []

    def last(self, name: str) -> str:
        values = self.given.get(name, ())
        return values[-1] if values else ""

    def mistake(self, name: str, message: str, **values: object) -> None:
        self.mistakes.append(Mistake(name, self.last(name), message, tuple(values.items())))

    def number(self, name: str, default: int, least: int, most: int) -> int:
        written = self.last(name)
        if not written:
            return default
        if written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS and least <= int(written) <= most:
            return int(written)
        self.mistake(name, "Write a whole number from %(least)s to %(most)s.", least=least, most=most)
        return default

    def choice(self, name: str, known: tuple[Sort, ...]) -> Sort:
        written = self.last(name)
        for each in known:
            if each == written:
                return each
        if written:
            self.mistakes.append(none_of(name, written, known))
        return known[0]

    def day(self, name: str, read: object) -> date | None:
        written = self.last(name)
        if not written:
            return None
        try:
            found: date = read(written)  # type: ignore[operator]
        except ValueError:
            self.mistake(name, "Write a year, a month or a day: 2024, 2024-03 or 2024-03-15.")
            return None
        return found

    def switch(self, name: str) -> bool | None:
        written = self.last(name)
        if written not in ("", "0", "1"):
            self.mistake(name, "Write 1 or 0.")
        return {"1": True, "0": False}.get(written)

    def facets(self) -> dict[str, tuple[str, ...]]:
        chosen = {name: tuple(v for v in self.given.get(name, ()) if v.strip("-")) for name in FACETS}
        for name, known in (("state", STATES), ("attachment", ATTACHMENTS)):
            chosen[name] = self.right(chosen[name], known.__contains__, none_of(name, "", known))
        no_year = Mistake("year", "", "Write a year of four digits.")
        chosen["year"] = self.right(chosen["year"], YEAR.fullmatch, no_year)
        return {name: values for name, values in chosen.items() if values}

    def right(self, values: tuple[str, ...], is_right: Callable[[str], object], mistake: Mistake) -> tuple[str, ...]:
        """The values that are right; the others are such mistakes."""
        wrong = [value for value in values if not is_right(value.removeprefix("-"))]
        self.mistakes += [replace(mistake, value=value) for value in wrong]
        return tuple(value for value in values if value not in wrong)


def to_parameters(query: Query) -> list[tuple[str, str]]:
    """The parameters that ask for this query again, in a fixed order, defaults left out."""
    plain = {each.name: each.default for each in fields(Query)}
    pairs = [
        (name, str(getattr(query, name)))
        for name in ("q", "sort", "page", "per_page")
        if getattr(query, name) != plain[name]
    ]
    pairs += [(name, str(value)) for name, value in (("from", query.first), ("to", query.last)) if value]
    pairs += [("undated", "1" if query.undated else "0")] if query.undated is not None else []
    pairs += [(name, "1") for name in ("exact", "explain") if getattr(query, name)]
    pairs += [("collapse", "1" if query.collapse else "0")] if query.collapse is not None else []
    pairs += [("like", str(query.like))] if query.like else []
    pairs += [(name, value) for name in FACETS for value in query.facets.get(name, ())]
    return pairs + [("without", value) for value in query.without]


def address(query: Query) -> str:
    return urlencode(to_parameters(query))
