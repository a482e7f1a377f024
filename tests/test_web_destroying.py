"""Can an admin take down and destroy an article, and does nobody see anything of it after that?"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from indexer import access, accounts, destroy, jobs
from indexer.article import Article, Attachment
from indexer.settings import Settings
from indexer.store import articles, destructions
from tests import walk
from tests.conftest import Archive
from tests.test_browser import served
from tests.test_leaks import OTHERS, PLANTED, QUESTIONS, WORDS, shown
from tests.walk import Planted
from web.shelf import Shelf

SITE = "http://soxd.replica.test"
ARTICLE = Article(
    f"{SITE}/tin/1",
    title="Tin zyxtieude",
    body="Nội dung zyxnoidung.",
    attachments=(Attachment(f"{SITE}/tep/zyxtep.pdf", "Tệp"),),
)
FORM = {
    "decision": "12/QĐ-SXD",
    "decided_on": "2026-01-05",
    "signed_by": "Giám đốc",
    "reason": "Luật số 91/2025/QH15",
}


@pytest.fixture
def number(archive: Archive) -> int:
    return archive.put(ARTICLE, Article(f"{SITE}/tin/2", title="Tin khác"))[0]


@pytest.fixture
def app(archive: Archive) -> Flask:
    return walk.site(archive.store, Shelf(Settings(home=archive.store.home), archive.store, archive.engine))


@pytest.fixture
def admin(app: Flask, archive: Archive) -> FlaskClient:
    return walk.signed_in(app, archive.store, "admin")


@pytest.mark.parametrize(
    "pasted",
    [
        "{number}",
        f"{SITE}/tin/1",
        "https://soxd.replica.test/tin/1/#top",
        f"{SITE}/tin/1?utm_source=zalo",
        "soxd.replica.test/tin/1",
        "http://localhost/articles/{number}?q=tin",
        "/articles/{number}",
        "http://localhost/articles/{number}/versions/1/archived",
        "http://localhost/articles/{number}/versions/1/files/1",
        "http://localhost/api/v1/articles/{number}",
        f"http://localhost/timegate/{SITE}/tin/1",
        f"http://localhost/timemap/link/{SITE}/tin/1",
        f"{SITE}/tep/zyxtep.pdf",
    ],
)
def test_an_article_is_taken_down_by_whatever_address_was_pasted(
    archive: Archive, admin: FlaskClient, number: int, pasted: str
) -> None:
    form = {"which": pasted.format(number=number), "reason": "yêu cầu"}
    assert admin.post("/admin/restrict", data=form).status_code == 302
    with archive.store.read() as connection:
        kept = articles.get(connection, number)
    assert kept and kept.restricted_at


@pytest.mark.parametrize(
    "pasted", ["99999999999999999999", "http://[", "http://khac.test/articles/1", "/articles/999", ""]
)
def test_what_means_no_article_is_told(admin: FlaskClient, number: int, pasted: str) -> None:
    answered = admin.post("/admin/restrict?lang=en", data={"which": pasted, "reason": "yêu cầu"})
    assert answered.status_code == 400
    assert "There is no article" in answered.get_data(as_text=True)


def test_a_file_of_several_articles_asks_which(archive: Archive, admin: FlaskClient, number: int) -> None:
    other = archive.put(Article(f"{SITE}/tin/3", title="Tin ba", attachments=ARTICLE.attachments))[0]
    answered = admin.get(f"/admin/destroy?lang=en&which={SITE}/tep/zyxtep.pdf")
    assert answered.status_code == 400
    assert f"Several articles link to this file: {number}, {other}." in answered.get_data(as_text=True)


def test_an_admin_destroys_an_article_and_a_stub_stays(archive: Archive, admin: FlaskClient, number: int) -> None:
    looked = admin.get(f"/admin/destroy?lang=en&which={SITE}/tin/1").get_data(as_text=True)
    assert "zyxtieude" in looked and "What will happen" in looked and "zyxtep.pdf" in looked
    assert admin.post("/admin/destroy", data=FORM | {"which": number, "number": number}).status_code == 302
    with archive.store.read() as connection:
        wished = destructions.unfinished(connection)[0]
        assert jobs.latest(connection)[0].arguments == {"destruction": wished.id}
        assert access.hidden(connection) == {number}
    reader = admin.application.test_client()
    assert reader.get(f"/articles/{number}").status_code == 404
    destroy.carry_out(archive.store, archive.engine, wished.id)
    for path in ("", "/versions", "/archived", "/cite.ris", "/report"):
        for client in (reader, admin):
            answered = client.get(f"/articles/{number}{path}?lang=vi")
            told = answered.get_data(as_text=True)
            assert answered.status_code == 410, path
            assert "đã được xóa theo Quyết định số 12/QĐ-SXD ngày 05/01/2026" in told
            assert f"{SITE}/tin/1" in told and "zyx" not in told
    assert reader.get(f"/timegate/{SITE}/tin/1").status_code == 410
    program = reader.get(f"/api/v1/articles/{number}")
    assert (program.status_code, program.mimetype) == (410, "application/problem+json")
    assert program.get_json()["status"] == 410
    assert "zyx" not in admin.get("/admin/destroy").get_data(as_text=True)
    assert admin.post(f"/admin/restrict/{number}/release", data={"reason": "lại"}).status_code == 400


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"number": "7"}, "to confirm"),
        ({"number": ""}, "to confirm"),
        ({"decision": " "}, "number of the decision"),
        ({"decided_on": "05/01/2026"}, "day of the decision"),
        ({"decided_on": "2999-01-01"}, "future"),
        ({"signed_by": ""}, "who signed"),
        ({"reason": ""}, "legal basis"),
    ],
)
def test_a_decision_that_is_not_whole_destroys_nothing(
    archive: Archive, admin: FlaskClient, number: int, changed: dict[str, str], told: str
) -> None:
    form = FORM | {"which": number, "number": number} | changed
    answered = admin.post("/admin/destroy?lang=en", data=form)
    assert answered.status_code == 400
    assert told in unescape(answered.get_data(as_text=True))
    with archive.store.read() as connection:
        assert not destructions.every(connection) and not access.hidden(connection)


def test_only_admins_destroy(app: Flask, archive: Archive, number: int) -> None:
    editor = walk.signed_in(app, archive.store, "editor")
    assert editor.get("/admin/destroy").status_code == 403
    assert editor.post("/admin/destroy", data=FORM | {"which": number, "number": number}).status_code == 403
    assert app.test_client().get("/admin/destroy").status_code == 302


@dataclass(frozen=True, slots=True)
class Answer:
    """What a real site answered, in the way that the walk reads answers."""

    headers: Headers
    data: bytes

    def get_data(self) -> bytes:
        return self.data


class Browser:
    """A browser of a real process."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, address: str) -> Answer:
        return self.ask(Request(self.home + address.encode("ascii", "ignore").decode()))

    def post(self, address: str, form: dict[str, object]) -> Answer:
        page = self.get(address).data.decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, page
        told = urlencode(form | {"csrf_token": found[1]}).encode()
        return self.ask(Request(self.home + address, told, {"Referer": self.home + address}))

    def ask(self, request: Request) -> Answer:
        try:
            with self.opener.open(request, timeout=60) as answered:
                return Answer(Headers(answered.getheaders()), answered.read())
        except HTTPError as refused:
            return Answer(Headers(refused.headers.items()), refused.read())


@contextmanager
def two_sites(home: Path) -> Iterator[list[Browser]]:
    """Two real web processes over one archive, and no worker."""
    without_pace = {"KHOTIN_API_REQUESTS_PER_MINUTE": "0"}
    with served(home, **without_pace) as one, served(home, **without_pace) as other:
        yield [Browser(one), Browser(other)]


def test_a_takedown_closes_every_door_of_every_process_at_once_without_a_worker(archive: Archive, app: Flask) -> None:
    number = archive.put(PLANTED, *OTHERS)[0]
    planted = Planted(number, PLANTED.address, f"9471/QĐ-{WORDS[-1].upper()}", QUESTIONS[:2])
    with archive.store.write() as connection:
        accounts.add(connection, "lan", walk.PASSWORD, "editor")
    asked = [address for _, address in walk.addresses(app, planted) if "/admin" not in address]
    with two_sites(archive.store.home) as browsers:
        editor = Browser(browsers[0].home)
        editor.post("/sign-in", {"name": "lan", "password": walk.PASSWORD, "next": ""})
        open_doors = [[each for each in asked if shown(site, each, number)] for site in browsers]  # type: ignore[arg-type]
        assert all(len(each) > 20 for each in open_doors)
        editor.post("/admin/restrict", {"which": PLANTED.address, "reason": "khẩn"})
        for site in reversed(browsers):
            left = {each: found for each in asked if (found := shown(site, each, number))}  # type: ignore[arg-type]
            assert left == {}
