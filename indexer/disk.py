"""How much room is there, and what takes it?  An alarm rings while the archive can still write it down."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from indexer import alarms
from indexer.store import Store
from indexer.store.database import FILE_NAME

MIB = 1024 * 1024
# An index is rebuilt beside the old one, and a night's round may bring some hundred megabytes of files.
LEAST_FREE = 2000 * MIB
LEAST_SHARE = 0.1  # on a small disk so much of it is enough
CALM = 1.5  # times as much must be free before an alarm ends, so that it does not ring at every file


class Room(NamedTuple):
    """The disk that holds the archive, in bytes; and what of it is the archive's."""

    free: int
    total: int
    parts: dict[str, int]

    @property
    def archive(self) -> int:
        return sum(self.parts.values())


def least(total: int) -> int:
    """With less than this a disk is nearly full."""
    return min(LEAST_FREE, int(total * LEAST_SHARE))


def watch(store: Store) -> None:
    """Ring when the disk is nearly full, and calm when there is room again."""
    usage = shutil.disk_usage(store.home)
    with store.read() as connection:
        rang = alarms.of_cause(connection, "disk") is not None
    rings = is_low(usage.free, usage.total, rang)
    if rings:
        with store.write() as connection:
            message = "The disk is nearly full: %(free)s MiB are free. Make room, or crawls will stop."
            alarms.ring(connection, "disk", message, free=usage.free // MIB)
    elif rang:
        with store.write() as connection:
            alarms.calm(connection, "disk")


def is_low(free: int, total: int, rang: bool) -> bool:
    """Whether so little is free that an admin should know, or still is since he was told (pure)."""
    return free < least(total) * (CALM if rang else 1)


def room(home: Path) -> Room:
    """What is free, and the size of each part of the archive; some thousand files take some hundredths of a second."""
    usage = shutil.disk_usage(home)
    parts = {"pages": size(home / "warc"), "index": size(home / "index")}
    parts["database"] = sum(size_of(each) for each in home.glob(f"{FILE_NAME}*"))
    parts["other"] = max(0, size(home) - sum(parts.values()))
    return Room(usage.free, usage.total, parts)


def size(folder: Path) -> int:
    return sum(files(str(folder)))


def files(folder: str) -> Iterator[int]:
    """The sizes of all files of a folder; those that vanish meanwhile are left out."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for each in entries:
        if each.is_dir(follow_symlinks=False):
            yield from files(each.path)
        else:
            yield size_of(each.path)


def size_of(file: str | Path) -> int:
    try:
        return Path(file).lstat().st_size
    except OSError:
        return 0
