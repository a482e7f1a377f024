"""Is the site safe where every route is alike?  Forms, headers, cookies, addresses that lead out, secrets."""

import logging
import re
from pathlib import Path

import pytest
from flask import Flask

from indexer import accounts, second_factor
from indexer.settings import Settings
from indexer.store import tokens
from tests import walk
from tests.conftest import Archive
from tests.test_leaks import PLANTED
from tests.walk import Planted
from web.app import HEADERS, create_app
from web.shelf import Shelf

ROOT = Path(__file__).parent.parent
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# Posted without a session and without a form of ours; each says in its code why that is no danger.
WITHOUT_TOKEN = {"tools.count_for_programs", "ways.unsubscribed", "api.restrict"}
MAIL_PASSWORD = "zyx-mail-password"


@pytest.fixture
def planted(archive: Archive) -> Planted:
    with archive.store.write() as connection:
        accounts.add(connection, "admin", walk.PASSWORD)
    return Planted(archive.put(PLANTED)[0], PLANTED.address, "9471/QĐ-ZYXSO", ("bãi đá",))


@pytest.fixture
def app(archive: Archive) -> Flask:
    settings = Settings(
        home=archive.store.home, api_requests_per_minute=0, sign_up="open", smtp_password=MAIL_PASSWORD,
        smtp_host="mail.test", mail_from="kho@example.org", site_address="https://kho.example.org",
    )  # fmt: skip
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


def test_no_route_takes_a_form_without_its_token(archive: Archive, planted: Planted, app: Flask) -> None:
    """Every POST route of the route table, asked as an admin by a page of another site."""
    client = walk.signed_in(app, archive.store, "admin")
    app.config["WTF_CSRF_ENABLED"] = True
    passed = set()
    with app.test_request_context():
        posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
        fill = lambda rule: {name: planted.argument(rule.endpoint, name)[0] for name in rule.arguments}  # noqa: E731
        asked = [(rule.endpoint, rule.build(fill(rule))) for rule in posts]
    assert len(asked) > 40
    for endpoint, built in asked:
        assert built, endpoint
        answered = client.post(built[1], data={"csrf_token": "made-up"}, query_string={"lang": "en"})
        if answered.status_code != 400 or "form is too old" not in answered.get_data(as_text=True):
            passed.add(endpoint)
    assert passed == WITHOUT_TOKEN


def test_a_form_with_a_field_without_a_name_is_refused(app: Flask) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    refused = app.test_client().post("/sign-in", data=body, content_type="multipart/form-data; boundary=b")
    assert refused.status_code == 400


def test_every_answer_carries_the_headers_and_no_page_a_script_of_its_own(
    archive: Archive, planted: Planted, app: Flask
) -> None:
    clients = {"reader": app.test_client(), "admin": walk.signed_in(app, archive.store, "admin")}
    for role, client in clients.items():
        for endpoint, address in walk.addresses(app, planted):
            if role == "admin" and not address.startswith(("/admin", "/desk")):
                continue
            answered = client.get(address)
            for name, value in HEADERS.items():
                told = answered.headers.get(name, "")
                assert told == value or (name == "Content-Security-Policy" and "default-src 'none'" in told), address
            if answered.mimetype == "text/html" and endpoint != "pages.archived_page":
                page = answered.get_data(as_text=True)
                scripts = re.findall(r"<script(?![^>]*(?: src=|ld\+json))", page)
                assert not scripts and not re.search(r"<[^>]+ (?:style|on\w+)=", page), address
            if role == "admin":
                assert answered.headers["Cache-Control"] == "no-store", address
            for cookie in answered.headers.getlist("Set-Cookie"):
                assert "HttpOnly" in cookie and "SameSite=Lax" in cookie, address


def test_no_page_and_no_log_line_tells_a_secret(
    archive: Archive, planted: Planted, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = walk.signed_in(app, archive.store, "admin")
    with archive.store.write() as connection:
        admin = accounts.need(connection, "admin")
        secret = second_factor.begin(connection, archive.store.home, admin)
        token = tokens.add(connection, admin, "report", ["search"], 30)
    client.get("/api/v1/search", headers={"Authorization": f"Bearer {token}"})
    client.post("/sign-in", data={"name": "admin", "password": "zyx wrong password"})
    key = (archive.store.home / "secret.key").read_text()
    secrets = (walk.PASSWORD, "zyx wrong password", MAIL_PASSWORD, secret, token, key, admin.password_hash)
    for _, address in walk.addresses(app, planted):
        told = walk.told(client.get(address))
        assert not [each for each in secrets if each in told], address
    assert not [each for each in secrets if each in caplog.text]


@pytest.mark.parametrize("way", ["../", "..%2f", "%2e%2e/", "..%5c", "%252e%252e%252f", "/", "//"])
@pytest.mark.parametrize(
    "base",
    ["/static/", "/articles/1/versions/1/files/", "/articles/1/versions/1/pictures/", "/documents/", "/timegate/"],
)
def test_no_address_leads_to_a_file_outside(
    app: Flask, planted: Planted, archive: Archive, base: str, way: str
) -> None:
    key = (archive.store.home / "secret.key").read_text()
    for target in ("secret.key", "khotin.db", "etc/passwd", "data/secret.key"):
        answered = app.test_client().get(f"{base}{way * 6}{target}")
        body = answered.get_data()
        assert key.encode() not in body and b"root:x:" not in body and not body.startswith(b"SQLite format"), target


def test_pages_of_an_https_site_are_asked_for_over_https_alone(archive: Archive) -> None:
    for https_only in (False, True):
        app = create_app(Settings(home=archive.store.home, https_only=https_only), archive.store, archive.engine)
        told = app.test_client().get("/help", base_url="https://localhost").headers.get("Strict-Transport-Security")
        assert bool(told) == https_only


def test_every_test_that_the_table_names_is_there() -> None:
    """docs/security.md claims nothing that no test shows."""
    named = set(re.findall(r"`(test_\w+)\.py::(test_\w+)`", SECURITY))
    assert len(named) > 30
    for file, name in named:
        assert f"def {name}(" in (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8"), (file, name)
