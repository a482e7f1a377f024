"""Can everybody read every page?  Real Chromium and axe over every template that the route table reaches, languages and
colours in turn."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from crawler.replica.content import articles as bundled
from indexer import access, accounts, build, clock, correcting, jobs, schedules, signed
from indexer.article import Article, Attachment
from indexer.settings import Settings
from indexer.store import articles, collections, destructions, mailboxes, requests, searches, sources
from tests import walk
from tests.conftest import Archive
from tests.test_web_sources import put_look
from tests.walk import Planted
from web.shelf import Shelf

pytestmark = pytest.mark.browser
SITE = "http://soxd.replica.test"
TEMPLATES = Path(__file__).parent.parent / "web" / "templates"
# What 1280 pixels are at 400 %.
PHONE: Any = {"width": 320, "height": 568}
LOOKS = (("vi", "light"), ("en", "dark"), ("vi", "dark"), ("en", "light"))
# Addresses whose pages look unlike what the walk shows of the same route.
ALSO = (
    "/nothing",
    "/search?q=%22khong%20co%20cau%20nay%22&year=2024",
    "/search?q=x*",
    "/search?q=788%20k%E1%BB%B7&page=0",
)
# The frame of all pages, the few words behind a form that was sent, and the one field between password and code.
NOT_OPENED = {"base.html", "desk/told.html", "admin/sign_in_code.html"}


@pytest.fixture
def planted(archive: Archive) -> Planted:
    told = [
        Article(
            f"{SITE}/{each.node}", each.title, each.lead, each.body, published=each.published, language=each.language
        )
        for each in bundled()[:12]
    ]
    first = Article(
        f"{SITE}/1",
        title="Công bố giá vật liệu xây dựng",
        body="Theo Quyết định 788/QĐ-UBND.",
        captions=("Ảnh",),
        attachments=(Attachment(f"{SITE}/a.pdf", "Bảng giá.pdf", "application/pdf", "d", "Cát, đá"),),
        author="Chu Hồng Nhạn",
        section="Giá vật liệu",
        published=datetime(2024, 10, 5, tzinfo=UTC),
    )
    number, *others = archive.put(first, *told)
    archive.put(replace(first, body="Theo Quyết định 788/QĐ-UBND, đã sửa."))
    archive.put(Article(f"{SITE}/ds", title="Kết quả", body="Ông Nông Văn Thử, CCCD số 020080001234."))
    archive.put(Article(f"{SITE}/many", title="Nhiều từ", body=" ".join(f"x{n}" for n in range(2001))))
    with archive.store.write() as connection:
        articles.gone(connection, number, datetime(2026, 1, 5, tzinfo=UTC))
        access.restrict(connection, others[-1], "admin", "theo yêu cầu")
        schedules.add(connection, archive.source.id, "0 2 * * *")
        jobs.ask(connection, "round", "admin", source_id=archive.source.id)
        held = articles.several(connection, [number])[number]
        correcting.correct(connection, held, "section", "Giá và chỉ số", "Nguồn ghi nhầm.", "admin")
        for text in ("Xin gỡ số điện thoại của tôi.", "Sai ngày."):
            requests.add(connection, number, "personal-data", text, "lan@example.vn", datetime(2026, 1, 8, tzinfo=UTC))
        requests.decide(connection, 2, "admin", "granted", "Đã đính chính.")
        sources.add(connection, "cũ", "https://cu.example.gov.vn/")
    archive.divide()
    put_look(archive)
    build.update(archive.store, archive.engine)
    return Planted(number, first.address, "788/QĐ-UBND", ("giá vật liệu xây dựng",))


@pytest.fixture
def app(archive: Archive) -> Flask:
    settings = Settings(
        home=archive.store.home, api_requests_per_minute=0, operator="Văn phòng", contact="a@b.example", sign_up="open"
    )
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def pages(app: Flask, planted: Planted, people: list[FlaskClient], also: tuple[str, ...]) -> dict[str, FlaskClient]:
    """An address for each page that a route gives, told by its template; with who sees it: a reader where he may."""
    found: dict[tuple[str, str], tuple[str, FlaskClient]] = {}
    seen: dict[str, None] = {}

    def note(sender: Flask, template: Any, **more: Any) -> None:
        seen.pop(template.name, None)
        seen[template.name] = None  # the last one is the page's own

    with template_rendered.connected_to(note, app):
        for client in people:
            for endpoint, path in walk.addresses(app, planted):
                answered = client.get(path)
                if answered.status_code == 200 and answered.mimetype == "text/html" and seen:
                    found.setdefault((endpoint, list(seen)[-1]), (path, client))
        for path in also:
            people[0].get(path)
    known = {str(each.relative_to(TEMPLATES)) for each in TEMPLATES.rglob("*.html") if each.name[0] != "_"}
    assert known - set(seen) == NOT_OPENED, "a template that the walk does not reach: see tests/walk.py and ALSO"
    return dict(found.values()) | dict.fromkeys(also, people[0])


def context(browser: Browser, look: tuple[str, str], client: FlaskClient, address: str) -> BrowserContext:
    """A browser of that person, in that language and those colours."""
    opened = browser.new_context(
        color_scheme="dark" if look[1] == "dark" else "light", viewport={"width": 1280, "height": 900}
    )
    cookies: list[Any] = [{"name": "lang", "value": look[0], "url": address}]
    session = client.get_cookie("khotin")
    cookies += [{"name": "khotin", "value": session.value, "url": address}] if session else []
    opened.add_cookies(cookies)
    return opened


def kept(archive: Archive, planted: Planted) -> list[str]:
    """What the desk of the researcher shows; and the addresses that only letters and sent forms lead to."""
    home = archive.store.home
    with archive.store.write() as connection:
        person = accounts.need(connection, "researcher")
        basket = collections.add(connection, person.id, "Giá cát")
        collections.put(connection, basket, planted.number, "Xem lại", ["giá"])
        searches.add(connection, person.id, "Giá cát", "q=gi%C3%A1+c%C3%A1t", "none")
        mailboxes.put(connection, person.id, "lan@example.org", "vi")
        box = mailboxes.get(connection, person.id)
        gone = articles.save(connection, archive.source.id, Article(f"{SITE}/cu", title="Bài cũ"), clock.now()).id
        told = {"decision": "12/QĐ-SXD", "decided_on": date(2026, 1, 5), "signed_by": "Giám đốc", "reason": "Luật"}
        destructions.add(connection, gone, "", asked_by="admin", **told)
        destructions.purge(connection, [gone], [])
    assert box
    return [
        f"/articles/{gone}",
        f"/confirm/{signed.sign(home, 'confirm', box.nonce)}",
        f"/unsubscribe/{signed.sign(home, 'unsubscribe', box.nonce)}",
        f"/reset/{signed.sign(home, 'reset', str(person.id), accounts.fingerprint(person))}",
        f"/articles/{planted.number}/report?sent=1",
    ]


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["in turn", "every look"])
def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_a_phone(
    whole: bool, app: Flask, archive: Archive, planted: Planted, address: str, browser: Browser
) -> None:
    people = [app.test_client(), *(walk.signed_in(app, archive.store, role) for role in ("researcher", "admin"))]
    also = (*ALSO, *kept(archive, planted))
    contexts: dict[tuple[tuple[str, str], int], BrowserContext] = {}
    problems, axe, turns = [], Axe(), cycle(LOOKS)
    for path, client in pages(app, planted, people, also).items():
        for look in LOOKS if whole else (next(turns),):
            key = (look, people.index(client))
            contexts[key] = contexts.get(key) or context(browser, look, client, address)
            page = contexts[key].new_page()
            page.goto(address + path)
            for each in axe.run(page).response["violations"]:
                marks = [node["html"][:200] + " " + node["failureSummary"] for node in each["nodes"]]
                problems.append(f"{path} {look}: {each['id']}: {each['help']}\n  " + "\n  ".join(marks[:3]))
            page.set_viewport_size(PHONE)
            width = page.evaluate("document.documentElement.scrollWidth")
            problems += [f"{path} {look}: {width} pixels wide"] if width > PHONE["width"] else []
            page.close()
    assert not problems, "\n".join(problems)
