"""Does a reader's report reach the people who look after the archive, and only them?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer import accounts, audit
from indexer.article import Article
from indexer.settings import Settings
from indexer.store import requests
from tests.conftest import Archive
from web.app import create_app
from web.reports import MOST_A_DAY

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
PASSWORD = "mật khẩu đủ dài"
SAID = "<script>alert(1)</script> Số điện thoại này là của tôi."


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    archive.put(Article("http://soxd.replica.test/1", title="Danh sách hộ dân", body="Có tên và số điện thoại."))
    with archive.store.write() as connection:
        accounts.add(connection, "admin", PASSWORD)
    return create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()


def token(client: FlaskClient, path: str) -> str:
    tree = BeautifulSoup(client.get(path).get_data(as_text=True), "lxml")
    found = tree.select_one("[name=csrf_token]")
    assert found
    return str(found["value"])


def send(client: FlaskClient, **fields: str) -> TestResponse:
    told = {"kind": "personal-data", "text": SAID, "contact": "0912 000 000"} | fields
    path = "/articles/1/report?lang=en"
    return client.post(path, data={"csrf_token": token(client, path)} | told)


def held(archive: Archive) -> list[requests.Request]:
    with archive.store.read() as connection:
        return requests.listed(connection, True, 1_000)


def test_a_report_is_sent_found_by_the_admin_and_answered(client: FlaskClient, archive: Archive) -> None:
    assert send(client).headers["Location"] == "/articles/1/report?sent=1"
    assert "was received" in client.get("/articles/1/report?sent=1&lang=en").get_data(as_text=True)
    assert client.get("/admin/requests").status_code == 302  # to the sign-in page
    client.post("/sign-in", data={"csrf_token": token(client, "/sign-in"), "name": "admin", "password": PASSWORD})
    assert "1 report from readers is waiting" in client.get("/admin").get_data(as_text=True)
    assert client.get("/admin/requests").headers["Location"] == "/admin/cases/requests"
    inbox = client.get("/admin/cases/requests").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in inbox and "Danh sách hộ dân" in inbox
    assert "0912 000 000" in client.get("/admin/cases/requests/1").get_data(as_text=True)
    page, fields = "/admin/cases/requests/1", {"state": "granted", "reason": "Đã hạn chế bài này."}
    given = {"csrf_token": token(client, page)}
    assert client.post(f"{page}/decide", data=given | fields | {"reason": " "}).status_code == 400
    assert client.post(f"{page}/decide", data=given | {"reason": "Không rõ."}).status_code == 400 and held(archive)
    client.post(f"{page}/decide", data=given | fields)
    assert not held(archive)
    with archive.store.read() as connection:
        told = audit.found(connection, limit=1)[0]
    assert (told.who, told.action, told.subject, told.reason) == (
        "admin", "decide request", "article 1", "Đã hạn chế bài này.",
    )  # fmt: skip
    assert "Decided on" in client.get("/admin/cases/requests").get_data(as_text=True)
    assert client.post(f"{page}/decide", data=given | fields).status_code == 303  # sent twice
    late = client.post(f"{page}/decide", data=given | {"state": "refused", "reason": "Không sai."})
    assert late.status_code == 400
    assert "has decided about this already" in late.text and "Không sai." in late.text and fields["reason"] in late.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "nothing"}, "Choose what your report is about"),
        ({"text": "  "}, "Write what is wrong"),
        ({"text": "x" * 5_000}, "The text is too long"),
        ({"contact": "x" * 500}, "The contact is too long"),
    ],
)
def test_a_report_that_cannot_be_taken_says_what_to_mend(
    client: FlaskClient, archive: Archive, fields: dict[str, str], sentence: str
) -> None:
    answered = send(client, **fields)
    assert answered.status_code == 400 and sentence in answered.get_data(as_text=True)
    assert not held(archive)


def test_a_program_that_fills_every_field_is_thanked_and_not_heard(client: FlaskClient, archive: Archive) -> None:
    assert send(client, website="http://spam.test").status_code == 303
    assert not held(archive)


def test_a_form_without_its_token_is_refused(client: FlaskClient, archive: Archive) -> None:
    answered = client.post("/articles/1/report", data={"kind": "other", "text": "x"})
    assert answered.status_code == 400 and not held(archive)


def test_many_reports_must_wait(client: FlaskClient, archive: Archive, set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOON)
    assert [send(client).status_code for _ in range(4)] == [303, 303, 303, 429]
    set_clock(NOON + timedelta(minutes=1))
    assert send(client).status_code == 303
    with archive.store.write() as connection:
        for _ in range(MOST_A_DAY):
            requests.add(connection, 1, "other", "x", "")
    set_clock(NOON + timedelta(hours=1))
    assert send(client).status_code == 429
    set_clock(NOON + timedelta(days=2))
    assert send(client).status_code == 303
