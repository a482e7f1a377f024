"""What did the archive teach about its words?  Numbered lessons: its compounds, and where its accents stand."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from indexer import clock
from indexer.store.tables import lessons

Words = tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """``compounds``: words of several syllables (``fold.key``). ``accents``: from one or two plain syllables to the
    accented spellings that the archive has for them, the commonest first, each with how often."""

    compounds: frozenset[Words] = frozenset()
    accents: Mapping[Words, tuple[tuple[Words, int], ...]] | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """When the last lesson was, and how many articles there were."""

    number: int
    made_at: datetime
    articles: int


def save(connection: Connection, lesson: Lesson, articles: int) -> int:
    """Keep a lesson; its number."""
    accents = "\n".join(
        f"{' '.join(plain)}\t{' '.join(spelled)}\t{often}"
        for plain, spellings in sorted((lesson.accents or {}).items())
        for spelled, often in spellings
    )
    row = {
        "made_at": clock.now(),
        "articles": articles,
        "compounds": packed("\n".join(sorted(map(" ".join, lesson.compounds)))),
        "accents": packed(accents),
    }
    return int(connection.execute(insert(lessons).values(row).returning(lessons.c.number)).scalar_one())


def packed(text: str) -> bytes:
    return zlib.compress(text.encode())


def read(connection: Connection, number: int) -> Lesson:
    """The lesson of this number; an empty one when there is none."""
    row = connection.execute(select(lessons).where(lessons.c.number == number)).first()
    if row is None:
        return Lesson()
    accents: dict[Words, list[tuple[Words, int]]] = {}
    for line in zlib.decompress(row.accents).decode().splitlines():
        plain, spelled, often = line.split("\t")
        accents.setdefault(tuple(plain.split()), []).append((tuple(spelled.split()), int(often)))
    compounds = zlib.decompress(row.compounds).decode().splitlines()
    return Lesson(
        frozenset(tuple(line.split()) for line in compounds),
        {plain: tuple(spellings) for plain, spellings in accents.items()},
    )


def newest(connection: Connection) -> int:
    """The number of the last lesson; 0 when there was none."""
    return connection.scalar(select(func.max(lessons.c.number))) or 0


def last(connection: Connection) -> Taught | None:
    columns = (lessons.c.number, lessons.c.made_at, lessons.c.articles)
    row = connection.execute(select(*columns).order_by(lessons.c.number.desc()).limit(1)).first()
    return Taught(*row) if row else None
