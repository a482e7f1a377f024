"""How are articles kept?"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from indexer import access, clock
from indexer.article import Article, Attachment
from indexer.errors import KhotinError
from indexer.store import Store, articles, sources, tables

LONG = "Sở Xây dựng tổ chức kiểm tra chất lượng công trình trên địa bàn tỉnh. " * 8
PAGE = Article("http://soxd.replica.test/a", title="Kiểm tra chất lượng", lead="Sáng nay.", body=LONG)
LATER = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def source(store: Store) -> int:
    with store.write() as connection:
        return sources.add(connection, "soxd").id


def put(store: Store, source: int, article: Article, at: datetime | None = None, **more: object) -> articles.Saved:
    with store.write() as connection:
        return articles.save(connection, source, article, at or clock.now(), **more)  # type: ignore[arg-type]


def kept(store: Store, number: int) -> articles.Kept:
    with store.read() as connection:
        found = articles.get(connection, number)
    assert found
    return found


def test_a_page_met_again_unchanged_is_the_same_and_gets_no_change_number(store: Store, source: int) -> None:
    first = put(store, source, PAGE)
    assert first.outcome == "new"
    assert put(store, source, PAGE, LATER) == (first.id, "same")
    assert (kept(store, first.id).change, kept(store, first.id).last_seen) == (1, LATER)


@pytest.mark.parametrize("change", [{"title": "Khác"}, {"lead": "Khác"}, {"body": "Khác"}, {"captions": ("Ảnh",)}])
def test_changed_content_makes_a_new_version_and_keeps_the_old_one(
    store: Store, source: int, change: dict[str, object]
) -> None:
    number = put(store, source, PAGE).id
    assert put(store, source, replace(PAGE, **change), LATER).outcome == "changed"  # type: ignore[arg-type]
    with store.read() as connection:
        history = articles.history(connection, number)
    assert [version.number for version in history] == [1, 2]
    assert (history[0].title, history[0].body) == (PAGE.title, PAGE.body)


def test_a_new_section_is_a_change_but_no_new_version(store: Store, source: int) -> None:
    number = put(store, source, PAGE).id
    assert put(store, source, replace(PAGE, section="Tin tức")).outcome == "changed"
    assert kept(store, number).versions == 1


def test_the_same_long_text_under_another_address_is_one_article_with_two_addresses(store: Store, source: int) -> None:
    number = put(store, source, PAGE).id
    twin = replace(PAGE, address="http://soxd.replica.test/index.php/a")
    assert put(store, source, twin) == (number, "same")
    with store.read() as connection:
        assert articles.find(connection, twin.address) == kept(store, number)


@pytest.mark.parametrize(
    "change",
    [{"body": "Ngắn."}, {"published": LATER}, {"attachments": (Attachment("http://x/f.pdf", "Tệp"),)}],
    ids=["short", "another date", "another file"],
)
def test_pages_that_differ_or_say_little_are_never_joined(store: Store, source: int, change: dict[str, object]) -> None:
    short = {key: value for key, value in change.items() if key == "body"}
    first = put(store, source, replace(PAGE, **short)).id  # type: ignore[arg-type]
    other = replace(PAGE, address="http://soxd.replica.test/b", **change)  # type: ignore[arg-type]
    assert put(store, source, other).id != first


def test_imports_with_an_id_are_found_by_it_and_never_joined_by_content(store: Store, source: int) -> None:
    one = put(store, source, replace(PAGE, external_id="1"), lane="bulk")
    assert put(store, source, replace(PAGE, external_id="2"), lane="bulk").id != one.id
    assert put(store, source, replace(PAGE, external_id="1", title="Mới"), lane="bulk") == (one.id, "changed")


def test_change_numbers_rise_within_each_lane(store: Store, source: int) -> None:
    for number in range(3):
        put(store, source, Article(f"http://x/{number}", title=f"Bài {number}"))
        put(store, source, Article("", title=f"Nhập {number}", external_id=str(number)), lane="bulk")
    with store.read() as connection:
        assert articles.last_changes(connection) == {"crawl": 3, "bulk": 3}
        assert [each.change for each in articles.changes_after(connection, "crawl", 1, 10)] == [2, 3]


def test_a_files_first_reading_is_no_new_version_and_its_other_bytes_are(store: Store, source: int) -> None:
    number = put(store, source, replace(PAGE, attachments=(Attachment("http://x/f.pdf", "Bảng giá"),))).id
    for digest, versions in (("1", 1), ("1", 1), ("2", 2)):
        file = Attachment("http://x/f.pdf", "", "application/pdf", digest, f"Xi măng {digest}")
        with store.write() as connection:
            articles.file_arrived(connection, source, file, LATER)
        assert kept(store, number).versions == versions
    assert kept(store, number).article.attachments[0].name == "Bảng giá"
    assert kept(store, number).article.attachments[0].text == "Xi măng 2"


def test_a_page_that_is_met_again_keeps_what_was_read_from_its_files(store: Store, source: int) -> None:
    page = replace(PAGE, attachments=(Attachment("http://x/f.pdf", "Bảng giá"),))
    number = put(store, source, page).id
    with store.write() as connection:
        articles.file_arrived(connection, source, Attachment("http://x/f.pdf", "", digest="1", text="Xi măng"), LATER)
    assert put(store, source, page).outcome == "same"
    assert kept(store, number).article.attachments[0].text == "Xi măng"


def test_gone_is_not_deleted_and_a_page_that_returns_is_there_again(store: Store, source: int) -> None:
    number = put(store, source, PAGE).id
    with store.write() as connection:
        articles.gone(connection, number, LATER)
    assert kept(store, number).gone_at == LATER
    assert kept(store, number).article.body == PAGE.body
    with store.write() as connection:
        articles.seen(connection, number, LATER)
    assert kept(store, number).gone_at is None


def test_reading_a_capture_again_rewrites_its_version_and_adds_none(store: Store, source: int) -> None:
    at = clock.now()
    with store.write() as connection:
        a_round = {"id": 1, "source_id": source, "state": "done", "started_at": at, "report": {}}
        connection.execute(insert(tables.rounds).values(a_round))
        capture = {
            "id": 7,
            "source_id": source,
            "round_id": 1,
            "address": PAGE.address,
            "fetched_at": at,
            "status": 200,
        }
        place = {"warc_file": "soxd.warc.gz", "warc_offset": 0, "warc_length": 1, "revisit": False}
        connection.execute(insert(tables.captures).values(capture | place))
    number = put(store, source, PAGE, capture_id=7).id
    with store.write() as connection:
        assert articles.reread(connection, 7, replace(PAGE, body=LONG + "Hết.", extractor=2)) == "changed"
        assert len(articles.history(connection, number)) == 1
    assert kept(store, number).article.extractor == 2


def test_restricting_needs_a_reason_hides_the_article_and_is_written_down(store: Store, source: int) -> None:
    number = put(store, source, PAGE).id
    with store.write() as connection, pytest.raises(KhotinError):
        access.restrict(connection, number, "lan", "  ")
    with store.write() as connection:
        access.restrict(connection, number, "lan", "Có thông tin cá nhân")
        assert access.hidden(connection) == {number}
        assert connection.exec_driver_sql("SELECT who, action, reason FROM decisions").all() == [
            ("lan", "restrict", "Có thông tin cá nhân")
        ]
    assert not access.may_see(kept(store, number))
    assert access.may_see(kept(store, number), "editor")
