"""What does the archive do for itself at night?  It forgets old logs, copies itself, looks itself over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from indexer import alarms, backup, clock, doctor, fixity, forget, jobs, leases
from indexer import settings as settings_of
from indexer.engine.open import engine_of
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store, health
from indexer.store.warc import join

# Beside rounds and short jobs: what reads much and hurries not. One at a time, so that no letter waits for it.
LANE = "upkeep"
NIGHT = range(1, 5)  # hours of the day in which few search
# A machine that is off at night does its work by day, before it is two days late.
LATE = timedelta(hours=36)

IsWanted = Callable[[Connection, Settings], bool]


class Chore(NamedTuple):
    """A kind of job that is asked for every night on which it is wanted."""

    kind: str
    is_wanted: IsWanted


CHORES = (
    Chore("forget", lambda connection, settings: True),
    Chore("backup", lambda connection, settings: bool(settings.backup_folder)),
    Chore("fixity", lambda connection, settings: fixity.is_due(connection)),
    Chore("doctor", lambda connection, settings: True),
)


def ask_when_due(store: Store) -> None:
    """Ask for what tonight's work is, unless it was done tonight."""
    with store.read() as connection:
        due = [chore for chore in CHORES if is_time(clock.now(), jobs.last_asked(connection, chore.kind))]
        wanted = due and needed(connection, store.home, due)
    if wanted:
        with store.write() as connection:
            for chore in wanted:
                jobs.ask_once(connection, chore.kind, "worker", LANE)


def needed(connection: Connection, home: Path, due: list[Chore]) -> list[Chore]:
    """Those that there is something to do for. Settings that cannot be read keep nobody from the rest."""
    try:
        settings = settings_of.load(home)
    except KhotinError:
        settings = Settings(home=home)
    return [chore for chore in due if chore.is_wanted(connection, settings)]


def is_time(now: datetime, last: datetime | None) -> bool:
    """At night, once; by day only what is late."""
    here = now.astimezone(clock.VIETNAM)
    if last is None or now - last > LATE:
        return last is not None or here.hour in NIGHT
    return here.hour in NIGHT and clock.local_day(last) != here.date()


# What the worker does when it comes to a chore


def look_over(store: Store) -> dict[str, Any]:
    """The doctor's findings, for the page; what is broken rings, and so does a disk that will be full some day (that it
    is nearly full now is watched by indexer/disk.py)."""
    found = doctor.examine(store.home)
    broken = sum(each.finding.verdict == "broken" for each in found)
    full = next((each.finding for each in found if each.name == "Disk space" and each.finding.verdict != "fine"), None)
    with store.write() as connection:
        if broken:
            message = "The nightly examination found %(count)s things broken. The page Upkeep says what to do."
            alarms.ring(connection, "doctor", message, count=broken)
        else:
            alarms.calm(connection, "doctor")
        if full:
            alarms.ring(
                connection, "disk-filling", full.message, **{name: str(each) for name, each in full.values.items()}
            )
        else:
            alarms.calm(connection, "disk-filling")
    return doctor.kept(found)


def copy_away(store: Store) -> dict[str, Any]:
    """Tonight's backup; rings when it cannot be made."""
    settings = settings_of.load(store.home)
    if not settings.backup_folder:
        return {}
    try:
        target, manifest = backup.make_nightly(store, Path(settings.backup_folder), settings.backups_kept)
    except KhotinError as problem:
        with store.write() as connection:
            alarms.ring(connection, "backup", problem.message, **{k: str(v) for k, v in problem.values.items()})
        raise
    with store.write() as connection:
        alarms.calm(connection, "backup")
    return {"file": str(target), "bytes": target.stat().st_size, "records": manifest.captures}


def read_all(store: Store, must_end: Callable[[], bool], tell: Callable[[int], None]) -> dict[str, Any]:
    """The monthly check, from where it stopped."""
    found = fixity.run(store, engine_of(store), must_end, tell)
    return {"records": found.records, "damaged": len(found.damaged), "ended": found.ended_at is not None}


def forget_old(store: Store) -> dict[str, Any]:
    join_ended(store)
    return forget.forget(store, settings_of.load(store.home))


def join_ended(store: Store) -> None:
    """What killed rounds left in parts, in a store of objects, becomes whole; unless files are being written anew."""
    if isinstance(store.warc, Path):
        return
    with store.read() as connection:
        ended = [each.name for each in health.files(connection) if not each.is_open]
    for name in ended:
        with leases.held(store, ["destroy"]) as taken:
            if taken:
                return
            if (store.warc / name).parts():
                join(store.warc / name)
