"""How is a whole answer taken, page after page, while the archive changes?  A cursor holds how far one has come.

Articles come in the order of their numbers, which never change, from whatever generation is current. So none comes
twice, and none is passed over that was found all the time; what changed meanwhile may be there or not, and the last
page says that something changed.
"""

import hashlib
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from indexer.engine.columns import Columns
from indexer.errors import KhotinError
from indexer.found import ByNumber
from indexer.glossary import Glossary
from indexer.interpretation import interpretation
from indexer.query import Query
from indexer.question import Question
from indexer.search import Results, explained, hits_of
from indexer.searcher import searcher_of
from indexer.store import Store, articles

START = "*"
LANES = get_args(articles.Lane)
# The question's digest, the last number given, the change number of each lane; then a few bytes that tell a slip of
# the pen from a cursor of ours.
SHAPE = struct.Struct(f">16sq{len(LANES)}q")
CHECK = 4


class DamagedCursorError(KhotinError):
    """What was handed in is no cursor of ours."""


class OtherQuestionError(KhotinError):
    """The cursor belongs to a question of another meaning."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """What was asked, how far it was answered, and which changes the archive had seen at the start."""

    question: bytes
    last: int
    changes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Harvest:
    """One page of it. Without a cursor it is the last one, and tells whether the archive changed since the first."""

    results: Results
    cursor: str | None
    changed: bool | None


def harvest(query: Query, written: str, store: Store, columns: Columns, glossary: Glossary) -> Harvest:
    """The page that follows a cursor; `*` asks for the first.  Raises DamagedCursorError, OtherQuestionError."""
    cursor = None if written == START else read(written)
    behind = ByNumber(query.per_page + 1, cursor.last if cursor else 0)
    found = searcher_of(store, columns, glossary).find(query.changed(sort="oldest"), behind)
    asked = meaning(query, found.question, store)
    cursor = cursor or Cursor(asked, 0, tuple(columns.lanes.get(lane, 0) for lane in LANES))
    if cursor.question != asked:
        raise OtherQuestionError(
            "This cursor was given for another question, or the question is understood in another way by now. "
            "Begin again with cursor=*."
        )
    ids = found.matches.columns.ids
    left = np.flatnonzero(found.counted & (ids > cursor.last))
    page = left[np.argsort(ids[left])][: query.per_page]
    more = len(left) > len(page)
    results = Results(
        query=query,
        interpretation=interpretation(query, found),
        total=found.total,
        near_total=0,
        hits=hits_of(page, found, store),
        explanations=explained(page, found.parts, found.added) if query.explain else (),
        facets=found.facets,
        timeline=found.timeline,
        undated=found.undated,
        generation=columns.generation,
    )
    following = write(replace(cursor, last=int(ids[page[-1]]))) if more else None
    return Harvest(results, following, None if more else has_changed(store, cursor))


def meaning(query: Query, question: Question, store: Store) -> bytes:
    """A digest of what is found: the question as it is understood, what narrows it, and in which archive."""
    narrowed = sorted((name, sorted(set(values))) for name, values in query.facets.items())
    told = (store.id, question.tree, narrowed, query.first, query.last, query.undated)
    return hashlib.sha256(repr(told).encode()).digest()[:16]


def has_changed(store: Store, cursor: Cursor) -> bool:
    with store.read() as connection:
        now = articles.last_changes(connection)
    return cursor.changes != tuple(now.get(lane, 0) for lane in LANES)


def write(cursor: Cursor) -> str:
    told = SHAPE.pack(cursor.question, cursor.last, *cursor.changes)
    return as_text(told + check(told))


def read(written: str) -> Cursor:
    """Raises DamagedCursorError."""
    try:
        whole = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (NotBase64, ValueError):
        whole = b""
    told = whole[:-CHECK]
    if len(told) != SHAPE.size or whole[-CHECK:] != check(told) or as_text(whole) != written:
        raise DamagedCursorError("This is no whole cursor. Copy it as it was given, or begin again with cursor=*.")
    question, last, *changes = SHAPE.unpack(told)
    return Cursor(question, last, tuple(changes))


def as_text(whole: bytes) -> str:
    return urlsafe_b64encode(whole).decode().rstrip("=")


def check(told: bytes) -> bytes:
    return hashlib.sha256(told).digest()[:CHECK]
