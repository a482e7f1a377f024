"""When is a source crawled again?  Cron lines with a time zone; each due time fires once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from sqlalchemy import Connection, delete, insert, select, update

from indexer import clock, jobs
from indexer.blackouts import Blackout, end, of_source
from indexer.errors import KhotinError
from indexer.store.blackouts import resting
from indexer.store.tables import schedules, sources

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
# A line with a sixth part would name seconds: no site is to be crawled so often.
PARTS_OF_A_LINE = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one source is due."""

    id: int
    source_id: int
    cron: str
    time_zone: str
    enabled: bool
    next_due: datetime | None
    made_at: datetime


COLUMNS = [schedules.c[each.name] for each in fields(Schedule)]


def add(connection: Connection, source_id: int, cron: str, time_zone: str = DEFAULT_ZONE) -> int:
    """A new schedule. Raises KhotinError when the cron line or the zone is wrong."""
    due = next_times(cron, time_zone, clock.now(), 1)[0]
    row = {
        "source_id": source_id,
        "cron": cron,
        "time_zone": time_zone,
        "enabled": True,
        "next_due": due,
        "made_at": clock.now(),
    }
    key = connection.execute(insert(schedules).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def next_times(cron: str, time_zone: str, after: datetime, count: int) -> list[datetime]:
    """The next due times of a cron line, in UTC. Raises KhotinError that says what is wrong with it."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = "“%(zone)s” is no time zone. An example: Asia/Ho_Chi_Minh."
        raise KhotinError(message, zone=time_zone) from None
    try:
        if len(cron.split()) != PARTS_OF_A_LINE:
            raise CronSimError(cron)
        times = CronSim(cron, after.astimezone(zone))
        return [next(times).astimezone(UTC) for _ in range(count)]
    except (CronSimError, StopIteration):
        raise KhotinError(
            "“%(cron)s” is no cron line. It has five parts: minute, hour, day, month, weekday. "
            "An example: 0 2 * * 1 (Mondays at 02:00).",
            cron=cron,
        ) from None


def planned(
    cron: str, time_zone: str, blackouts: Sequence[Blackout], after: datetime, count: int
) -> list[tuple[datetime, datetime]]:
    """When rounds will begin, each with the time it was due: where that lies in hours without crawling, their end."""
    found: list[tuple[datetime, datetime]] = []
    while len(found) < count:
        due = next_times(cron, time_zone, after, 1)[0]
        begins = end(blackouts, due) or due
        found.append((begins, due))
        after = begins  # all that is due meanwhile is run once
    return found


def upcoming(schedule: Schedule, blackouts: Sequence[Blackout], count: int) -> list[tuple[datetime, datetime]]:
    """When the next rounds of a schedule will begin, and when they were due; none when it is off."""
    if schedule.next_due is None or not schedule.enabled:
        return []
    now, mine = clock.now(), of_source(blackouts, schedule.source_id)
    if schedule.next_due > now:
        return planned(schedule.cron, schedule.time_zone, mine, now, count)
    begins = end(mine, now) or now  # it is due already, and waits for the end of hours or for the worker
    return [(begins, schedule.next_due), *planned(schedule.cron, schedule.time_zone, mine, begins, count - 1)]


def fire(connection: Connection) -> list[int]:
    """Ask for a round of every schedule that is due; a time that was missed is run once. Returns the jobs.

    A source that rests is not asked for; when it goes on, what it missed is run once. In hours without crawling a
    schedule stays due until they end.
    """
    now = clock.now()
    asked = []
    paused = select(sources.c.id).where(sources.c.paused_at.is_not(None))
    due = (
        schedules.c.enabled
        & (schedules.c.next_due <= now)
        & schedules.c.source_id.not_in(paused)
        & schedules.c.source_id.not_in(resting(connection))
    )
    for schedule in [Schedule(**row._mapping) for row in connection.execute(select(*COLUMNS).where(due))]:
        job = jobs.ask(
            connection,
            "round",
            "schedule",
            source_id=schedule.source_id,
            schedule_id=schedule.id,
            due_at=schedule.next_due,
        )
        asked += [job] if job is not None else []
        change(connection, schedule.id, next_due=next_times(schedule.cron, schedule.time_zone, now, 1)[0])
    return asked


def bring_forward(connection: Connection) -> None:
    """After the clock was put back: what is due later than its next time is due then. Times that fired stay fired."""
    now = clock.now()
    for schedule in every(connection):
        if schedule.next_due and schedule.next_due > now:
            due = next_times(schedule.cron, schedule.time_zone, now, 1)[0]
            if due < schedule.next_due:
                change(connection, schedule.id, next_due=due)


def enable(connection: Connection, schedule_id: int, enabled: bool) -> None:
    """Switch a schedule on or off; switched on again it waits for its next time, not for those it missed."""
    schedule = get(connection, schedule_id)
    due = next_times(schedule.cron, schedule.time_zone, clock.now(), 1)[0] if enabled else None
    change(connection, schedule_id, enabled=enabled, next_due=due)


def change(connection: Connection, schedule_id: int, **values: Any) -> None:
    connection.execute(update(schedules).where(schedules.c.id == schedule_id).values(values))


def remove(connection: Connection, schedule_id: int) -> None:
    get(connection, schedule_id)
    connection.execute(delete(schedules).where(schedules.c.id == schedule_id))


def get(connection: Connection, schedule_id: int) -> Schedule:
    row = connection.execute(select(*COLUMNS).where(schedules.c.id == schedule_id)).first()
    if row is None:
        raise KhotinError(
            "There is no schedule %(number)s. `khotin schedule list` shows those there are.",
            number=schedule_id,
        )
    return Schedule(**row._mapping)


def every(connection: Connection, source_id: int | None = None) -> list[Schedule]:
    wanted = select(*COLUMNS).order_by(schedules.c.id)
    if source_id is not None:
        wanted = wanted.where(schedules.c.source_id == source_id)
    return [Schedule(**row._mapping) for row in connection.execute(wanted)]
