"""What did the archive teach about its words?  Numbered lessons: its compounds, and where its accents stand."""

import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

import numpy as np
from sqlalchemy import Connection, func, insert, select

from indexer import clock
from indexer.store.tables import lessons

Words = tuple[str, ...]


Spellings = tuple[tuple[Words, int], ...]  # the commonest first, each with how often


class Accents(Mapping[Words, Spellings]):
    """From plain syllables to their spellings, looked up in the sorted lines that were kept: as objects, the pairs of a
    middling archive would take 300 MB."""

    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        ends = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
        self.starts = np.concatenate(([0], ends + 1)) if lines else ends

    def line(self, number: int) -> list[bytes]:
        """Plain syllables, their spelling, how often."""
        start = int(self.starts[number])
        end = self.lines.find(b"\n", start)
        return self.lines[start : end if end >= 0 else None].split(b"\t")

    def __getitem__(self, plain: Words) -> Spellings:
        wanted = " ".join(plain).encode()
        at = bisect_left(range(len(self.starts)), wanted, key=lambda number: self.line(number)[0])
        rest = (self.line(number) for number in range(at, len(self.starts)))
        found = tuple((words(each[1]), int(each[2])) for each in takewhile(lambda line: line[0] == wanted, rest))
        if not found:
            raise KeyError(plain)
        return found

    def __iter__(self) -> Iterator[Words]:
        return (words(plain) for plain, _ in groupby(self.line(at)[0] for at in range(len(self.starts))))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def words(told: bytes) -> Words:
    return tuple(told.decode().split())


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """``compounds``: words of several syllables (``fold.key``), a blank between these. ``accents``: from one or two
    plain syllables to its accented spellings in the archive, the commonest first, each with how often."""

    compounds: frozenset[str] = frozenset()
    accents: Mapping[Words, Spellings] | None = None


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
        for plain, spellings in sorted((lesson.accents or {}).items(), key=lambda each: " ".join(each[0]).encode())
        for spelled, often in spellings
    )
    row = {
        "made_at": clock.now(),
        "articles": articles,
        "compounds": packed("\n".join(sorted(lesson.compounds))),
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
    compounds = zlib.decompress(row.compounds).decode().splitlines()
    return Lesson(frozenset(compounds), Accents(zlib.decompress(row.accents)))


def newest(connection: Connection) -> int:
    """The number of the last lesson; 0 when there was none."""
    return connection.scalar(select(func.max(lessons.c.number))) or 0


def last(connection: Connection) -> Taught | None:
    columns = (lessons.c.number, lessons.c.made_at, lessons.c.articles)
    row = connection.execute(select(*columns).order_by(lessons.c.number.desc()).limit(1)).first()
    return Taught(*row) if row else None
