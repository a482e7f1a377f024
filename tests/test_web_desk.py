"""Can a reader with an account keep searches and articles, take them along, and leave; and can nobody else see them?"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from indexer import access, accounts
from indexer.article import Article
from indexer.store import collections, mailboxes, searches, tables
from tests.conftest import Archive
from tests.mailing import mailing
from tests.servers.ports import free_port
from tests.test_web_admin import PASSWORD, Desk, one, words
from web.app import create_app

SITE = "http://soxd.replica.test"
HOUSING = Article(f"{SITE}/1", title="Nhà ở xã hội", body="Có 480 căn hộ.")
SAND = Article(f"{SITE}/2", title="Giá cát <b>tháng 9</b>")


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    with archive.store.write() as connection:
        for name in ("lan", "mai"):
            accounts.add(connection, name, PASSWORD, "researcher")
        accounts.add(connection, "admin", PASSWORD)
    return archive.put(HOUSING, SAND)


def site_of(archive: Archive) -> FlaskClient:
    return create_app(mailing(archive.store.home, free_port()), archive.store, archive.engine).test_client()


@pytest.fixture
def visitor(archive: Archive, numbers: list[int]) -> Desk:
    return Desk(site_of(archive))


@pytest.fixture
def lan(visitor: Desk) -> Iterator[Desk]:
    assert visitor.sign_in("lan").location == "/desk"
    yield visitor


def keep(desk: Desk, number: int, status: int = 302, **fields: str) -> Any:
    return desk.send(f"/desk/keep/{number}", status, page=f"/desk/keep/{number}", **fields)


def put_search(archive: Archive, name: str = "lan", question: str = "q=cát") -> int:
    with archive.store.write() as connection:
        return searches.add(connection, accounts.need(connection, name).id, "Cát", question)


def put_collection(archive: Archive, article: int, name: str = "lan") -> int:
    with archive.store.write() as connection:
        number = collections.add(connection, accounts.need(connection, name).id, "Vật liệu")
        collections.put(connection, number, article, "ghi chú riêng", ["giá"])
    return number


def rows(archive: Archive) -> dict[str, int]:
    kept = (
        tables.saved_searches,
        tables.announced,
        tables.collections,
        tables.collected,
        tables.mailboxes,
        tables.letters,
    )
    with archive.store.read() as connection:
        return {each.name: connection.scalar(select(func.count()).select_from(each)) or 0 for each in kept}


def test_a_search_is_saved_from_its_results_with_its_filters(lan: Desk) -> None:
    results = lan.open("/search?q=nhà+ở&year=2023&page=1&sort=oldest")
    form = lan.open(str(one(results, ".follow a[href^='/desk/searches/new']")["href"]))
    question = str(one(form, "[name=question]")["value"])
    assert one(form, "[name=name]")["value"] == "nhà ở"
    lan.send("/desk/searches", page="/desk/account", question=question, name="Nhà ở", alert="weekly")
    desk = lan.open("/desk")
    assert "“nhà ở” · 2023" in words(desk) and "e-mail once a week" in words(desk)
    assert one(desk, ".rows-list a[href^='/search']")["href"] == "/search?q=nh%C3%A0+%E1%BB%9F&sort=newest&year=2023"
    edit = str(one(desk, ".rows-list a.button")["href"])
    lan.send(edit, page=edit, name="Nhà", alert="none")
    assert "no e-mails" in words(lan.open("/desk"))
    lan.send(f"{edit}/remove", page=edit)
    assert "Saved searches None yet" in words(lan.open("/desk"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"question": "q=x", "name": "", "alert": "none"}, "Give it a name"),
        ({"question": "", "name": "x", "alert": "none"}, "nothing to search for"),
        ({"question": "q=x", "name": "x", "alert": "hourly"}, "daily or weekly"),
    ],
)
def test_a_search_that_cannot_be_saved_says_why(lan: Desk, fields: dict[str, str], told: str) -> None:
    answered = lan.send("/desk/searches", 400, page="/desk/account", **fields)
    assert told in answered.get_data(as_text=True)


def test_an_article_is_kept_from_the_results_with_note_and_tags(lan: Desk, numbers: list[int]) -> None:
    results = lan.open("/search?q=cát")
    link = str(one(results, ".acts a.keep")["href"])
    assert link == f"/desk/keep/{numbers[1]}?next=/search?q%3Dc%C3%A1t%26lang%3Den"
    fields = {"new": "Vật liệu", "note": "so với <i>2023</i>", "tags": "giá, cát, giá", "next": "/search?q=c%C3%A1t"}
    target = keep(lan, numbers[1], **fields).location
    page = lan.open(target)
    assert one(page, ".back a")["href"] == "/search?q=c%C3%A1t"
    assert SAND.title in words(page) and "so với <i>2023</i>" in words(page) and "Tags: giá, cát" in words(page)
    assert "In the collection: Vật liệu" in words(lan.open(f"/articles/{numbers[1]}"))
    held = target.split("?")[0]
    again = lan.open(f"/desk/keep/{numbers[1]}?collection={held.split('/')[-1]}")
    assert words(one(again, "textarea")) == "so với <i>2023</i>" and one(again, "#tags")["value"] == "giá, cát"
    keep(lan, numbers[0], collection=held.split("/")[-1], tags="căn hộ", next="//other.example.org/")
    assert [words(each) for each in lan.open(f"{held}?tag=căn hộ").select(".title")] == [HOUSING.title]
    lan.send(f"{held}/articles/{numbers[1]}/remove", page=held)
    assert [words(each) for each in lan.open(held).select(".title")] == [HOUSING.title]


def test_a_collection_is_named_anew_ordered_by_date_and_deleted(lan: Desk, archive: Archive) -> None:
    from datetime import UTC, datetime

    dated = [
        Article(f"{SITE}/{year}", title=f"Năm {year}", published=datetime(year, 3, 1, tzinfo=UTC))
        for year in (2021, 2024, 2022)
    ]
    number = put_collection(archive, 1)
    for each in archive.put(*dated):
        keep(lan, each, collection=str(number))
    held = f"/desk/collections/{number}"

    def shown(order: str) -> list[str]:
        return [words(each) for each in lan.open(f"{held}?order={order}").select(".title")]

    assert shown("newest") == ["Năm 2024", "Năm 2022", "Năm 2021", HOUSING.title]
    assert shown("oldest") == ["Năm 2021", "Năm 2022", "Năm 2024", HOUSING.title]
    lan.send(held, page=held, name="Vật liệu 2024", note="để viết bài")
    assert words(one(lan.open(held), "h1")) == "Vật liệu 2024"
    lan.send(held, 400, page=held, name=" ", note="")
    lan.send(f"{held}/remove", page=f"{held}/remove")
    lan.open(held, 404)
    assert rows(archive)["collected"] == 0


def test_a_restricted_article_leaves_collections_without_its_title(
    lan: Desk, archive: Archive, numbers: list[int]
) -> None:
    number = put_collection(archive, numbers[0])
    with archive.store.write() as connection:
        access.restrict(connection, numbers[0], "admin", "lỗi")
    page = lan.open(f"/desk/collections/{number}")
    assert "This article is no longer available." in words(page) and HOUSING.title not in page.decode()
    assert "ghi chú riêng" in words(page)
    lan.open(f"/desk/keep/{numbers[0]}", 404)


def test_a_merged_article_is_shown_as_what_it_became(lan: Desk, archive: Archive, numbers: list[int]) -> None:
    number = put_collection(archive, numbers[0])
    with archive.store.write() as connection:
        connection.execute(
            tables.articles.update().where(tables.articles.c.id == numbers[0]).values(merged_into=numbers[1])
        )
    link = one(lan.open(f"/desk/collections/{number}"), ".title")
    assert (words(link), link["href"]) == (SAND.title, f"/articles/{numbers[1]}")


def test_nobody_sees_another_s_desk(visitor: Desk, archive: Archive, numbers: list[int]) -> None:
    search, collection = put_search(archive), put_collection(archive, numbers[0])
    pages = ("/desk", "/desk/account", f"/desk/searches/{search}", f"/desk/collections/{collection}")
    for path in pages:
        assert visitor.client.get(path).location.startswith("/sign-in?next=")
    assert not visitor.open("/search?q=cát").select("a.keep, .follow a[href^='/desk']")
    for name in ("mai", "admin"):
        visitor.sign_in(name)
        for path in pages[2:]:
            visitor.open(path, 404)
        for path in (f"{pages[2]}/remove", f"{pages[3]}/remove", pages[3], f"{pages[3]}/articles/{numbers[0]}/remove"):
            visitor.send(path, 404, page="/desk/account", name="x", note="")
        keep(visitor, numbers[1], 400, collection=str(collection))
        assert "ghi chú riêng" not in visitor.open("/desk").decode()
        visitor.send("/sign-out", page="/desk/account")
    assert (rows(archive)["collected"], rows(archive)["saved_searches"]) == (1, 1)


def test_every_write_needs_its_token_and_no_page_is_kept_by_the_browser(lan: Desk) -> None:
    adapter = lan.client.application.url_map.bind("localhost")
    writes = [
        rule for rule in lan.client.application.url_map.iter_rules()
        if rule.endpoint.startswith(("desk.", "ways.")) and "POST" in (rule.methods or ())
    ]  # fmt: skip
    for rule in writes:
        values: dict[str, Any] = {name: "x" if name == "token" else 1 for name in rule.arguments}
        answered = lan.client.post(adapter.build(rule.endpoint, values, method="POST"))
        assert answered.status_code == 400, rule.endpoint
    assert len(writes) > 15
    assert lan.client.get("/desk").headers["Cache-Control"] == "no-store"


def test_a_researcher_takes_everything_along_with_her_password(lan: Desk, archive: Archive, numbers: list[int]) -> None:
    put_search(archive)
    put_collection(archive, numbers[0])
    assert "do not fit" in lan.send("/desk/account/export", 400, page="/desk/account", password="x").get_data(
        as_text=True
    )
    answered = lan.send("/desk/account/export", 200, page="/desk/account", password=PASSWORD)
    assert "attachment" in answered.headers["Content-Disposition"]
    told = answered.get_json()
    assert told["account"]["name"] == "lan" and told["email"] is None
    assert [each["question"] for each in told["searches"]] == ["q=cát"]
    (article,) = told["collections"][0]["articles"]
    assert (article["id"], article["note"], article["tags"]) == (numbers[0], "ghi chú riêng", ["giá"])


def test_nothing_is_left_of_a_deleted_account(lan: Desk, archive: Archive, numbers: list[int]) -> None:
    with archive.store.write() as connection:
        number = accounts.need(connection, "lan").id
        mailboxes.put(connection, number, "lan@example.org", "vi")
    saved = put_search(archive)
    put_collection(archive, numbers[0])
    put_search(archive, "mai")
    with archive.store.write() as connection:
        found = searches.get(connection, number, saved)
        assert found
        searches.tell(connection, found, numbers)
    lan.send("/desk/account/delete", 400, page="/desk/account", password="x")
    lan.send("/desk/account/delete", 200, page="/desk/account", password=PASSWORD)
    lan.open("/desk", 302)
    gone = {"announced": 0, "collections": 0, "collected": 0, "mailboxes": 0, "letters": 0}
    assert rows(archive) == gone | {"saved_searches": 1}
    lan.send("/sign-in", 403, name="lan", password=PASSWORD)


def test_the_last_admin_cannot_leave(visitor: Desk) -> None:
    visitor.sign_in("admin")
    answered = visitor.send("/desk/account/delete", 400, page="/desk/account", password=PASSWORD)
    assert "only admin" in answered.get_data(as_text=True)


def test_a_new_password_ends_every_other_session(lan: Desk, archive: Archive) -> None:
    other = Desk(site_of(archive))
    other.sign_in("lan")
    fields = {"password": PASSWORD, "new": "một mật khẩu khác"}
    lan.send("/desk/account/password", 400, page="/desk/account", **(fields | {"new": "ngắn"}))
    lan.send("/desk/account/password", page="/desk/account", **fields)
    lan.open("/desk")
    other.open("/desk", 302)
    other.sign_in("lan", "một mật khẩu khác")


def test_an_address_is_given_changed_and_deleted(lan: Desk, archive: Archive) -> None:
    fields = {"password": PASSWORD, "email": "lan@example.org\r\nBcc: x@example.org"}
    lan.send("/desk/account/email", 400, page="/desk/account", **fields)
    lan.send("/desk/account/email", page="/desk/account", **(fields | {"email": "lan@example.org"}))
    assert "lan@example.org is not confirmed yet" in words(lan.open("/desk"))
    assert rows(archive)["letters"] == 1
    lan.send("/desk/account/language", page="/desk/account", language="vi")
    lan.send("/desk/account/email/remove", page="/desk/account")
    assert (rows(archive)["letters"], rows(archive)["mailboxes"]) == (0, 0)


def test_an_address_that_refused_is_told_on_the_desk(lan: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        number = accounts.need(connection, "lan").id
        mailboxes.put(connection, number, "lan@example.org", "vi")
        box = mailboxes.get(connection, number)
        assert box
        mailboxes.confirm(connection, box.nonce)
        for _ in range(mailboxes.MOST_REFUSALS):
            mailboxes.refused(connection, number, "550 <b>No such mailbox</b>")
    page = lan.open("/desk")
    assert "E-mails to lan@example.org were stopped" in words(page) and "550 <b>No such mailbox</b>" in words(page)
