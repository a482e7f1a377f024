"""How does every row of an archive get into another database, and how is that proved?

All in one transaction there: what is cut off anywhere has written nothing, and is begun anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from indexer.errors import KhotinError
from indexer.store import tables

BATCH = 200
NUL, IN_ITS_PLACE = "\x00", "\ufffd"  # PostgreSQL's texts cannot hold it; see indexer/store/postgres.py

Tell = Callable[[int], None]


class Copied(NamedTuple):
    """One table: how many rows it has, and the digest of all they hold, on both sides."""

    table: str
    rows: int
    digest: str


def copy(source: Connection, target: Connection, tell: Tell = lambda rows: None) -> list[Copied]:
    """Copy all rows and compare every table; ``tell`` is told how many rows are there.

    Raises KhotinError for a database that is not empty, and when anything differs: then nothing is to be kept.
    """
    for each in (source, target):
        if each.dialect.name == "postgresql":  # one waits while the other is read, and neither has frozen
            each.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    refuse_full(target)
    target.execute(delete(tables.archive))
    done = list[Copied]()
    for table in copies():
        found = copied(source, target, table, lambda rows: tell(sum(each.rows for each in done) + rows))
        if told(target, table) != found:
            raise KhotinError("The copy of table %(table)s differs. Nothing was kept of it.", table=table.name)
        done.append(found)
    set_counters(target, counters(source))
    return done


def refuse_full(target: Connection) -> None:
    """An archive in which nothing was done yet, as a copy that was cut off leaves it, is empty."""
    for table in copies():
        if table.name != "archive" and target.execute(select(literal(1)).select_from(table).limit(1)).first():
            raise KhotinError(
                "There is an archive already where the copy should go. Name an empty folder or database: "
                "nothing is ever copied over an archive."
            )


def clear(target: Connection) -> None:
    """Take out every row: another archive takes this one's place in the same transaction."""
    for table in reversed(copies()):
        own = [each for each in table.columns if any(key.column.table is table for key in each.foreign_keys)]
        if own:
            target.execute(update(table).values({each.name: None for each in own}))
        target.execute(delete(table))


@cache
def copies() -> tuple[Table, ...]:
    """All tables, those first to which others point; JSON in them tells nothing apart from `null`."""
    beside = MetaData()
    for table in tables.metadata.sorted_tables:
        copied = table.to_metadata(beside)
        for column in in_json(copied):
            column.type = JSON(none_as_null=True)
    return tuple(beside.sorted_tables)


def in_json(table: Table) -> list[Column[Any]]:
    return [each for each in table.columns if isinstance(each.type, JSON)]


def copied(source: Connection, target: Connection, table: Table, tell: Tell) -> Copied:
    """Copy one table. Rows that point to rows of the same table do so when all are there."""
    digest, count, pointing = hashlib.sha256(), 0, list[dict[str, Any]]()
    own = [each for each in table.columns if any(key.column.table is table for key in each.foreign_keys)]
    for part in rows(source, table):
        for row in part:
            digest.update(line(row))
            if any(row[each.name] is not None for each in own):
                keys = {f"of {key.name}": row[key.name] for key in table.primary_key}
                pointing.append(keys | {each.name: row[each.name] for each in own})
        target.execute(insert(table), [written(table, row, own) for row in part])
        count += len(part)
        tell(count)
    if pointing:
        same = [key == bindparam(f"of {key.name}", type_=key.type) for key in table.primary_key]
        target.execute(update(table).where(*same), pointing)
    return Copied(table.name, count, digest.hexdigest())


def written(table: Table, row: dict[str, Any], later: list[Column[Any]]) -> dict[str, Any]:
    """A row as it is inserted."""
    values = {each.name: row[each.name] for each in table.columns}
    for each in in_json(table):
        if values[each.name] is None and not row.get(is_nothing(each)):
            values[each.name] = JSON.NULL
    return values | {each.name: None for each in later}


def rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """All rows in the order of their keys, some at a time; of JSON also whether there is none at all."""
    nothing = [each.is_(None).label(is_nothing(each)) for each in in_json(table) if each.nullable]
    wanted = select(*table.columns, *nothing).order_by(*table.primary_key)
    for part in connection.execute(wanted.execution_options(yield_per=BATCH)).partitions():
        yield [dict(row._mapping) for row in part]


def is_nothing(column: Column[Any]) -> str:
    return f"{column.name} is nothing"


def told(connection: Connection, table: Table) -> Copied:
    """What a table holds."""
    digest, count = hashlib.sha256(), 0
    for part in rows(connection, table):
        for row in part:
            digest.update(line(row))
        count += len(part)
    return Copied(table.name, count, digest.hexdigest())


def line(row: dict[str, Any]) -> bytes:
    """A row as both databases tell it."""
    return json.dumps(list(row.values()), ensure_ascii=True, default=plain).replace("\\u0000", "\\ufffd").encode()


def plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return hashlib.sha256(value).hexdigest()


# Numbers that were given out are never given again, also when their rows are gone.


def counters(connection: Connection) -> dict[str, int]:
    """The highest number that each table gave out, where the database remembers it."""
    if connection.dialect.name == "sqlite":
        if not connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'")):
            return {}
        return {name: int(last) for name, last in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    found = {}
    for table, sequence in sequences(connection):
        last, is_called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
        found[table.name] = int(last) if is_called else 0
    return {name: last for name, last in found.items() if last}


def sequences(connection: Connection) -> Iterator[tuple[Table, str]]:
    """The tables that count by themselves on PostgreSQL, and what counts for them."""
    for table in copies():
        key = table.autoincrement_column
        if key is not None:
            asked = text("SELECT pg_get_serial_sequence(:table, :key)")
            sequence = connection.scalar(asked, {"table": table.name, "key": key.name})
            if sequence:
                yield table, str(sequence)


def set_counters(connection: Connection, last: dict[str, int]) -> None:
    if connection.dialect.name == "sqlite":
        for table in copies():
            if table.dialect_options["sqlite"]["autoincrement"] and last.get(table.name):
                connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
                values = {"name": table.name, "last": last[table.name]}
                connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)
        return
    for table, sequence in sequences(connection):
        key = table.autoincrement_column
        highest = max(connection.scalar(select(func.max(key))) or 0, last.get(table.name, 0))
        if highest:
            connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})
