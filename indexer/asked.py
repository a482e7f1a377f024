"""What is kept of a question that was asked?  Which spellings are one question, and how long answers took (pure)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from indexer.language import fold
from indexer.language.clean import clean
from indexer.query import Query

# Whoever pastes a page may paste a person's letter: what is longer is counted, and not kept.
LONGEST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """A question that was just answered. ``place`` tells people apart; it is never written down."""

    text: str
    at: datetime
    missed: bool
    milliseconds: float
    place: str


def is_question(query: Query) -> bool:
    """Filters alone ask nothing, and the second page is no second question."""
    return bool(query.q.strip()) and query.page == 1


def is_missed(query: Query, total: int) -> bool:
    """Whether words are missing: what only filters or switches shut out is no matter of words."""
    return total == 0 and not (query.filters or query.exact or query.without)


def folded(question: str) -> str:
    """One form for all spellings: accents, capitals, places of the tone, blanks and a final sign make no difference."""
    return " ".join(fold.bare_key(clean(question)).split()).strip(" ?!.,")


def session(salt: bytes, place: str, question: str) -> bytes:
    """What tells people apart who ask one question on one day. Of another question or day it is another one."""
    return hashlib.blake2b(f"{place}\0{question}".encode(errors="replace"), key=salt, digest_size=8).digest()


def rounded(milliseconds: float) -> int:
    """A time to two digits: fine enough for a median, and a day has few of them."""
    return int(float(f"{max(milliseconds, 1):.2g}"))


def median(times: Mapping[int, int]) -> int | None:
    """The time under which half of the answers came."""
    half, passed = sum(times.values()) / 2, 0
    for time, answers in sorted(times.items()):
        passed += answers
        if passed >= half:
            return time
    return None
