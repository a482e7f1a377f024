"""Which hours in which nothing is crawled were set?"""

from dataclasses import fields

from sqlalchemy import Connection, delete, insert, select

from indexer import clock
from indexer.blackouts import DAYS, MINUTES_OF_A_DAY, Blackout, end, is_endless, of_source
from indexer.errors import KhotinError
from indexer.store import sources
from indexer.store.tables import blackouts

COLUMNS = [blackouts.c[each.name] for each in fields(Blackout)]


def add(connection: Connection, source_id: int | None, days: str, begins: int, ends: int) -> int:
    """New hours. Raises KhotinError when they are none, or leave no time for crawling."""
    if not days or not set(days) <= set(DAYS):
        raise KhotinError("Choose at least one day of the week.")
    if not 0 <= begins < MINUTES_OF_A_DAY or not 0 <= ends < MINUTES_OF_A_DAY:
        raise KhotinError("Write the hour as 07:30.")
    row = {"source_id": source_id, "days": days, "begins": begins, "ends": ends}
    further = [*every(connection), Blackout(0, **row)]  # type: ignore[arg-type]
    concerned = [each.id for each in sources.every(connection)] if source_id is None else [source_id]
    if any(is_endless(of_source(further, each), clock.now()) for each in (None, *concerned)):
        raise KhotinError("These hours leave no time at all for crawling. Leave some of the week free.")
    key = connection.execute(insert(blackouts).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def remove(connection: Connection, number: int) -> Blackout | None:
    """They hold no more; what they were."""
    found = next((each for each in every(connection) if each.id == number), None)
    connection.execute(delete(blackouts).where(blackouts.c.id == number))
    return found


def every(connection: Connection) -> list[Blackout]:
    rows = connection.execute(select(*COLUMNS).order_by(blackouts.c.source_id.nulls_first(), blackouts.c.id))
    return [Blackout(**row._mapping) for row in rows]


def resting(connection: Connection) -> set[int]:
    """The sources that are left in peace now."""
    found = every(connection)
    if not found:
        return set()
    return {each for each in sources.names(connection) if end(of_source(found, each), clock.now())}
