"""How is the database itself?  What the doctor asks of it, and what figures tell of the whole archive."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, select, text

from indexer import clock
from indexer.store.captures import Capture
from indexer.store.tables import accounts, articles, captures, jobs, keepers, leases, rounds, schedules, sources

SLICE = 500
NEEDED = ("fsync", "full_page_writes", "synchronous_commit")
# Every moment that is written as "now" by whoever writes the row.
WRITTEN = (captures.c.fetched_at, rounds.c.started_at, jobs.c.made_at, articles.c.last_seen)


def complaints(connection: Connection, full: bool = False) -> list[str]:
    """What SQLite finds wrong with its own pages; with ``full`` it also compares tables with their indexes."""
    if connection.dialect.name == "postgresql":  # its pages are its server's; `khotin doctor` says what checks them
        return []
    pragma = "integrity_check" if full else "quick_check"
    return [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {pragma}(20)") if row[0] != "ok"]


def orphans(connection: Connection) -> list[tuple[str, str]]:
    """(table, parent) of rows that point to nothing; PostgreSQL never lets one in."""
    if connection.dialect.name == "postgresql":
        return []
    return [(str(row[0]), str(row[2])) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def careless(connection: Connection) -> list[str]:
    """The settings of a PostgreSQL server that let a power cut take what was committed."""
    asked = text("SELECT name FROM pg_settings WHERE setting = 'off' AND name IN :names")
    wanted = asked.bindparams(bindparam("names", NEEDED, expanding=True))
    return sorted(connection.execute(wanted).scalars())


def newest_written(connection: Connection) -> datetime | None:
    """The latest moment at which anything was written, as the clock had it then."""
    found = [connection.scalar(select(func.max(column))) for column in WRITTEN]
    return max((each for each in found if each), default=None)


class File(NamedTuple):
    """A WARC file as the database knows it: its end, how many records, and whether its round still goes on."""

    name: str
    end: int
    records: int
    is_open: bool


def files(connection: Connection) -> list[File]:
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    counted = select(captures.c.warc_file, end, func.count(), func.max(case((rounds.c.state == "running", 1), else_=0)))
    counted = counted.join(rounds, rounds.c.id == captures.c.round_id)
    rows = connection.execute(counted.group_by(captures.c.warc_file).order_by(captures.c.warc_file))
    return [File(name, int(until), int(count), bool(is_open)) for name, until, count, is_open in rows]


def sample(connection: Connection, newest: int, others: int) -> list[Capture]:
    """The newest captures, and as many others spread evenly over the numbers before them."""
    last = connection.scalar(select(func.max(captures.c.id))) or 0
    spread = {last * step // others for step in range(1, others)} if others else set()
    chosen = captures.c.id.in_(spread) | (captures.c.id > last - newest)
    return taken(connection, chosen, newest + others)


def captures_after(connection: Connection, number: int) -> list[Capture]:
    """The next captures by number, a slice of them."""
    return taken(connection, captures.c.id > number, SLICE)


def taken(connection: Connection, chosen: ColumnElement[bool], limit: int) -> list[Capture]:
    rows = connection.execute(select(captures).where(chosen).order_by(captures.c.id).limit(limit))
    return [Capture(**row._mapping) for row in rows]


def fetched_since(connection: Connection, moment: datetime) -> int:
    """How many bytes of WARC were written since then."""
    return connection.scalar(select(func.sum(captures.c.warc_length)).where(captures.c.fetched_at >= moment)) or 0


def workers(connection: Connection) -> list[datetime]:
    """Until when each worker that gave a sign of life of late is believed to be alive, the freshest first."""
    held = select(leases.c.until).where(leases.c.name.startswith("worker ", autoescape=True))
    return list(connection.execute(held.order_by(leases.c.until.desc())).scalars())


def alive(connection: Connection) -> bool:
    """Whether a worker is running, as far as its signs of life tell."""
    return any(until >= clock.now() for until in workers(connection))


def overdue(connection: Connection, patience: timedelta) -> list[tuple[str, datetime]]:
    """(source, due time) of schedules that should have been fired a while ago."""
    wanted = select(sources.c.name, schedules.c.next_due).join(sources, sources.c.id == schedules.c.source_id)
    late = schedules.c.next_due < clock.now() - patience
    return [(row.name, row.next_due) for row in connection.execute(wanted.where(schedules.c.enabled, late))]


def count_admins(connection: Connection) -> int:
    bound = accounts.c.id.in_(select(keepers.c.account_id))
    able = select(func.count()).where(accounts.c.role == "admin", accounts.c.disabled_at.is_(None), ~bound)
    return connection.scalar(able) or 0


def zones(connection: Connection) -> list[str]:
    """The time zones that schedules name."""
    return list(connection.execute(select(schedules.c.time_zone).distinct()).scalars())


def states_of_articles(connection: Connection) -> dict[str, int]:
    """How many articles there are: public, gone from their source, restricted, merged into others. Each is read from an
    index of its own; the rows, whose texts are long, are not touched."""
    marks = {"merged": articles.c.merged_into, "restricted": articles.c.restricted_at, "gone": articles.c.gone_at}
    counted, seen = {}, set[int]()
    for name, mark in marks.items():
        found = set(connection.execute(select(articles.c.id).where(mark.is_not(None))).scalars()) - seen
        counted[name] = len(found)
        seen |= found
    every = connection.scalar(select(func.count()).select_from(articles)) or 0
    return {"public": every - len(seen), **counted}


def count_captures(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(captures)) or 0


def states_of_jobs(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """(kind, state, how many) of all jobs that are remembered."""
    counted = select(jobs.c.kind, jobs.c.state, func.count()).group_by(jobs.c.kind, jobs.c.state)
    for kind, state, count in connection.execute(counted):
        yield kind, state, int(count)


def last_rounds(connection: Connection) -> list[tuple[str, str, datetime, float]]:
    """(source, state, when it ended, seconds) of the last round of each source that has ended."""
    newest = select(func.max(rounds.c.id)).where(rounds.c.finished_at.is_not(None)).group_by(rounds.c.source_id)
    wanted = select(sources.c.name, rounds.c.state, rounds.c.started_at, rounds.c.finished_at)
    wanted = wanted.join(sources, sources.c.id == rounds.c.source_id).where(rounds.c.id.in_(newest))
    rows = connection.execute(wanted.where(sources.c.removed_at.is_(None)).order_by(sources.c.name))
    return [(row[0], row[1], row[3], (row[3] - row[2]).total_seconds()) for row in rows]
