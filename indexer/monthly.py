"""What is to be reported of a month?  All its figures, as they stand in the store."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from indexer import clock
from indexer.days import YEARS
from indexer.disk import Room, room
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store, articles, missed, months, questions
from indexer.store.months import Handled, SourceMonth
from indexer.store.questions import Figures

LISTED = 10


@dataclass(frozen=True, slots=True)
class Month:
    """A month's figures."""

    first: date
    last: date
    made: date
    articles: int
    sources: list[SourceMonth]
    questions: Figures
    least: int  # visitors who asked a question that is named
    mended: int
    open: int
    handled: Handled
    room: Room


def month_named(written: str) -> date:
    """2026-10 as its first day. Raises KhotinError."""
    try:
        found = date.fromisoformat(f"{written}-01") if re.fullmatch(r"\d{4}-\d\d", written) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS or found > clock.local_day(clock.now()):
        raise KhotinError("Write a month that has begun, as year and month: 2026-10.")
    return found


def month_before(day: date) -> date:
    """The first day of the month before: what is reported at the beginning of the next."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def figures(store: Store, settings: Settings, first: date) -> Month:
    """All of a month; what is still going on is counted until now."""
    following = (first + timedelta(days=32)).replace(day=1)
    last, least = following - timedelta(days=1), settings.question_sessions
    begin, end = clock.midnight(first), clock.midnight(following)
    with store.read() as connection:
        return Month(
            first,
            last,
            clock.local_day(clock.now()),
            articles.count(connection),
            months.by_source(connection, begin, end),
            questions.figures(connection, first, last, least, LISTED),
            least,
            missed.count_mended(connection, begin, end),
            missed.count(connection).get("open", 0),
            months.handled(connection, begin, end),
            room(store.home),
        )
