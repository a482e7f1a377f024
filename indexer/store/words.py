"""Which words did people of the department add, switch off or join?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from indexer import clock
from indexer.glossary.laid_over import Cells, OwnWords
from indexer.glossary.typed import Kind, Line, own_words
from indexer.store.dialects import upsert
from indexer.store.tables import word_changes, words


@dataclass(frozen=True, slots=True)
class Word:
    """A kept line, and who made it."""

    id: int
    line: Line
    made_at: datetime
    made_by: str


def number(connection: Connection) -> int:
    """Rises with every change of the words; 0 when there was none."""
    return connection.scalar(select(func.max(word_changes.c.number))) or 0


def own(connection: Connection) -> OwnWords:
    """All of them, ready to be laid over the glossary; the newest first."""
    return own_words(word.line for word in every(connection))


def every(connection: Connection, kinds: Collection[Kind] = ("term", "off", "compound")) -> list[Word]:
    """The newest first."""
    wanted = select(words).where(words.c.kind.in_(kinds)).order_by(words.c.id.desc())
    return [word_of(row) for row in connection.execute(wanted)]


def get(connection: Connection, word_id: int) -> Word | None:
    row = connection.execute(select(words).where(words.c.id == word_id)).first()
    return word_of(row) if row else None


def word_of(row: Row[Any]) -> Word:
    cells: Cells = (row.vi, row.en, row.short)
    return Word(row.id, Line(row.kind, cells), row.made_at, row.made_by)


def add(connection: Connection, lines: Iterable[Line], who: str) -> int:
    """Keep the lines that are not kept yet; how many they were."""
    rows = [row_of(line) | {"made_at": clock.now(), "made_by": who} for line in lines]
    made = connection.execute(upsert(words).on_conflict_do_nothing(), rows).rowcount if rows else 0
    return noted(connection, made)


def change(connection: Connection, word_id: int, line: Line) -> None:
    """Another line in its place; where that is kept already, this one goes."""
    if connection.scalar(select(words.c.id).filter_by(**row_of(line)).where(words.c.id != word_id)):
        remove(connection, word_id)
    else:
        noted(connection, connection.execute(update(words).where(words.c.id == word_id).values(row_of(line))).rowcount)


def remove(connection: Connection, word_id: int) -> None:
    noted(connection, connection.execute(delete(words).where(words.c.id == word_id)).rowcount)


def noted(connection: Connection, changed: int) -> int:
    """Give out the next number, when anything was changed."""
    if changed:
        connection.execute(insert(word_changes).values(at=clock.now()))
    return changed


def row_of(line: Line) -> dict[str, str]:
    vi, en, short = line.cells
    return {"kind": line.kind, "vi": vi, "en": en, "short": short}
