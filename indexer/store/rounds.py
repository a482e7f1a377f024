"""Which rounds over a source's site were made, and what did they bring?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from indexer import clock
from indexer.store.tables import rounds

# An unfinished round goes on within a day; after that its first pages are so old that a new one is due.
RESUME_WITHIN = timedelta(days=1)
# One that is told to go on has paused, perhaps day after day for hours without crawling.
GO_ON_WITHIN = timedelta(days=7)
LOOKED_BACK = 20  # rounds that are looked through for one to compare with
UNFINISHED = ("running", "cancelled", "interrupted")


@dataclass(frozen=True, slots=True)
class Round:
    """One walk over a site: running, done, failed, cancelled or interrupted."""

    id: int
    source_id: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    report: Mapping[str, Any]


def begin(connection: Connection, source_id: int, anew: bool = False, within: timedelta = RESUME_WITHIN) -> Round:
    """Go on with the source's unfinished round, or open a new one (always when ``anew``)."""
    before = latest(connection, source_id)
    if before and before.state in UNFINISHED:
        if not anew and clock.now() - before.started_at < within:
            change(connection, before.id, state="running", finished_at=None)
            return get(connection, before.id)
        change(connection, before.id, state="interrupted", finished_at=before.finished_at or clock.now())
    row = {"source_id": source_id, "state": "running", "started_at": clock.now(), "report": {}}
    key = connection.execute(insert(rounds).values(row)).inserted_primary_key
    assert key is not None
    return get(connection, int(key[0]))


def tell(connection: Connection, round_id: int, report: Mapping[str, Any]) -> None:
    """Keep the report so far, in the transaction of what it counts."""
    change(connection, round_id, report=dict(report))


def close(connection: Connection, round_id: int, state: str, report: Mapping[str, Any]) -> None:
    change(connection, round_id, state=state, report=dict(report), finished_at=clock.now())


def get(connection: Connection, round_id: int) -> Round:
    row = connection.execute(select(rounds).where(rounds.c.id == round_id)).one()
    return Round(**row._mapping)


def latest(connection: Connection, source_id: int) -> Round | None:
    return next(iter(every(connection, source_id, 1)), None)


def every(connection: Connection, source_id: int | None = None, limit: int = 50) -> list[Round]:
    """The newest rounds first, of one source or of all."""
    wanted = select(rounds).order_by(rounds.c.id.desc()).limit(limit)
    wanted = wanted if source_id is None else wanted.where(rounds.c.source_id == source_id)
    return [Round(**row._mapping) for row in connection.execute(wanted)]


def before(connection: Connection, source_id: int, round_id: int) -> Round | None:
    """The last whole round over a source before this one; where only failed pages were retried is none to compare."""
    wanted = select(rounds).where(rounds.c.source_id == source_id, rounds.c.id < round_id, rounds.c.state == "done")
    found = connection.execute(wanted.order_by(rounds.c.id.desc()).limit(LOOKED_BACK))
    return next((each for row in found if not (each := Round(**row._mapping)).report.get("retry")), None)


def goes_on(connection: Connection, source_id: int) -> bool:
    """Whether the next round over a source would go on with the last one."""
    last = latest(connection, source_id)
    return bool(last and last.state in UNFINISHED and clock.now() - last.started_at < RESUME_WITHIN)


def change(connection: Connection, round_id: int, **values: Any) -> None:
    connection.execute(update(rounds).where(rounds.c.id == round_id).values(values))
