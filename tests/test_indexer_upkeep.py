"""Does the night's work come once a night, forget only what is old, and ring when a backup fails?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from indexer import accounts, alarms, clock, fixity, forget, jobs, upkeep
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store, letters
from indexer.store.tables import failed_sign_ins, job_lines
from indexer.store.tables import jobs as job_table
from tests.conftest import Archive
from tests.kept_pages import filled, records, scratch

SetClock = Callable[[datetime], None]
NIGHT = datetime(2026, 1, 5, 19, 30, tzinfo=UTC)  # half past two in Vietnam, on the 6th


def asked(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(job.kind for job in jobs.unfinished(connection))


def done(store: Store) -> None:
    with store.write() as connection:
        for job in jobs.unfinished(connection):
            jobs.finish(connection, job.id, "done", {})


def test_the_night_s_work_is_asked_for_once_a_night(archive: Archive, set_clock: SetClock) -> None:
    filled(archive)
    set_clock(NIGHT - timedelta(hours=4))
    upkeep.ask_when_due(archive.store)
    assert asked(archive.store) == []
    set_clock(NIGHT)
    for _ in range(3):
        upkeep.ask_when_due(archive.store)
    assert asked(archive.store) == ["doctor", "fixity", "forget"]
    done(archive.store)
    fixity.run(archive.store, archive.engine)
    upkeep.ask_when_due(archive.store)
    assert asked(archive.store) == []
    set_clock(NIGHT + timedelta(days=1))
    (archive.store.home / "khotin.toml").write_text('backup_folder = "/mnt"')
    upkeep.ask_when_due(archive.store)
    assert asked(archive.store) == ["backup", "doctor", "forget"]


def test_a_machine_that_is_off_at_night_works_by_day(set_clock: SetClock) -> None:
    day = NIGHT + timedelta(hours=6)
    assert not upkeep.is_time(day, NIGHT - timedelta(hours=12))
    assert upkeep.is_time(day, NIGHT - timedelta(days=2))
    assert not upkeep.is_time(day, None)


def test_settings_that_cannot_be_read_keep_nobody_from_the_rest(archive: Archive, set_clock: SetClock) -> None:
    set_clock(NIGHT)
    (archive.store.home / "khotin.toml").write_text("colour = 1")
    upkeep.ask_when_due(archive.store)
    assert asked(archive.store) == ["doctor", "fixity", "forget"]


def test_a_backup_that_fails_rings_until_one_is_made(archive: Archive, tmp_path: Path) -> None:
    def causes() -> list[str]:
        with archive.store.read() as connection:
            return [each.cause for each in alarms.ringing(connection)]

    folder = tmp_path / "copies"
    folder.write_text("a file where a folder should be")
    (archive.store.home / "khotin.toml").write_text(f'backup_folder = "{folder}"')
    with pytest.raises(KhotinError):
        upkeep.copy_away(archive.store)
    assert causes() == ["backup"]
    folder.unlink()
    assert upkeep.copy_away(archive.store)["bytes"]
    assert causes() == []


def test_what_the_examination_finds_broken_rings_until_it_is_mended(archive: Archive) -> None:
    filled(archive)
    file = archive.store.warc / records(archive.store)[0].warc_file
    whole = file.read_bytes()
    scratch(archive.store, records(archive.store)[0])
    for content, ringing in ((None, ["doctor"]), (whole, [])):
        if content:
            file.write_bytes(content)
        upkeep.look_over(archive.store)
        with archive.store.read() as connection:
            assert [each.cause for each in alarms.ringing(connection) if each.cause != "disk-filling"] == ringing


def test_what_is_old_is_forgotten_and_the_rest_stays(archive: Archive, set_clock: SetClock) -> None:
    store, settings = archive.store, Settings(days_of_jobs=100, days_of_job_lines=10, days_of_failed_sign_ins=5)
    then = datetime(2026, 1, 1, tzinfo=UTC)
    set_clock(then)
    with store.write() as connection:
        for kind, state in (("round", "done"), ("round", "done"), ("learn", "done"), ("post", "running")):
            number = jobs.ask(connection, kind, "test", source_id=archive.source.id if kind == "round" else None)
            assert number
            jobs.say(connection, number, "told")
            if state == "done":
                jobs.finish(connection, number, state, {})
            else:
                jobs.change(connection, number, state=state)
        connection.execute(insert(failed_sign_ins).values(name="ai đó", at=clock.now()))
        account = accounts.add(connection, "lan", "a long password")
        letters.write(connection, "reset", getattr(account, "id", 1))

    def left() -> list[int]:
        with store.read() as connection:
            return [
                connection.scalar(select(func.count()).select_from(each)) or 0
                for each in (job_table, job_lines, failed_sign_ins)
            ]

    set_clock(then + timedelta(days=4))
    assert sum(forget.forget(store, settings).values()) == 0
    set_clock(then + timedelta(days=11))
    forget.forget(store, settings)
    assert left() == [4, 0, 0]
    set_clock(then + timedelta(days=200))
    assert forget.forget(store, settings)["jobs"] == 1  # the older round; of each kind the newest stays, and what runs
    with store.read() as connection:
        assert {job.kind for job in jobs.latest(connection)} == {"round", "learn", "post"}


def test_many_old_rows_go_in_slices_between_which_others_write(store: Store, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 1, 1, tzinfo=UTC))
    with store.write() as connection:
        connection.execute(insert(failed_sign_ins), [{"name": "a", "at": clock.now()} for _ in range(1000)])
    set_clock(datetime(2026, 6, 1, tzinfo=UTC))
    rests: list[float] = []
    assert forget.forget(store, Settings(), rests.append)["failed sign-ins"] == 1000
    assert len(rests) == 1000 / forget.ROWS
