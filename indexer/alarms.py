"""What should an admin know of until it is over?  One alarm for each cause, however often the cause is met."""

from collections.abc import Mapping
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


def chosen() -> Any:
    return select(*COLUMNS).where(alarms.c.ended_at.is_(None))
