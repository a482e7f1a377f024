"""How did each reading of all records go?  A row for each: how far it came, and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from indexer import clock
from indexer.store.tables import fixity_checks as table


@dataclass(frozen=True, slots=True)
class Fixity:
    """One reading of all records; ``damaged`` holds file, offset, address and problem of each bad one."""

    id: int
    began_at: datetime
    ended_at: datetime | None
    last_capture: int
    records: int
    damaged: Sequence[Mapping[str, Any]]


COLUMNS = [table.c[each.name] for each in fields(Fixity)]


def begin(connection: Connection) -> Fixity:
    """The reading that was begun and not ended, else a new one."""
    found = newest(connection, ended=False)
    if found is None:
        connection.execute(insert(table).values(began_at=clock.now(), damaged=[]))
        found = newest(connection, ended=False)
    assert found is not None
    return found


def note(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(table).where(table.c.id == number).values(values))


def newest(connection: Connection, ended: bool) -> Fixity | None:
    wanted = table.c.ended_at.is_not(None) if ended else table.c.ended_at.is_(None)
    row = connection.execute(select(*COLUMNS).where(wanted).order_by(table.c.id.desc()).limit(1)).first()
    return Fixity(**row._mapping) if row else None
