"""Does a schedule fire when it is due, and once?"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from indexer import jobs, presets, schedules
from indexer.errors import KhotinError
from indexer.store import Store, open_store, sources

MONDAY = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # ten o'clock in Vietnam
SetClock = Callable[[datetime], None]


@pytest.fixture
def source_id(store: Store) -> int:
    with store.write() as connection:
        return sources.add(connection, "soxd", "http://soxd.replica.test/").id


def add(store: Store, source_id: int, cron: str = "0 2 * * *") -> int:
    with store.write() as connection:
        return schedules.add(connection, source_id, cron)


def fire(store: Store) -> list[int]:
    with store.write() as connection:
        return schedules.fire(connection)


def next_due(store: Store, number: int) -> datetime | None:
    with store.read() as connection:
        return schedules.get(connection, number).next_due


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("daily", ["05T19:00", "06T19:00"]),
        ("weekdays", ["05T19:00", "06T19:00"]),
        ("weekly", ["11T19:00", "18T19:00"]),
        ("monthly", ["31T19:00", "28T19:00"]),
        ("every six hours", ["05T07:00", "05T13:00"]),
    ],
)
def test_a_preset_is_due_at_vietnams_hours(name: str, times: list[str]) -> None:
    found = schedules.next_times(presets.line(name), schedules.DEFAULT_ZONE, MONDAY, 2)
    assert [each.strftime("%dT%H:%M") for each in found] == times


@pytest.mark.parametrize(
    "cron", ["", "daily", "0 2 * *", "61 * * * *", "0 2 31 2 *", "0 2 * * 9", "* * * * * * *", "0 0 2 * * 1", "ngày"]
)
def test_a_bad_cron_line_is_refused_with_a_sentence_that_shows_how(cron: str) -> None:
    with pytest.raises(KhotinError) as refused:
        schedules.next_times(cron, schedules.DEFAULT_ZONE, MONDAY, 5)
    assert f"“{cron}” is no cron line" in str(refused.value) and "0 2 * * 1" in str(refused.value)


@pytest.mark.parametrize("zone", ["Hanoi", "", "../etc/passwd", "Asia/"])
def test_an_unknown_time_zone_is_refused_with_a_sentence(zone: str) -> None:
    with pytest.raises(KhotinError, match="is no time zone"):
        schedules.next_times("0 2 * * *", zone, MONDAY, 1)


def test_nothing_is_due_before_its_time(store: Store, source_id: int, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    add(store, source_id)
    set_clock(datetime(2026, 1, 5, 18, 59, tzinfo=UTC))
    assert fire(store) == []


def test_a_due_time_fires_once(store: Store, source_id: int, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    number = add(store, source_id)
    due = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
    set_clock(due)
    (made,) = fire(store)
    assert fire(store) == []
    with store.read() as connection:
        job = jobs.get(connection, made)
    assert job and (job.kind, job.source_id, job.schedule_id, job.due_at) == ("round", source_id, number, due)
    assert next_due(store, number) == datetime(2026, 1, 6, 19, 0, tzinfo=UTC)


def test_several_workers_fire_a_due_time_once(store: Store, source_id: int, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    add(store, source_id)
    set_clock(datetime(2026, 1, 5, 19, 0, tzinfo=UTC))
    made: list[int] = []

    def look() -> None:
        mine = open_store(store.home)
        made.extend(fire(mine))
        mine.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 1


def test_missed_times_are_made_up_for_once(store: Store, source_id: int, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    number = add(store, source_id)
    set_clock(datetime(2026, 1, 20, 12, 0, tzinfo=UTC))
    assert len(fire(store)) == 1
    assert fire(store) == []
    assert next_due(store, number) == datetime(2026, 1, 20, 19, 0, tzinfo=UTC)


def test_a_schedule_that_was_off_does_not_make_up_for_what_it_missed(
    store: Store, source_id: int, set_clock: SetClock
) -> None:
    set_clock(MONDAY)
    number = add(store, source_id)
    with store.write() as connection:
        schedules.enable(connection, number, False)
    assert next_due(store, number) is None
    set_clock(datetime(2026, 1, 20, 12, 0, tzinfo=UTC))
    assert fire(store) == []
    with store.write() as connection:
        schedules.enable(connection, number, True)
    assert fire(store) == []
    assert next_due(store, number) == datetime(2026, 1, 20, 19, 0, tzinfo=UTC)


def test_a_removed_source_is_due_no_more(store: Store, source_id: int, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    add(store, source_id)
    with store.write() as connection:
        sources.remove(connection, source_id)
    set_clock(datetime(2026, 1, 20, 12, 0, tzinfo=UTC))
    assert fire(store) == []


def test_a_schedule_that_is_not_there_is_told_plainly(store: Store) -> None:
    with store.write() as connection, pytest.raises(KhotinError, match="There is no schedule 7"):
        schedules.remove(connection, 7)


def test_a_clock_that_was_wrong_for_a_while_neither_silences_a_schedule_nor_fires_it_again(
    store: Store, source_id: int, set_clock: SetClock
) -> None:
    set_clock(MONDAY)
    number = add(store, source_id)
    fired = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
    set_clock(fired)
    assert len(fire(store)) == 1
    set_clock(fired + timedelta(days=31))
    assert len(fire(store)) == 1
    set_clock(fired - timedelta(days=1))
    with store.write() as connection:
        schedules.bring_forward(connection)
    assert next_due(store, number) == datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
    set_clock(fired)
    assert fire(store) == [], "this time has fired already"
    set_clock(fired + timedelta(days=1))
    assert fire(store) == [], "and so has this one, while the clock was wrong"
    set_clock(fired + timedelta(days=2))
    assert len(fire(store)) == 1
