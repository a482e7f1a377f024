"""What was asked, how often, and how quickly was it answered?  Counts by day; nobody's name or address."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from indexer import asked, clock
from indexer.asked import Heard
from indexer.language import fold
from indexer.store.dialects import of_the_latest, upsert
from indexer.store.tables import (
    missed_marks,
    question_days,
    question_salt,
    question_sessions,
    question_times,
    questions,
)

# More different questions than people ask here in a day are a program's; they are counted, and not kept.
MOST_A_DAY = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question over several days, in all its spellings."""

    folded: str
    text: str
    asked: int
    missed: int
    sessions: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What was asked in some days; ``rare`` questions are counted, but never named."""

    first: date
    last: date
    days: list[tuple[date, int, int]]  # questions and those without a hit, of days on which something was asked
    median: int | None  # milliseconds
    most: list[Question]
    most_missed: list[Question]
    rare: int

    @property
    def asked(self) -> int:
        return sum(asked for _, asked, _ in self.days)

    @property
    def missed(self) -> int:
        return sum(missed for _, _, missed in self.days)

    @property
    def percent(self) -> int:
        """How many of a hundred found nothing."""
        return round(100 * self.missed / self.asked) if self.asked else 0


def note(connection: Connection, heard: Sequence[Heard]) -> None:
    """Add what was asked to its days; several processes add up."""
    salt = salt_of_today(connection)
    for day, those in groupby(sorted(heard, key=day_of), key=day_of):
        of_day = list(those)
        count_day(connection, day, of_day)
        kept = [each for each in of_day if len(each.text) <= asked.LONGEST_KEPT and asked.folded(each.text)]
        room = MOST_A_DAY - size_of(connection, day)
        for form, same in groupby(sorted(kept, key=form_of), key=form_of):
            if room > 0 or is_known(connection, day, form):
                count_question(connection, day, form, list(same), salt)
            room -= 1


def day_of(each: Heard) -> date:
    return clock.local_day(each.at)


def form_of(each: Heard) -> str:
    return asked.folded(each.text)


def salt_of_today(connection: Connection) -> bytes:
    """The running day's salt. The first question of a day writes a new one over it, and forgets who asked the day
    before."""
    today = clock.local_day(clock.now())
    row = connection.execute(select(question_salt)).first()
    if row and row.day == today:
        return bytes(row.salt)
    fresh = {"day": today, "salt": secrets.token_bytes(32)}
    connection.execute(update(question_salt).values(fresh) if row else insert(question_salt).values(id=1, **fresh))
    connection.execute(delete(question_sessions))
    return fresh["salt"]  # type: ignore[return-value]


def count_day(connection: Connection, day: date, heard: Sequence[Heard]) -> None:
    row = {"day": day, "asked": len(heard), "missed": sum(each.missed for each in heard)}
    added = upsert(question_days).values(row)
    sums = {name: question_days.c[name] + added.excluded[name] for name in ("asked", "missed")}
    connection.execute(added.on_conflict_do_update(index_elements=["day"], set_=sums))
    for time, answers in Counter(asked.rounded(each.milliseconds) for each in heard).items():
        timed = upsert(question_times).values(day=day, milliseconds=time, answers=answers)
        more = {"answers": question_times.c.answers + timed.excluded.answers}
        connection.execute(timed.on_conflict_do_update(index_elements=["day", "milliseconds"], set_=more))


def count_question(connection: Connection, day: date, form: str, heard: Sequence[Heard], salt: bytes) -> None:
    typed = [" ".join(each.text.split()) for each in heard]
    text = next(filter(fold.is_marked, reversed(typed)), typed[-1])
    row = {
        "day": day, "folded": form, "text": text, "asked": len(heard), "missed": sum(each.missed for each in heard),
        "sessions": 0, "last_at": max(each.at for each in heard),
    }  # fmt: skip
    added = upsert(questions).values(row)
    sums: dict[str, Any] = {name: questions.c[name] + added.excluded[name] for name in ("asked", "missed")}
    sums |= {"last_at": added.excluded.last_at} | ({"text": text} if fold.is_marked(text) else {})
    kept = added.on_conflict_do_update(index_elements=["day", "folded"], set_=sums).returning(questions.c.id)
    number = connection.execute(kept).scalar_one()
    people = {asked.session(salt, each.place, form) for each in heard}
    fresh = sum(
        connection.execute(
            upsert(question_sessions).values(question_id=number, session=each).on_conflict_do_nothing()
        ).rowcount
        for each in people
    )
    if fresh:
        more = {"sessions": questions.c.sessions + fresh}
        connection.execute(update(questions).where(questions.c.id == number).values(more))


def size_of(connection: Connection, day: date) -> int:
    return int(
        connection.execute(select(func.count()).select_from(questions).where(questions.c.day == day)).scalar_one()
    )


def is_known(connection: Connection, day: date, form: str) -> bool:
    return connection.scalar(select(questions.c.id).filter_by(day=day, folded=form)) is not None


# Reading


def figures(connection: Connection, first: date, last: date, least_sessions: int, limit: int) -> Figures:
    """All that is told of some days; named are at most ``limit`` questions, which at least so many visitors asked."""
    return Figures(
        first,
        last,
        days(connection, first, last),
        asked.median(times(connection, first, last)),
        most_asked(connection, first, last, least_sessions, limit),
        most_asked(connection, first, last, least_sessions, limit, missed=True),
        count_rare(connection, first, last, least_sessions),
    )


def grouped() -> Select[Any]:
    """One row for each question over its days; the text is that of the last day."""
    return select(
        questions.c.folded,
        of_the_latest(questions.c.text, questions.c.last_at).label("text"),
        func.sum(questions.c.asked).label("asked"),
        func.sum(questions.c.missed).label("missed"),
        func.sum(questions.c.sessions).label("sessions"),
        func.max(questions.c.last_at).label("last_at"),
    ).group_by(questions.c.folded)


def most_asked(
    connection: Connection, first: date, last: date, least_sessions: int, limit: int, missed: bool = False
) -> list[Question]:
    """The questions of a time that were asked most, or found nothing most often; what few people asked is left out."""
    by = func.sum(questions.c.missed if missed else questions.c.asked)
    wanted = (
        grouped().where(questions.c.day.between(first, last)).having(func.sum(questions.c.sessions) >= least_sessions)
    )
    wanted = wanted.having(by > 0).order_by(by.desc(), questions.c.folded).limit(limit)
    return [question_of(row) for row in connection.execute(wanted)]


def count_rare(connection: Connection, first: date, last: date, least_sessions: int) -> int:
    """How many questions of a time few people asked."""
    rare = grouped().where(questions.c.day.between(first, last)).having(func.sum(questions.c.sessions) < least_sessions)
    return int(connection.execute(select(func.count()).select_from(rare.subquery())).scalar_one())


def days(connection: Connection, first: date, last: date) -> list[tuple[date, int, int]]:
    """Day, questions, those without a hit."""
    wanted = select(question_days).where(question_days.c.day.between(first, last)).order_by(question_days.c.day)
    return [(row.day, row.asked, row.missed) for row in connection.execute(wanted)]


def times(connection: Connection, first: date, last: date) -> dict[int, int]:
    """How many answers took how many milliseconds."""
    wanted = select(question_times.c.milliseconds, func.sum(question_times.c.answers))
    wanted = wanted.where(question_times.c.day.between(first, last)).group_by(question_times.c.milliseconds)
    return {time: int(answers) for time, answers in connection.execute(wanted)}


def question_of(row: Row[Any]) -> Question:
    return Question(row.folded, row.text, row.asked, row.missed, row.sessions, row.last_at)


def oldest_day(connection: Connection) -> date | None:
    found: date | None = connection.scalar(select(func.min(question_days.c.day)))
    return found


def forget_day(connection: Connection, day: date) -> None:
    """Everything of one day, and the marks of questions that were asked on no other."""
    mine = select(questions.c.id).where(questions.c.day == day)
    connection.execute(delete(question_sessions).where(question_sessions.c.question_id.in_(mine)))
    for table in (questions, question_days, question_times):
        connection.execute(delete(table).where(table.c.day == day))
    left = select(questions.c.folded).where(questions.c.missed > 0)
    connection.execute(delete(missed_marks).where(missed_marks.c.folded.not_in(left)))
