"""Which rows are too old to keep?  Each function deletes some of one kind and says how many."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select

from indexer.store import tables

Drop = Callable[[Connection, datetime, int], int]
ENDED = ("done", "failed", "cancelled", "interrupted", "joined")


def some_of(connection: Connection, table: Table, old: ColumnElement[bool], rows: int) -> int:
    chosen = select(table.c.id).where(old).order_by(table.c.id).limit(rows)
    return connection.execute(delete(table).where(table.c.id.in_(chosen))).rowcount


def job_lines(connection: Connection, before: datetime, rows: int) -> int:
    return some_of(connection, tables.job_lines, tables.job_lines.c.at < before, rows)


def jobs(connection: Connection, before: datetime, rows: int) -> int:
    """Ended ones, with their lines; never the newest of a kind and source, by which one tells what was done last."""
    table, other = tables.jobs, tables.jobs.alias()
    newest = select(func.max(other.c.id)).group_by(other.c.kind, other.c.source_id)
    joined_to = select(other.c.joined_to).where(other.c.joined_to.is_not(None))
    old = table.c.state.in_(ENDED) & (table.c.finished_at < before)
    old &= table.c.id.not_in(newest) & table.c.id.not_in(joined_to)
    chosen = list(connection.execute(select(table.c.id).where(old).order_by(table.c.id).limit(rows)).scalars())
    connection.execute(delete(tables.job_lines).where(tables.job_lines.c.job_id.in_(chosen)))
    return connection.execute(delete(table).where(table.c.id.in_(chosen))).rowcount


def failed_sign_ins(connection: Connection, before: datetime, rows: int) -> int:
    return some_of(connection, tables.failed_sign_ins, tables.failed_sign_ins.c.at < before, rows)


def letters(connection: Connection, before: datetime, rows: int) -> int:
    return some_of(connection, tables.letters, tables.letters.c.made_at < before, rows)


def knocks(connection: Connection, before: datetime, rows: int) -> int:
    return some_of(connection, tables.knocks, tables.knocks.c.at < before, rows)
