"""Does the monthly check read every record, go on where it stopped, and ring for what is damaged?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from indexer import alarms, fixity
from indexer.store import captures
from indexer.store.warc import proved
from tests.conftest import Archive
from tests.kept_pages import fetched, filled, records, scratch

SetClock = Callable[[datetime], None]


def check(archive: Archive, **more: object) -> fixity.Fixity:
    return fixity.run(archive.store, archive.engine, rest=lambda seconds: None, **more)  # type: ignore[arg-type]


def test_whole_records_are_all_read_and_nothing_rings(archive: Archive) -> None:
    filled(archive, 20)
    found = check(archive)
    assert (found.records, found.damaged, found.ended_at is not None) == (20, [], True)
    with archive.store.read() as connection:
        assert alarms.ringing(connection) == []
        assert fixity.last_ended(connection) == found and fixity.under_way(connection) is None


def test_a_damaged_record_rings_with_its_file_until_it_is_brought_back(archive: Archive) -> None:
    filled(archive, 5)
    hurt = records(archive.store)[3]
    file = archive.store.warc / hurt.warc_file
    whole = file.read_bytes()
    scratch(archive.store, hurt)
    assert [each["address"] for each in check(archive).damaged] == [hurt.address]
    with archive.store.read() as connection:
        (ringing,) = alarms.ringing(connection)
    assert ringing.cause == "fixity" and ringing.values["file"] == hurt.warc_file
    file.write_bytes(whole)
    check(archive)
    with archive.store.read() as connection:
        assert alarms.ringing(connection) == []


def test_a_check_that_must_end_goes_on_where_it_stopped(archive: Archive) -> None:
    filled(archive, 20)
    scratch(archive.store, records(archive.store)[0])
    first = check(archive, must_end=lambda: True)
    assert 0 < first.records < 20 and first.ended_at is None
    last = check(archive)
    assert (last.id, last.records, len(last.damaged)) == (first.id, 20, 1)


def test_it_is_due_once_a_month(archive: Archive, set_clock: SetClock) -> None:
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    set_clock(begin)
    filled(archive)

    def due() -> bool:
        with archive.store.read() as connection:
            return fixity.is_due(connection)

    assert due()
    check(archive)
    assert not due()
    set_clock(begin + timedelta(days=30))
    assert due()


def test_a_record_that_was_written_anew_meanwhile_is_read_where_it_stands(archive: Archive) -> None:
    fetched(archive.store, archive.source.id, 2)
    stale = replace(records(archive.store)[0], warc_offset=7)
    assert fixity.damage(archive.store, stale) is None
    gone = replace(stale, id=99)
    assert fixity.damage(archive.store, gone) is None


@pytest.mark.parametrize("changed", ["digest", "address", "warc_length", "warc_file"])
def test_a_record_must_be_the_one_that_was_noted(archive: Archive, changed: str) -> None:
    fetched(archive.store, archive.source.id, 1)
    noted = records(archive.store)[0]
    assert proved(archive.store.warc / noted.warc_file, noted) == ""
    other = replace(noted, **{changed: 5 if changed == "warc_length" else "another"})
    assert proved(archive.store.warc / other.warc_file, other)


def test_what_is_read_is_what_readers_are_shown(archive: Archive) -> None:
    fetched(archive.store, archive.source.id, 1)
    capture = records(archive.store)[0]
    assert captures.read(archive.store, capture).digest == capture.digest
