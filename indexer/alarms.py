"""What should an admin know of until it is over?  One alarm for each cause, however often the cause is met."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from indexer import clock
from indexer.store.tables import alarms


@dataclass(frozen=True, slots=True)
class Alarm:
    """A trouble; ``message`` is English with places for ``values``, to be told in any language."""

    id: int
    cause: str
    message: str
    values: Mapping[str, Any]
    began_at: datetime
    ended_at: datetime | None
    told_at: datetime | None = None
    end_told_at: datetime | None = None

    @property
    def parts(self) -> Mapping[str, Any]:
        """What is wrong, to be told in any language."""
        return {"message": self.message, "values": self.values}


COLUMNS = [alarms.c[each.name] for each in fields(Alarm)]


def ring(connection: Connection, cause: str, message: str, **values: Any) -> bool:
    """Trouble: whether it is new. What is known is told anew with its newest values, but rings no second time."""
    known = of_cause(connection, cause)
    told = {"message": message, "values": values}
    if known:
        connection.execute(update(alarms).where(alarms.c.id == known.id).values(told))
    else:
        connection.execute(insert(alarms).values({"cause": cause, "began_at": clock.now()} | told))
    return known is None


def calm(connection: Connection, cause: str) -> bool:
    """The trouble is over: whether there was any."""
    ended = update(alarms).where(alarms.c.cause == cause, alarms.c.ended_at.is_(None)).values(ended_at=clock.now())
    return connection.execute(ended).rowcount > 0


def of_cause(connection: Connection, cause: str) -> Alarm | None:
    """The alarm of a cause that lasts."""
    row = connection.execute(chosen().where(alarms.c.cause == cause)).first()
    return Alarm(**row._mapping) if row else None


def ringing(connection: Connection) -> list[Alarm]:
    """Every trouble that lasts, the oldest first."""
    return [Alarm(**row._mapping) for row in connection.execute(chosen().order_by(alarms.c.id))]


def several(connection: Connection, numbers: Collection[int]) -> list[Alarm]:
    wanted = select(*COLUMNS).where(alarms.c.id.in_(numbers)).order_by(alarms.c.id)
    return [Alarm(**row._mapping) for row in connection.execute(wanted)]


def untold(connection: Connection) -> tuple[list[Alarm], list[Alarm]]:
    """What nobody was written of: new troubles, and those that were told and are over now."""
    begun = alarms.c.told_at.is_(None) & alarms.c.ended_at.is_(None)
    ended = alarms.c.told_at.is_not(None) & alarms.c.ended_at.is_not(None) & alarms.c.end_told_at.is_(None)
    rows = connection.execute(select(*COLUMNS).where(begun | ended).order_by(alarms.c.id))
    found = [Alarm(**row._mapping) for row in rows]
    return [each for each in found if each.ended_at is None], [each for each in found if each.ended_at]


def note_told(connection: Connection, begun: Collection[Alarm], ended: Collection[Alarm]) -> None:
    """Letters were written of these."""
    for these, column in ((begun, "told_at"), (ended, "end_told_at")):
        same = alarms.c.id.in_([each.id for each in these])
        connection.execute(update(alarms).where(same).values({column: clock.now()}))


def chosen() -> Any:
    return select(*COLUMNS).where(alarms.c.ended_at.is_(None))
