"""Are sites left in peace in the hours that were set, and is what falls due in them run once when they end?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from indexer import clock, jobs, schedules
from indexer.blackouts import Blackout, end
from indexer.errors import KhotinError
from indexer.store import Store, blackouts, rounds, sources

SetClock = Callable[[datetime], None]
OFFICE = Blackout(1, None, "12345", 7 * 60 + 30, 17 * 60)
NIGHT = Blackout(2, None, "1234567", 22 * 60, 6 * 60)
EVENING = Blackout(3, None, "1", 17 * 60, 19 * 60)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the first week of 2026, in Vietnam; the 5th is a Monday."""
    return datetime(2026, 1, day, hour, minute, tzinfo=clock.VIETNAM)


@pytest.mark.parametrize(
    ("these", "moment", "until"),
    [
        ([OFFICE], at(5, 7, 29), None),
        ([OFFICE], at(5, 7, 30), at(5, 17)),
        ([OFFICE], at(5, 16, 59), at(5, 17)),
        ([OFFICE], at(5, 17), None),
        ([OFFICE], at(10, 9), None),  # a Saturday
        ([NIGHT], at(5, 23), at(6, 6)),
        ([NIGHT], at(6, 5, 59), at(6, 6)),
        ([NIGHT], at(6, 6), None),
        ([OFFICE, EVENING], at(5, 8), at(5, 19)),  # one after the other is one
        ([Blackout(1, None, "1", 0, 0)], at(5, 9), at(6, 0)),  # a whole day
        ([], at(5, 9), None),
    ],
)
def test_hours_end_when_they_say(these: list[Blackout], moment: datetime, until: datetime | None) -> None:
    assert end(these, moment) == until
    assert end(these, moment.astimezone(UTC)) == until


def test_due_times_in_such_hours_are_one_at_their_end() -> None:
    begins = schedules.planned("0 * * * 1", schedules.DEFAULT_ZONE, [OFFICE], at(5, 6, 30), 3)
    assert begins == [(at(5, 7), at(5, 7)), (at(5, 17), at(5, 8)), (at(5, 18), at(5, 18))]


@pytest.fixture
def source_id(store: Store, set_clock: SetClock) -> int:
    set_clock(at(5, 6))
    with store.write() as connection:
        found = sources.add(connection, "soxd", "http://soxd.replica.test/").id
        sources.add(connection, "soct", "http://soct.replica.test/")
        blackouts.add(connection, found, "12345", 7 * 60, 17 * 60)
    return found


def fire(store: Store) -> list[int]:
    with store.write() as connection:
        return schedules.fire(connection)


def test_a_due_time_in_them_is_run_once_when_they_end(store: Store, source_id: int, set_clock: SetClock) -> None:
    with store.write() as connection:
        number = schedules.add(connection, source_id, "0 8,9 * * *")
    for hour in (8, 9, 16):
        set_clock(at(5, hour))
        assert fire(store) == []
    with store.read() as connection:
        schedule = schedules.get(connection, number)
        told = schedules.upcoming(schedule, blackouts.every(connection), 2)
    assert told == [(at(5, 17), at(5, 8)), (at(6, 17), at(6, 8))]
    set_clock(at(5, 17))
    assert len(fire(store)) == 1 and fire(store) == []
    with store.read() as connection:
        assert schedules.get(connection, number).next_due == at(6, 8)


def test_no_round_begins_in_them_and_other_sources_are_crawled(
    store: Store, source_id: int, set_clock: SetClock
) -> None:
    set_clock(at(5, 8))
    with store.write() as connection:
        first = jobs.ask(connection, "round", "lan", source_id=source_id)
        second = jobs.ask(connection, "round", "lan", source_id=source_id + 1)
        resting = blackouts.resting(connection)
        claimed = jobs.claim(connection, "round", "w", resting)
        assert resting == {source_id} and claimed and claimed.id == second
        assert jobs.claim(connection, "round", "w", resting) is None
    set_clock(at(5, 17))
    with store.write() as connection:
        later = jobs.claim(connection, "round", "w", blackouts.resting(connection))
    assert later and later.id == first


@pytest.mark.parametrize(
    ("days", "begins", "ends", "told"),
    [
        ("", 0, 60, "at least one day"),
        ("8", 0, 60, "at least one day"),
        ("1", 0, 24 * 60, "Write the hour"),
        ("1234567", 0, 0, "leave no time at all"),
        ("1234567", 17 * 60, 7 * 60, "leave no time at all"),  # with those of working days
    ],
)
def test_hours_that_are_none_or_leave_no_time_are_refused(
    store: Store, source_id: int, days: str, begins: int, ends: int, told: str
) -> None:
    with store.write() as connection:
        blackouts.add(connection, source_id, "67", 7 * 60, 17 * 60)
    with store.write() as connection, pytest.raises(KhotinError, match=told):
        blackouts.add(connection, source_id, days, begins, ends)


def test_a_round_that_pauses_day_after_day_is_one_round(store: Store, source_id: int, set_clock: SetClock) -> None:
    with store.write() as connection:
        first = rounds.begin(connection, source_id).id
        rounds.close(connection, first, "cancelled", {})
    set_clock(at(8, 17))
    with store.write() as connection:
        assert rounds.begin(connection, source_id, within=rounds.GO_ON_WITHIN).id == first
        assert rounds.begin(connection, source_id).id != first


def test_a_paused_job_goes_on_with_its_arguments(store: Store, source_id: int) -> None:
    with store.write() as connection:
        jobs.ask(connection, "round", "lan", source_id=source_id, arguments={"full": True, "resumes": 2})
        job = jobs.claim(connection, "round", "w")
        assert job
        jobs.pause(connection, job, {"fetched": 3})
        before, (again,) = jobs.get(connection, job.id), jobs.unfinished(connection)
        assert jobs.following(connection, job) == again
    assert before and (before.state, before.report) == ("interrupted", {"fetched": 3, "paused": True})
    assert again.arguments == {"full": True, "goes_on": True}
    assert again.made_at - job.made_at < timedelta(minutes=1)
