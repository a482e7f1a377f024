"""Which lines of a text are rows of a list of people?  Five or more with a name and what is nobody else's (pure)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.people import people

Span = tuple[int, int]
CELL = " | "
# So many people make a list.
LEAST = 5
# A row may be broken over lines, and pages have heads and feet: so many lines may stand between two people.
APART = 8
# Lines above a table in which its head is looked for.
HEAD = 4
DATE = re.compile(r"(?<![\d/.\-])\d{1,2}[/.\-]\d{1,2}[/.\-](?P<year>19[2-9]\d|200\d|201[0-2])(?![\d/.\-])")
YEAR = re.compile(r"(?<![\d/.\-])(?:19[3-9]\d|200\d)(?![\d/.\-])")
FIGURES = re.compile(
    r"(?<![\w/.,\-])(?:\d{12}|\d{9}|\+?84\d{9}|0[35789]\d{8}|0[35789]\d{2}[ .\-]\d{3}[ .\-]\d{3}|0[35789]\d[ .\-]\d{3}[ .\-]\d{4}"
    r"|\d{3} \d{3} \d{3}(?: \d{3})?)(?![\w])(?![.,/\-]\d)"
)
# Dates of these are no days of birth.
NO_BIRTH = re.compile(
    r"ban hành|ngày ký|người ký|hiệu lực|ngày cấp|quyết định|văn bản|công văn|tờ trình|\d/[^\W\d_]{2,}|giấy phép|hợp đồng",
    re.I,
)
NO_FIGURES = re.compile(r"mã số thuế|\bmst\b|giấy phép|doanh nghiệp|đồng\b|vnđ", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """A line, where it begins in the text, and the head of the table that it may be a row of."""

    text: str
    start: int
    head: tuple[str, ...] = ()
    births: tuple[Span, ...] = field(default=())

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def head_of(self, at: int, read: Callable[[str], str | None]) -> str | None:
        """What the head says of the column in which a character stands; of a table without cells, all of the head."""
        if CELL not in self.text:
            return None
        column = self.text.count(CELL, 0, at)
        for line in reversed(self.head):
            cells = line.split(CELL)
            told = read(cells[column]) if len(cells) > column else None
            if told:
                return told
        return None


def rows_of(text: str) -> list[Row]:
    """The lines of a text, those of a table with the lines that its head is made of."""
    rows: list[Row] = []
    head: list[str] = []
    offset, inside = 0, False
    for line in text.split("\n"):
        is_row = CELL in line
        if is_row and not inside:
            head = []
        if is_row and len(head) < HEAD:
            head = [*head, line]
        inside = is_row
        rows.append(Row(line, offset, tuple(head) if is_row else (), days_in(line)))
        offset += len(line) + 1
    return rows


def days_in(line: str) -> tuple[Span, ...]:
    """The dates in a line that may be days of birth."""
    return () if NO_BIRTH.search(line) else tuple(each.span() for each in DATE.finditer(line))


def people_rows(rows: Sequence[Row]) -> list[list[int]]:
    """The lists of people: for each the numbers of its rows."""
    met: list[list[int]] = []
    lists: list[list[int]] = []
    for person in persons(rows):
        if met and person[0] - met[-1][-1] > APART:
            lists += joined(met)
            met = []
        met.append(person)
    return [*lists, *joined(met)]


def joined(met: Sequence[list[int]]) -> list[list[int]]:
    return [sorted({number for each in met for number in each})] if len(met) >= LEAST else []


def persons(rows: Sequence[Row]) -> Iterator[list[int]]:
    """The lines of each person: the one with the name, and those up to what is told of him or her."""
    named: int | None = None
    for number, row in enumerate(rows):
        names = people(row.text) if starts_row(row.text) else []
        own = tells(row)
        if names and own:
            yield [number]
            named = None
        elif names and len(row.text) < 60:
            named = number
        elif own and named is not None and number - named <= APART // 2 and len(row.text) < 120:
            yield list(range(named, number + 1))
            named = None


def starts_row(line: str) -> bool:
    """A row begins with its number, a name, or is made of cells; prose is none."""
    return len(line) < 400 and (CELL in line or "\t" in line or bool(ROW.match(line)))


ROW = re.compile(r"\s*(?:[-+*•]|\d{1,4}[.)]?)?\s*(?:(?:hộ )?(?:ông|bà|anh|chị|em|đồng chí)\b:? ?)?[^\W\d_a-zà-ỹ]", re.I)


def tells(row: Row) -> bool:
    """Whether a line holds what is one person's: a day or year of birth, a number of a card or a mobile."""
    if row.births or (FIGURES.search(row.text) and not NO_FIGURES.search(row.text)):
        return True
    return any(YEAR.fullmatch(cell.strip()) for cell in row.text.split(CELL)[1:]) and not NO_BIRTH.search(row.text)
