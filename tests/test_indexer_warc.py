"""Is every fetched byte kept, found again, and nothing lost when a writer dies?"""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from indexer import clock
from indexer.errors import KhotinError
from indexer.store import Store, captures, rounds, sources, warc
from indexer.store.warc import Captured, Origin, append, read_record, unpacked

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ADDRESS = "http://soxd.replica.test/node/1"


def answer(body: bytes = b"<h1>Tin</h1>", *headers: tuple[str, str], line: str = "HTTP/1.1 200 OK") -> Captured:
    return Captured(ADDRESS, AT, line, (("Content-Type", "text/html"), *headers), body)


def test_an_answer_is_read_back_as_it_came(tmp_path: Path) -> None:
    packed = gzip.compress("Nhà ở xã hội".encode())
    told = answer(packed, ("content-ENCODING", "gzip"), ("Location", "/tìm"))
    place = append(tmp_path / "a.warc.gz", told)
    found = read_record(tmp_path / place.file, place.offset)
    assert found == told
    assert unpacked(found, 1000).decode() == "Nhà ở xã hội"


def test_the_file_is_a_standard_one_that_begins_with_its_own_description(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    first, second = append(path, answer()), append(path, answer(line="HTTP/1.1 404 Not Found"))
    assert second.offset == first.offset + first.length == path.stat().st_size - second.length
    with path.open("rb") as file:
        kinds = [each.rec_type for each in ArchiveIterator(file, check_digests="raise")]
    assert kinds == ["warcinfo", "response", "response"]


@pytest.mark.parametrize(
    ("line", "profile"),
    [("HTTP/1.1 304 Not Modified", "server-not-modified"), ("HTTP/1.1 200 OK", "identical-payload")],
)
def test_what_brought_nothing_new_is_kept_as_a_revisit(tmp_path: Path, line: str, profile: str) -> None:
    told = answer(b"" if "304" in line else b"<h1>Tin</h1>", line=line)
    place = append(tmp_path / "a.warc.gz", told, Origin(ADDRESS, AT, answer().digest))
    with (tmp_path / place.file).open("rb") as file:
        file.seek(place.offset)
        record = next(iter(ArchiveIterator(file)))
    assert record.rec_type == "revisit"
    assert profile in record.rec_headers.get_header("WARC-Profile")
    assert record.rec_headers.get_header("WARC-Payload-Digest") == answer().digest
    assert read_record(tmp_path / place.file, place.offset).payload == b""


@pytest.mark.parametrize(
    ("packing", "payload"),
    [("gzip", b"no gzip"), ("br", b"x"), ("gzip", gzip.compress(b"a" * 2000))],
    ids=["damaged", "not asked for", "too large"],
)
def test_a_page_that_cannot_be_unpacked_is_told_in_a_sentence(packing: str, payload: bytes) -> None:
    with pytest.raises(KhotinError):
        unpacked(answer(payload, ("Content-Encoding", packing)), 1000)


def test_after_a_kill_whole_records_are_adopted_and_a_torn_one_is_cut(store: Store) -> None:
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/")
        opened = rounds.begin(connection, source.id)
    path = captures.path_of(store, opened.id)
    noted = append(path, answer())
    with store.write() as connection:
        captures.add(connection, source.id, opened.id, answer(), noted)
    unnoted = append(path, answer(b"second"))
    whole = path.stat().st_size
    torn = append(path, answer(b"third"))
    with path.open("r+b") as file:
        file.truncate(torn.offset + torn.length - 3)

    assert captures.recover(store, source.id) == 1
    assert path.stat().st_size == whole
    assert captures.recover(store, source.id) == 0
    with store.read() as connection:
        newest = captures.last(connection, source.id, ADDRESS)
    assert newest and (newest.warc_offset, newest.digest) == (unnoted.offset, answer(b"second").digest)
    assert captures.read(store, newest).payload == b"second"
    assert append(path, answer(b"fourth")).offset == whole


def test_a_file_torn_at_its_very_beginning_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08")
    assert list(warc.whole_after(path, 0)) == []
    assert path.stat().st_size == 0
    append(path, answer())
    with path.open("rb") as file:
        assert [each.rec_type for each in ArchiveIterator(file)] == ["warcinfo", "response"]


def test_an_unfinished_round_goes_on_for_a_day(store: Store, set_clock: Callable[[datetime], None]) -> None:
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/")
        first = rounds.begin(connection, source.id)
        assert rounds.begin(connection, source.id).id == first.id
        set_clock(clock.now() + rounds.RESUME_WITHIN)
        second = rounds.begin(connection, source.id)
        assert second.id != first.id
        assert rounds.get(connection, first.id).state == "interrupted"
        rounds.close(connection, second.id, "done", {"new": 1})
        assert rounds.begin(connection, source.id).id not in (first.id, second.id)
