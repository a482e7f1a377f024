"""Is a disk that fills up noticed in time, and what takes the room told truly?"""

import shutil
from pathlib import Path

import pytest

from indexer import alarms, disk
from indexer.store import Store


@pytest.mark.parametrize(
    ("total", "least"), [(252 * 1024**3, disk.LEAST_FREE), (10 * 1024**3, 1024**3), (64 * 1024**2, 6710886)]
)
def test_less_is_enough_on_a_small_disk(total: int, least: int) -> None:
    assert disk.least(total) == least


def test_it_rings_while_there_is_little_and_ends_when_there_is_room() -> None:
    total = 100 * 1024**3
    assert disk.is_low(disk.LEAST_FREE - 1, total, rang=False)
    assert not disk.is_low(disk.LEAST_FREE, total, rang=False)
    assert disk.is_low(disk.LEAST_FREE, total, rang=True), "a little more than the least is not yet room"
    assert not disk.is_low(2 * disk.LEAST_FREE, total, rang=True)


def test_an_alarm_ends_with_its_cause(store: Store) -> None:
    with store.write() as connection:
        alarms.ring(connection, "disk", "The disk is nearly full.")
    disk.watch(store)
    usage = shutil.disk_usage(store.home)
    with store.read() as connection:
        assert bool(alarms.ringing(connection)) is disk.is_low(usage.free, usage.total, rang=True)


def test_the_parts_of_an_archive_are_measured(store: Store) -> None:
    (store.warc / "a").mkdir(parents=True)
    (store.warc / "a" / "1.warc.gz").write_bytes(b"x" * 5000)
    (store.home / "khotin.toml").write_bytes(b"y" * 70)
    (Path(store.home) / "link").symlink_to("/usr")
    found = disk.room(store.home)
    assert found.parts["pages"] == 5000 and found.parts["index"] == 0
    assert found.parts["database"] >= 4096 and 70 <= found.parts["other"] < 1000
    assert found.archive == sum(found.parts.values()) and 0 < found.free < found.total
