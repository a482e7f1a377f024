"""Which questions found nothing, and what became of them?  The inbox of missed questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, case, func, select

from indexer import clock
from indexer.store.dialects import upsert
from indexer.store.questions import Question, grouped, question_of
from indexer.store.tables import missed_marks, questions

State = Literal["open", "mended", "ignored"]


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that found nothing, and what became of it."""

    question: Question
    found: int
    tested_at: datetime | None
    mended_at: datetime | None
    ignored_at: datetime | None


def state() -> Any:
    """What became of a missed question, in one word."""
    ignored, mended = missed_marks.c.ignored_at.is_not(None), func.coalesce(missed_marks.c.found, 0) > 0
    return case((ignored, "ignored"), (mended, "mended"), else_="open")


def missed(form: str | None = None) -> tuple[Any, Select[Any]]:
    """All missed questions, or one, each with its marks."""
    wanted = grouped().where(questions.c.missed > 0)
    found = (wanted if form is None else wanted.where(questions.c.folded == form)).subquery()
    marks = [missed_marks.c[name] for name in ("found", "tested_at", "mended_at", "ignored_at")]
    both = found.outerjoin(missed_marks, missed_marks.c.folded == found.c.folded)
    return found, select(found, *marks).select_from(both)


def inbox(connection: Connection, wanted: State, limit: int) -> list[Missed]:
    """Those of a state: what most people miss comes first; of the mended ones the newest."""
    found, rows = missed()
    first = missed_marks.c.mended_at.desc().nulls_last() if wanted == "mended" else found.c.sessions.desc()
    ordered = rows.where(state() == wanted).order_by(first, found.c.missed.desc(), found.c.last_at.desc())
    return [missed_of(row) for row in connection.execute(ordered.limit(limit))]


def count(connection: Connection) -> dict[str, int]:
    """How many missed questions are in each state."""
    forms = select(questions.c.folded).where(questions.c.missed > 0).distinct().subquery()
    both = forms.outerjoin(missed_marks, missed_marks.c.folded == forms.c.folded)
    rows = select(state().label("state"), func.count()).select_from(both).group_by("state")
    return {name: int(size) for name, size in connection.execute(rows)}


def get(connection: Connection, form: str) -> Missed | None:
    """The missed question of this folded form."""
    row = connection.execute(missed(form)[1]).first()
    return missed_of(row) if row else None


def missed_of(row: Row[Any]) -> Missed:
    return Missed(question_of(row), row.found or 0, row.tested_at, row.mended_at, row.ignored_at)


def tested(connection: Connection, found: Iterable[tuple[str, int]]) -> None:
    """Note how much each question finds by now."""
    now = clock.now()
    for form, total in found:
        row = {"folded": form, "tested_at": now, "found": total, "mended_at": now if total else None}
        added = upsert(missed_marks).values(row)
        since = func.coalesce(missed_marks.c.mended_at, now) if total else None
        seen = {"tested_at": now, "found": total, "mended_at": since}
        connection.execute(added.on_conflict_do_update(index_elements=["folded"], set_=seen))


def ignore(connection: Connection, form: str, ignored: bool) -> None:
    at = clock.now() if ignored else None
    added = upsert(missed_marks).values(folded=form, ignored_at=at, found=0)
    connection.execute(added.on_conflict_do_update(index_elements=["folded"], set_={"ignored_at": at}))


def count_mended(connection: Connection, first: datetime, before: datetime) -> int:
    """How many began to find something in this time."""
    wanted = select(func.count()).select_from(missed_marks)
    wanted = wanted.where(missed_marks.c.mended_at >= first, missed_marks.c.mended_at < before)
    return int(connection.execute(wanted).scalar_one())
