"""Are records taken out of a WARC file without a loss for those that stay?"""

import gzip
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indexer.store import Store, captures, destructions, rewriting, rounds, sources, warc
from indexer.store.warc import Captured
from indexer.traces import traces

AT = datetime(2026, 1, 5, 1, 2, 3, tzinfo=UTC)
SAID = "Một câu riêng về ông Trần Văn Bảy ở thôn Đồi."
WANTED = traces([SAID], [])
HTML = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "0"))


def page(address: str, body: str) -> Captured:
    return Captured(f"http://soxd.replica.test/{address}", AT, "HTTP/1.1 200 OK", HTML, body.encode())


class Filled:
    """A store with one file of captures; ``keep`` writes one more, as a crawl does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.write() as connection:
            self.source = sources.add(connection, "soxd", "http://soxd.replica.test/").id
            self.round = rounds.begin(connection, self.source).id
            self.number = destructions.add(
                connection, 1, "records", asked_by="a", decision="1", decided_on=AT.date(), signed_by="b", reason="c"
            )

    def keep(self, captured: Captured, known: str = "") -> int:
        with self.store.read() as connection:
            origin = captures.origin_of(connection, self.source, captured, known)
        place = warc.append(captures.path_of(self.store, self.round), captured, origin)
        with self.store.write() as connection:
            digest = origin.digest if origin else ""
            return captures.add(connection, self.source, self.round, captured, place, digest)

    def rewrite(self, gone: set[int], wanted: frozenset[tuple[str, ...]] = WANTED) -> None:
        with self.store.read() as connection:
            files = rewriting.files(connection)
        for file in files:
            fates = rewriting.fates(self.store, file, gone, wanted)
            if rewriting.is_changed(fates):
                _, places = rewriting.write_anew(self.store, file, fates)
                with self.store.write() as connection:
                    rewriting.swap(connection, self.number, file, fates, places)
                rewriting.remove_left_over(self.store, self.number)

    def rows(self) -> dict[int, captures.Capture]:
        with self.store.read() as connection:
            return {
                each.id: each for file in rewriting.files(connection) for each in rewriting.held_in(connection, file)
            }

    def said(self, number: int) -> str:
        return captures.read(self.store, self.rows()[number]).payload.decode()


@pytest.fixture
def filled(store: Store) -> Filled:
    return Filled(store)


def test_what_others_revisit_is_given_to_them_before_it_goes(filled: Filled) -> None:
    first = filled.keep(page("a", "Trang này ai cũng đọc được."))
    again = filled.keep(page("a", "Trang này ai cũng đọc được."))
    unchanged = filled.keep(
        replace(page("a", ""), status_line="HTTP/1.1 304 Not Modified"), filled.rows()[first].digest
    )
    assert filled.rows()[again].revisit and filled.rows()[unchanged].revisit
    filled.rewrite({first})
    rows = filled.rows()
    assert first not in rows
    assert not rows[again].revisit and not rows[unchanged].revisit
    assert filled.said(again) == filled.said(unchanged) == "Trang này ai cũng đọc được."
    assert rows[unchanged].status == 200


def test_words_are_taken_out_of_other_pages_and_their_revisits_follow(filled: Filled) -> None:
    first = filled.keep(page("list", f"<li>{SAID}</li><li>Tin khác</li>"))
    again = filled.keep(page("list", f"<li>{SAID}</li><li>Tin khác</li>"))
    other = filled.keep(page("b", "Tin khác"))
    before = filled.rows()
    block = (filled.store.warc / before[other].warc_file).read_bytes()[before[other].warc_offset :]
    filled.rewrite(set())
    rows = filled.rows()
    assert filled.said(first) == "<li>[...].</li><li>Tin khác</li>"
    told = captures.read(filled.store, rows[first])
    assert told.digest == rows[first].digest == rows[again].digest != before[first].digest
    assert told.named["content-length"] == str(len(told.payload)) == str(rows[first].bytes)
    assert warc.revisited(filled.store.warc / rows[again].warc_file, rows[again].warc_offset) == rows[again].digest
    path = filled.store.warc / rows[other].warc_file
    assert path.read_bytes()[rows[other].warc_offset :] == block, "other records are copied byte by byte"
    with filled.store.read() as connection:
        assert captures.origin(connection, rows[again]) == rows[first]
    assert [each.name for each in filled.store.warc.iterdir()] == ["round-000001.v2.warc.gz"]


def test_the_same_page_fetched_again_is_a_revisit_of_what_was_left_of_it(filled: Filled) -> None:
    filled.keep(page("list", f"<li>{SAID}</li>"))
    filled.rewrite(set())
    again = filled.keep(page("list", f"<li>{SAID}</li>"))
    assert filled.rows()[again].revisit
    assert filled.said(again) == ""


def test_what_holds_none_of_the_words_stays_as_it_is(filled: Filled) -> None:
    filled.keep(page("b", "Tin khác"))
    filled.rewrite(set())
    assert [each.name for each in filled.store.warc.iterdir()] == ["round-000001.warc.gz"]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1258", "utf-16-le"])
@pytest.mark.parametrize("packing", ["", "gzip", "deflate"])
def test_a_page_is_written_and_packed_as_it_was(encoding: str, packing: str) -> None:
    said = "Five words that stand alone" if encoding == "windows-1258" else SAID
    text = f"<p>{said}</p><p>Đ</p>" if encoding == "windows-1258" else f"<p>{said}</p><p>Đồi</p>"
    body = (b"\xff\xfe" if encoding == "utf-16-le" else b"") + text.encode(encoding)
    packed = {"": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body)}[packing]
    headers = (("Content-Type", f"text/html; charset={encoding}"), ("Content-Encoding", packing or "identity"))
    left = rewriting.freed_of(Captured("http://a.test/", AT, "HTTP/1.1 200 OK", headers, packed), traces([said], []))
    assert left
    told = rewriting.body_of(left)
    assert told.startswith(body[:2])
    assert told.decode(encoding).lstrip("\ufeff") == text.replace(said.rstrip("."), "[...]")


def test_files_are_named_by_their_turn() -> None:
    assert rewriting.next_name("round-000012.warc.gz") == "round-000012.v2.warc.gz"
    assert rewriting.next_name("round-000012.v9.warc.gz") == "round-000012.v10.warc.gz"
