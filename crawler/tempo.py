"""How fast does a round go, and when may it end?  Judged from how far it was at the last few looks (pure)."""

from collections.abc import Sequence
from typing import NamedTuple

WINDOW = 120.0  # seconds that are looked at: long enough to even out slow pages, short enough to follow a change
LEAST = 10.0  # seconds before anything is said
# While a site's lists are read, they bring more pages than are taken; then nobody knows how many there will be.
STEADY = 0.1  # new pages for each page that was taken


class Look(NamedTuple):
    """How far a round was at a moment."""

    second: float
    done: int
    waiting: int


class Tempo(NamedTuple):
    """Pages a minute, and the seconds that are left; None where that cannot be known yet."""

    per_minute: float | None = None
    seconds_left: int | None = None


def lately(looks: Sequence[Look]) -> list[Look]:
    """The looks that count."""
    return [each for each in looks if each.second >= looks[-1].second - WINDOW] if looks else []


def tempo(looks: Sequence[Look]) -> Tempo:
    if not looks:
        return Tempo()
    first, last = looks[0], looks[-1]
    span, done = last.second - first.second, last.done - first.done
    if span < LEAST or done <= 0:
        return Tempo()
    found = last.done + last.waiting - first.done - first.waiting
    left = last.waiting * span / done if found <= STEADY * done else None
    return Tempo(round(done * 60 / span, 1), None if left is None else round(left))
