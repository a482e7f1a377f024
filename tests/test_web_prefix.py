"""Does the site work under a path of another site?  Every link, redirect, cookie and description keeps to it."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.article import Article, Attachment
from indexer.settings import Settings
from tests import walk
from tests.conftest import Archive
from tests.walk import Planted
from web.shelf import Shelf

PREFIX, HOST = "/tin/kho", "cong.soxd.example"
SITE = "http://soxd.replica.test"
PROXY = {"X-Forwarded-Prefix": PREFIX, "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "Host": HOST}
LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action", "source": "src"}
DATA = ("data-suggest", "data-list")
ONWARD = ("next", "back")
# Addresses that are looked up by hosts, not by paths below ours.
OURS = re.compile(rf"https?://{re.escape(HOST)}(?::\d+)?(/[^\"'<>\s]*)?")


class Proxied:
    """What a proxy in front of us does: it takes the prefix away and says so."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.cookies = client, ""

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=PROXY | {"Cookie": self.cookies})

    def sign_in(self, name: str) -> None:
        """The cookie is for paths below the prefix, which our client never sees: it is sent by hand."""
        answered = self.client.post("/sign-in", data={"name": name, "password": walk.PASSWORD}, headers=PROXY)
        self.cookies = "; ".join(each.partition(";")[0] for each in answered.headers.getlist("Set-Cookie"))


@pytest.fixture
def planted(archive: Archive) -> Planted:
    attachments = (Attachment(f"{SITE}/a.pdf", "Bảng giá.pdf", "application/pdf", "d", "Cát, đá"),)
    first = Article(f"{SITE}/1", title="Giá cát xây dựng", body="Theo Quyết định 788/QĐ-UBND.", attachments=attachments)
    number = archive.put(first, *(Article(f"{SITE}/{n}", title=f"Giá đá {n}", body="Đá.") for n in range(2, 20)))[0]
    archive.put(Article(f"{SITE}/1", title="Giá cát xây dựng", body="Theo Quyết định 788/QĐ-UBND, đã sửa."))
    return Planted(number, first.address, "788/QĐ-UBND", ("giá",))


def behind(proxies: int, archive: Archive) -> Flask:
    settings = Settings(home=archive.store.home, api_requests_per_minute=0, trusted_proxies=proxies, sign_up="open")
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


@pytest.fixture
def app(archive: Archive) -> Flask:
    return behind(1, archive)


def targets(answered: TestResponse) -> Iterator[str]:
    """Every address of our own that an answer names, as a path."""
    for name in ("Location", "Content-Location"):
        if name in answered.headers:
            yield answered.headers[name]
    for told in answered.headers.getlist("Set-Cookie"):
        found = re.search(r"[Pp]ath=([^;]*)", told)
        yield found.group(1) if found else "/"
    text = walk.body(answered)
    if answered.mimetype == "text/html":
        tree = BeautifulSoup(text, "lxml")
        for tag, name in LINKS.items():
            for each in tree.select(f"{tag}[{name}]"):
                yield str(each[name])
                led_on = parse_qs(urlsplit(str(each[name])).query)  # where it goes on to afterwards
                yield from (target for onward in ONWARD for target in led_on.get(onward, ()))
        for name in DATA:
            yield from (str(each[name]) for each in tree.select(f"[{name}]"))
    for found in OURS.finditer(text):
        yield found.group(1) or "/"


def strays(answered: TestResponse) -> set[str]:
    """Those that lead out of our prefix though they are meant to be ours."""
    found = set()
    for each in targets(answered):
        parts = urlsplit(each)
        if parts.netloc in ("", HOST) and parts.scheme in ("", "http", "https") and parts.path.startswith("/"):
            path = unquote(parts.path)
            if path != PREFIX and not path.startswith(f"{PREFIX}/"):
                found.add(each)
    return found


def test_no_link_redirect_or_cookie_leads_out_of_the_prefix(app: Flask, archive: Archive, planted: Planted) -> None:
    people = [Proxied(app.test_client()), Proxied(app.test_client(use_cookies=False))]
    walk.signed_in(app, archive.store, "admin")
    people[1].sign_in("admin")
    assert people[1].get("/admin").status_code == 200
    found, named = {}, 0
    for person in people:
        for _, path in walk.addresses(app, planted):
            answered = person.get(path)
            named += len(list(targets(answered)))
            if wrong := strays(answered):
                found[path] = wrong
    assert not found
    assert named > 1000  # otherwise nothing was looked at


def test_what_is_named_is_there(app: Flask, planted: Planted) -> None:
    """The results' own links, followed as a browser behind the proxy would."""
    person = Proxied(app.test_client())
    for name in ("/", "/search?q=giá", f"/articles/{planted.number}"):
        for each in set(targets(person.get(name))):
            parts = urlsplit(each)
            if parts.netloc in ("", HOST) and parts.path.startswith(PREFIX):
                path = parts.path.removeprefix(PREFIX) or "/"
                with person.get(f"{path}?{parts.query}") as answer:
                    assert answer.status_code < 400, each


def test_the_description_for_programs_and_the_feed_name_the_prefix(app: Flask, planted: Planted) -> None:
    person = Proxied(app.test_client())
    assert person.get("/openapi.json").get_json()["servers"] == [{"url": PREFIX}]
    assert f"https://{HOST}{PREFIX}/" in person.get("/feed.atom?q=giá").get_data(as_text=True)
    assert f"Disallow: {PREFIX}/admin" in person.get("/robots.txt").get_data(as_text=True)


def test_a_session_under_a_prefix_is_not_shown_to_the_rest_of_the_host(app: Flask, archive: Archive) -> None:
    walk.signed_in(app, archive.store, "admin")
    form = {"name": "admin", "password": walk.PASSWORD}
    answered = app.test_client().post("/sign-in", data=form, headers=PROXY)
    cookies = answered.headers.getlist("Set-Cookie")
    assert answered.headers["Location"].startswith(PREFIX) and len(cookies) >= 2
    assert all(f"Path={PREFIX}" in each for each in cookies)


def test_without_a_trusted_proxy_nobody_sets_a_prefix(archive: Archive) -> None:
    app = walk.site(archive.store, Shelf(Settings(home=archive.store.home), archive.store, archive.engine))
    assert PREFIX not in app.test_client().get("/help", headers=PROXY).get_data(as_text=True)


def test_a_link_for_a_new_password_keeps_to_the_path_below_which_the_site_stands(app: Flask, archive: Archive) -> None:
    client = walk.signed_in(app, archive.store, "admin")
    proxy = {name: told for name, told in PROXY.items() if name != "Host"}  # for another host the session is none
    page = client.post("/admin/people/add", data={"name": "Hòa", "role": "editor"}, headers=proxy)
    assert f"https://localhost{PREFIX}/reset/" in page.get_data(as_text=True)


def test_behind_two_proxies_the_nearest_one_says_how_and_where_readers_ask(archive: Archive, planted: Planted) -> None:
    two = PROXY | {"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}
    feed = behind(2, archive).test_client().get("/feed.atom?q=giá", headers=two).get_data(as_text=True)
    assert f"https://{HOST}{PREFIX}/" in feed
