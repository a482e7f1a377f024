"""Does a program that takes all hits get each of them, once, whatever happens meanwhile?"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer import access, build
from indexer.article import Article
from indexer.clock import now
from indexer.engine.whoosh_index import WhooshEngine
from indexer.harvest import Cursor, read, write
from indexer.settings import Settings
from indexer.store import articles, lessons
from indexer.store.lessons import Lesson
from tests.conftest import Archive
from web.app import create_app

SITE = "http://soxd.replica.test"
NOTICES = [Article(f"{SITE}/{n}", title=f"Thông báo {n}", body="Giấy phép xây dựng.") for n in range(10)]
SAND = Article(f"{SITE}/sand", title="Cát nghiền từ đá vôi")


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    return archive.put(*NOTICES, SAND)


@pytest.fixture
def api(archive: Archive, numbers: list[int]) -> FlaskClient:
    engine = WhooshEngine(archive.store.index)  # the site is a process of its own
    return create_app(Settings(home=archive.store.home), archive.store, engine).test_client()


def asked(api: FlaskClient, status: int = 200, **more: Any) -> dict[str, Any]:
    answered = api.get("/api/v1/search", query_string={"q": "giấy phép xây dựng", "per_page": 3} | more)
    assert answered.status_code == status, answered.get_data(as_text=True)
    told: dict[str, Any] = answered.get_json(force=True)
    return told


def pages(api: FlaskClient, between: Callable[[int], None] = lambda page: None) -> Iterator[dict[str, Any]]:
    """Page after page; ``between`` is told how many there were."""
    cursor, count = "*", 0
    while cursor:
        told = asked(api, cursor=cursor)
        yield told
        count += 1
        between(count)
        cursor = told["cursor"]


def ids(told: dict[str, Any]) -> list[int]:
    return [hit["id"] for hit in told["hits"]]


def test_all_hits_come_once_in_the_order_of_their_numbers(api: FlaskClient, numbers: list[int]) -> None:
    found = list(pages(api))
    assert [ids(each) for each in found] == [numbers[:3], numbers[3:6], numbers[6:9], numbers[9:10]]
    assert {each["total"] for each in found} == {10}
    assert [each.get("changed_meanwhile") for each in found] == [None, None, None, False]
    assert found[0]["hits"][0]["passages"][1]["marks"]


def test_a_full_last_page_is_the_last_one(api: FlaskClient) -> None:
    told = asked(api, cursor="*", per_page=10)
    assert len(told["hits"]) == 10 and told["cursor"] is None and told["changed_meanwhile"] is False


def test_near_matches_are_never_harvested(api: FlaskClient) -> None:
    told = asked(api, q="cát nghiền giấy phép", cursor="*")
    assert (told["total"], told["near_total"], told["hits"], told["cursor"]) == (0, 0, [], None)


def test_what_was_found_all_the_time_comes_once_while_the_archive_changes(
    archive: Archive, api: FlaskClient, numbers: list[int]
) -> None:
    def change(page: int) -> None:
        if page == 1:  # one before and one after the cursor are written anew, one is added, one is restricted
            archive.put(
                replace(NOTICES[1], title="Thông báo đã sửa"),
                replace(NOTICES[7], title="Thông báo cũng đã sửa"),
                Article(f"{SITE}/late", title="Thông báo muộn", body="Giấy phép xây dựng."),
            )
            with archive.store.write() as connection:
                access.restrict(connection, numbers[8], "admin", "theo yêu cầu")
        if page == 2:  # one that would have come is no longer about it
            archive.put(replace(NOTICES[9], body="Cát."))
            build.rebuild(archive.store, archive.engine)

    found = list(pages(api, change))
    given = [number for each in found for number in ids(each)]
    assert given[:8] == numbers[:8] and len(given) == 9 and given[8] > numbers[-1]
    assert found[-1]["changed_meanwhile"] is True
    assert len({each["generation"] for each in found}) == 3


def test_a_change_that_the_index_has_not_taken_up_yet_is_told(archive: Archive, api: FlaskClient) -> None:
    with archive.store.write() as connection:
        articles.save(connection, archive.source.id, replace(NOTICES[0], title="Chưa có trong chỉ mục"), now())
    assert asked(api, cursor="*", per_page=100)["changed_meanwhile"] is True


@pytest.mark.parametrize(
    "other", [{"q": "cát"}, {"year": "2024"}, {"exact": "1"}, {"undated": "1"}, {"q": "giay phep"}]
)
def test_a_cursor_of_another_question_is_gone(api: FlaskClient, other: dict[str, str]) -> None:
    cursor = asked(api, cursor="*")["cursor"]
    told = asked(api, 410, cursor=cursor, **other)
    assert told["status"] == 410 and "cursor=*" in told["detail"]


def test_a_question_that_is_written_otherwise_but_means_the_same_goes_on(api: FlaskClient, numbers: list[int]) -> None:
    cursor = asked(api, cursor="*", language=["vi", "en"])["cursor"]
    again = asked(api, cursor=cursor, language=["en", "vi"], q=" giấy phép  xây dựng ", per_page=5)
    assert ids(again) == numbers[3:8]


def test_a_question_that_the_archive_has_learned_to_read_otherwise_is_gone(archive: Archive, api: FlaskClient) -> None:
    cursor = asked(api, cursor="*", q="phép xây")["cursor"]
    with archive.store.write() as connection:
        lesson = lessons.save(connection, Lesson(frozenset({"phép xây"}), {}), len(NOTICES))
    build.name_lesson(archive.engine, lesson)
    asked(api, 410, cursor=cursor, q="phép xây")


@pytest.mark.parametrize(
    "damage", [lambda c: c[:-1], lambda c: c[1:], lambda c: c.swapcase(), lambda c: "", lambda c: "ữ="]
)
def test_a_damaged_cursor_is_a_mistake(api: FlaskClient, damage: Callable[[str], str]) -> None:
    told = asked(api, 400, cursor=damage(asked(api, cursor="*")["cursor"]))
    assert "cursor=*" in told["detail"]


def test_a_cursor_takes_no_page_and_no_order(api: FlaskClient) -> None:
    told = asked(api, 400, cursor="*", page="2", sort="newest")
    assert [each["parameter"] for each in told["errors"]] == ["page", "sort"]


def test_a_cursor_holds_what_was_put_into_it() -> None:
    cursor = Cursor(b"0123456789abcdef", 2**62, (7, 9))
    assert read(write(cursor)) == cursor and "=" not in write(cursor)
