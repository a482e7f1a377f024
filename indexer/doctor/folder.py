"""Is the data folder usable, clean, and large enough?"""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from indexer import clock
from indexer.disk import size
from indexer.doctor.finding import Case, Finding, broken, fine, look
from indexer.signed import KEY_FILE
from indexer.store import health

# What a process leaves behind only when it was killed; younger ones may still be written.
LEFT_BEHIND = (".restoring", ".secret.key.*", "*.part", "warc/*.part", "warc/*.new", "index/aside-*", "*.new")
OLD_SECONDS = 24 * 3600
# Below this SQLite and the index cannot finish what they began; below the other there is time to do something.
LEAST_FREE, LITTLE_FREE = 500_000_000, 5_000_000_000
FEW_DAYS = 90
GROWTH = timedelta(days=30)


def rights(case: Case) -> Iterator[Finding]:
    """May we read and write everything, and others not our secrets?"""
    if not case.home.is_dir():
        yield broken("There is no folder %(folder)s.", "Name the right one with --home.", folder=case.home)
        return
    advice = "Give the folder to the user that runs Khotin: chown -R USER %(folder)s"
    shut = [each for each in essential(case.home) if not os.access(each, os.R_OK | os.W_OK)]
    if shut:
        yield broken("%(file)s cannot be read and written.", advice, file=shut[0], folder=case.home)
    owners = {each.stat().st_uid for each in essential(case.home)}
    if len(owners) > 1:
        yield look("The files in %(folder)s belong to different users.", advice, folder=case.home)
    key = case.home / KEY_FILE
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        sentence = "Other users of this machine can read %(file)s, which signs sessions and links."
        yield broken(sentence, "Run: chmod 600 %(file)s", file=key)
    if not shut and len(owners) == 1:
        yield fine("%(folder)s can be read and written.", folder=case.home)


def essential(home: Path) -> list[Path]:
    found = (home, *home.glob("khotin.db*"), *home.glob("*.key"), home / "warc", *home.glob("warc/*"), home / "index")
    return [each for each in found if each.exists()]


def leftovers(case: Case) -> Iterator[Finding]:
    """What killed processes left behind."""
    before = clock.now().timestamp() - OLD_SECONDS
    found = [each for pattern in LEFT_BEHIND for each in case.home.glob(pattern) if each.stat().st_mtime < before]
    if found:
        sentence = "%(count)s unfinished files were left behind, among them %(file)s."
        yield look(sentence, "Nothing needs them; they can be deleted.", count=len(found), file=found[0])
    else:
        yield fine("Nothing unfinished was left behind.")


def space(case: Case) -> Iterator[Finding]:
    """How much room is left, and for how long."""
    free = shutil.disk_usage(case.home).free
    values = {"free": gigabytes(free), "folder": case.home}
    growth = daily_growth(case)
    days = int(free / growth) if growth else None
    advice = "Free space on that disk, or move the data folder to a larger one."
    if free < LEAST_FREE:
        yield broken("Only %(free)s GB are free on the disk of %(folder)s.", advice, **values)
    elif days is not None and days < FEW_DAYS:
        sentence = "%(free)s GB are free; as the archive grew of late they last about %(days)s days."
        yield look(sentence, advice, days=days, **values)
    elif free < LITTLE_FREE:
        yield look("Only %(free)s GB are free on the disk of %(folder)s.", advice, **values)
    elif days is not None:
        sentence = "%(free)s GB are free; as the archive grew of late they last about %(days)s days."
        yield fine(sentence, days=days, **values)
    else:
        yield fine("%(free)s GB are free; the archive did not grow of late.", **values)


def daily_growth(case: Case) -> float:
    """Bytes a day: what was fetched in the last month, and as much beside it as all else has beside all pages."""
    if case.store is None:
        return 0.0
    with case.store.read() as connection:
        fetched = health.fetched_since(connection, clock.now() - GROWTH)
        pages = sum(each.end for each in health.files(connection))
    share = size(case.home) / pages if pages else 1.0
    return fetched / GROWTH.days * share


def gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f}"
