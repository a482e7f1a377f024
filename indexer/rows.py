"""Which lines of a text are rows of a list of people?  Five or more with a name and what is nobody else's (pure)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.people import UPPER, people

Span = tuple[int, int]
CELL = " | "
# So many people make a list.
LEAST = 5
# A row may be broken over lines, and pages have heads and feet: so many lines may stand between two people.
APART = 8
# Lines above a table in which its head is looked for.
HEAD = 4
DATE = re.compile(r"(?<![0-9/.\-])[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-](?:19[2-9][0-9]|200[0-9]|201[0-2])(?![0-9/.\-])")
YEAR = re.compile(r"(?<![0-9/.\-])(?:19[3-9][0-9]|200[0-9])(?![0-9/.\-])")
FIGURES = re.compile(
    r"(?<![\w/.,\-])(?:[0-9]{12}|[0-9]{9}|\+?84[0-9]{9}|0[35789][0-9]{8}|[0-9]{3} [0-9]{3} [0-9]{3}(?: [0-9]{3})?"
    r"|0[35789][0-9]{2}[ .\-][0-9]{3}[ .\-][0-9]{3}|0[35789][0-9][ .\-][0-9]{3}[ .\-][0-9]{4})(?!\w)(?![.,/\-][0-9])"
)
# What a row of a table without cells begins with: a number or dash, a word of courtesy, a name.
ROW = re.compile(
    r"\s*(?:[-+*•]|\d{1,4}[.)]?)?\s*"
    r"(?:(?:[Hh]ộ )?(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Ee]m|[Đđ]ồng chí|[Hh]ọ (?:và )?tên):? )?"
    rf"[{UPPER}]"
)
SHORT, LONGEST_ROW, LONGEST_TABLE_ROW = 60, 400, 2_000
# Dates of these are no days of birth.
NO_BIRTH = re.compile(
    r"ban hành|ngày ký|người ký|hiệu lực|ngày cấp|quyết định|văn bản|công văn|tờ trình|\d/[^\W\d_]{2,}"
    r"|giấy phép|hợp đồng",
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
        if CELL not in self.text or len(self.text) > LONGEST_TABLE_ROW:
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
    found = tuple(each.span() for each in DATE.finditer(line))
    return () if found and NO_BIRTH.search(line) else found


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
    """The lines of each person: the one with the name, and those up to what is told last of him or her."""
    lines: list[int] = []
    known = False
    for number, row in enumerate(rows):
        own = tells(row)
        if starts_row(row.text) and (own or len(row.text) < SHORT) and people(row.text):
            if known:
                yield lines
            lines, known = [number], own
        elif lines and own and len(row.text) < 2 * SHORT and number - lines[-1] <= APART // 2:
            lines, known = [*range(lines[0], number + 1)], True
    if known:
        yield lines


def starts_row(line: str) -> bool:
    """A row begins with its number, a name, or is made of cells; prose is none."""
    return len(line) < LONGEST_ROW and (CELL in line or bool(ROW.match(line)))


def tells(row: Row) -> bool:
    """Whether a line holds what is one person's: a day or year of birth, a number of a card or a mobile."""
    if len(row.text) > LONGEST_TABLE_ROW:
        return False
    if row.births or (FIGURES.search(row.text) and not NO_FIGURES.search(row.text)):
        return True
    return any(YEAR.fullmatch(cell.strip()) for cell in row.text.split(CELL)[1:]) and not NO_BIRTH.search(row.text)
