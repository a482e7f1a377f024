"""Is a page shown as it was archived, harmless, with what we hold and nothing else; and are its versions told?"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from crawler.replica.content import articles as written
from crawler.replica.server import serve
from indexer import access, build
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.settings import Settings
from indexer.store import Store, articles, open_store, sources
from tests.conftest import add_site, one_round, put_clock
from tests.test_browser import browser  # noqa: F401 - a fixture
from web.app import create_app

EDITED = next(each for each in written() if each.images and each.attachments)
TAKEN_DOWN = next(each for each in written() if each.images and each.node != EDITED.node)
DAYS = [datetime(2026, month, 5, 2, 30, tzinfo=UTC) for month in (1, 2, 3)]
ADDED = "Dòng được thêm vào bài sau khi đăng."
POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Crawled:
    """An archive that saw a site change: one article edited twice, another one taken down."""

    client: FlaskClient
    store: Store
    address: str
    edited: int
    gone: int


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawled")
    home, time = folder / "data", folder / "clock"
    with serve(shown=[EDITED, TAKEN_DOWN]) as replica, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_CLOCK_FILE", str(time))
        address, lost = replica.address(EDITED.node), replica.address(TAKEN_DOWN.node)
        for number, day in enumerate(DAYS):
            put_clock(time, day)
            if number == 0:
                add_site(home, replica)
            elif number == 1:
                replica.edit(EDITED.node, body=f"{EDITED.body}\n\n{ADDED}")
                replica.unpublish(TAKEN_DOWN.node)
            else:
                replica.edit(EDITED.node, title=f"{EDITED.title} (đính chính)")
            one_round(home, replica)
    store = open_store(home)
    engine = WhooshEngine(store.index)
    build.update(store, engine)
    with store.read() as connection:
        kept, gone = articles.find(connection, address), articles.find(connection, lost)
    assert kept and gone
    client = create_app(Settings(home=home), store, engine).test_client()
    yield Crawled(client, store, address, kept.id, gone.id)
    store.close()


def page(crawled: Crawled, path: str, **query: str | int) -> BeautifulSoup:
    answered = crawled.client.get(path, query_string={"lang": "en"} | query)
    assert answered.status_code == 200, path
    return BeautifulSoup(answered.get_data(as_text=True), "lxml")


def words(tree: BeautifulSoup) -> str:
    return " ".join(tree.get_text(" ").split())


def test_the_page_as_archived_says_when_it_was_captured_and_shows_what_stood_there(crawled: Crawled) -> None:
    answered = crawled.client.get(f"/articles/{crawled.edited}/versions/1/archived?lang=en")
    assert answered.headers["Content-Security-Policy"] == POLICY
    assert answered.headers["X-Content-Type-Options"] == "nosniff" and answered.headers["X-Robots-Tag"] == "noindex"
    assert answered.headers["Memento-Datetime"] == "Mon, 05 Jan 2026 02:30:00 GMT"
    assert f'<{crawled.address}>; rel="original"' in answered.headers["Link"]
    tree = BeautifulSoup(answered.get_data(as_text=True), "lxml")
    assert "Copy of 5 Jan 2026 09:30" in words(tree) and EDITED.title in words(tree)
    assert ADDED not in words(tree)
    assert not tree.select("script, form, input, iframe, [rel=stylesheet], [onclick]")
    for link in tree.select("a[href]"):
        assert str(link["href"]).startswith(("http://soxd.replica.test/", "#", "http://localhost/articles/"))


def test_pictures_come_from_the_archive_and_from_nowhere_else(crawled: Crawled) -> None:
    tree = page(crawled, f"/articles/{crawled.edited}/archived")
    shown = [str(each["src"]) for each in tree.select("img")]
    assert len(shown) == len(EDITED.images)
    for address in shown:
        assert address.startswith(f"/articles/{crawled.edited}/versions/")
        answered = crawled.client.get(address)
        assert (answered.status_code, answered.mimetype) == (200, "image/png")
        assert answered.data.startswith(b"\x89PNG")
    assert crawled.client.get(f"/articles/{crawled.edited}/versions/1/pictures/999").status_code == 404


def test_files_come_from_the_archive_by_what_their_bytes_say(crawled: Crawled) -> None:
    answered = crawled.client.get(f"/articles/{crawled.edited}/versions/1/files/1")
    assert (answered.status_code, answered.mimetype) == (200, "application/pdf")
    assert answered.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    assert crawled.client.get(f"/articles/{crawled.edited}/versions/1/files/9").status_code == 404
    assert crawled.client.get(f"/articles/{crawled.edited}/versions/9/files/1").status_code == 404


def test_the_last_copy_is_the_last_one_that_was_seen(crawled: Crawled) -> None:
    last = crawled.client.get(f"/articles/{crawled.edited}/archived")
    assert "(đính chính)" in last.get_data(as_text=True)
    assert last.headers["Memento-Datetime"] >= "Thu, 05 Mar 2026"
    gone = crawled.client.get(f"/articles/{crawled.gone}/archived")
    assert TAKEN_DOWN.title in gone.get_data(as_text=True)
    assert "no longer shows this article" in words(page(crawled, f"/articles/{crawled.gone}"))


def test_the_versions_are_told_with_what_changed(crawled: Crawled) -> None:
    tree = page(crawled, f"/articles/{crawled.edited}/versions")
    told = [words(each) for each in tree.select(".steps li")]  # type: ignore[arg-type]
    assert [each.split(" · ")[0] for each in told] == [
        "Version 3 5 Mar 2026 09:30", "Version 2 5 Feb 2026 09:30", "Version 1 5 Jan 2026 09:30",
    ]  # fmt: skip
    assert "changed: title" in told[0] and "changed: text" in told[1] and "first seen" in told[2]
    assert ADDED in words(page(crawled, f"/articles/{crawled.edited}/versions/2"))
    assert ADDED not in words(page(crawled, f"/articles/{crawled.edited}/versions/1"))


def test_any_two_versions_are_compared_for_eye_and_ear(crawled: Crawled) -> None:
    tree = page(crawled, f"/articles/{crawled.edited}/compare", **{"from": 1, "to": 3})
    assert [words(each) for each in tree.select("section ins")] == [  # type: ignore[arg-type]
        "[added:] (đính chính) [end]",
        f"[added:] {ADDED} [end]",
    ]
    assert not tree.select("section del") and tree.select("section details")
    turned = page(crawled, f"/articles/{crawled.edited}/compare", **{"from": 3, "to": 1})
    assert words(turned) == words(tree)
    for wrong in ("9", "0", "-1", "x", "9" * 50):
        answered = crawled.client.get(f"/articles/{crawled.edited}/compare?from={wrong}&lang=en")
        assert answered.status_code == 400 and "Choose one from 1 to 3" in answered.get_data(as_text=True)


def test_programs_read_the_versions_too(crawled: Crawled) -> None:
    told = crawled.client.get(f"/api/v1/articles/{crawled.edited}/versions").get_json()
    assert (told["id"], told["url"]) == (crawled.edited, crawled.address)
    assert [(each["number"], each["changed"]) for each in told["versions"]] == [(1, []), (2, ["body"]), (3, ["title"])]
    assert told["versions"][0]["captured_at"] == "2026-01-05T02:30:00+00:00"
    assert crawled.client.get(told["versions"][0]["archived"]).status_code == 200


def test_other_archives_tools_find_the_copies(crawled: Crawled) -> None:
    told = crawled.client.get(f"/timemap/link/{crawled.address}")
    assert told.mimetype == "application/link-format"
    text = told.get_data(as_text=True)
    assert f'<{crawled.address}>; rel="original"' in text and text.count("memento") == 3
    assert 'rel="first memento"; datetime="Mon, 05 Jan 2026 02:30:00 GMT"' in text
    by_number = crawled.client.get(f"/timemap/json/{crawled.edited}").get_json()
    assert [each["datetime"][:10] for each in by_number["mementos"]["list"]] == [
        "2026-01-05",
        "2026-02-05",
        "2026-03-05",
    ]
    for nowhere in (quote("http://elsewhere.test/x"), "9" * 5_000, "http://[", "x", "http://" + "x" * 3_000):
        assert crawled.client.get(f"/timemap/link/{nowhere}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ("", 3),
        ("Mon, 05 Jan 2026 00:00:00 GMT", 1),
        ("Fri, 06 Feb 2026 00:00:00 GMT", 2),
        ("Thu, 01 Jan 2037 00:00:00 GMT", 3),
    ],
)
def test_the_time_gate_leads_to_the_copy_of_a_moment(crawled: Crawled, asked: str, version: int) -> None:
    answered = crawled.client.get(f"/timegate/{crawled.address}", headers={"Accept-Datetime": asked})
    assert answered.status_code == 302
    assert answered.headers["Location"].endswith(f"/articles/{crawled.edited}/versions/{version}/archived")
    assert "accept-datetime" in answered.headers["Vary"]


def test_a_moment_that_is_none_is_refused_with_a_sentence(crawled: Crawled) -> None:
    client = crawled.client.application.test_client()  # without the language that others chose
    for wrong in ("Mon, 05 Jan 99999 00:00:00 GMT", "Mon, 05 Jan 2026 00:00:00 +999999999", "5", "yesterday"):
        answered = client.get(f"/timegate/{crawled.address}", headers={"Accept-Datetime": wrong})
        assert answered.status_code == 400, wrong
    assert answered.status_code == 400 and "không phải thời điểm hợp lệ" in answered.get_data(as_text=True)


def test_the_article_page_leads_to_copies_and_says_where_things_were_read(crawled: Crawled) -> None:
    tree = page(crawled, f"/articles/{crawled.edited}")
    links = {str(each["href"]) for each in tree.select("a[href]")}
    base = f"/articles/{crawled.edited}"
    assert {f"{base}/archived", f"{base}/versions", f"{base}/compare", f"{base}/report"} <= links
    assert f"{base}/versions/3/files/1" in links and "/search?state=updated" in links
    details = words(BeautifulSoup(str(tree.select_one(".more-details")), "lxml"))
    assert "sha256:" in details and "drupal" in details
    assert "/search?state=off-site" in str(page(crawled, f"/articles/{crawled.gone}"))


ROUTES = (
    "", "/archived", "/versions", "/versions/1", "/versions/1/archived", "/versions/1/pictures/1",
    "/versions/1/files/1", "/compare", "/report",
)  # fmt: skip


def test_a_restricted_article_is_behind_none_of_these_doors(crawled: Crawled) -> None:
    doors = [f"/articles/{crawled.edited}{each}" for each in ROUTES]
    doors += [f"/timemap/{form}/{which}" for form in ("link", "json") for which in (crawled.address, crawled.edited)]
    doors += [f"/timegate/{crawled.address}", f"/api/v1/articles/{crawled.edited}/versions"]
    with crawled.store.write() as connection:
        access.restrict(connection, crawled.edited, "lan", "a complaint")
    try:
        for door in doors:
            answered = crawled.client.get(door)
            assert answered.status_code == 404, door
            assert EDITED.title.encode() not in answered.data and ADDED.encode() not in answered.data
    finally:
        with crawled.store.write() as connection:
            access.release(connection, crawled.edited, "lan", "settled")
    assert all(crawled.client.get(door).status_code in (200, 302) for door in doors)


@pytest.fixture
def address(crawled: Crawled) -> Iterator[str]:
    """Where a browser reads the archive."""
    server = make_server("127.0.0.1", 0, crawled.client.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.browser
def test_in_a_browser_pictures_show_and_hits_are_walked_with_and_without_a_script(
    crawled: Crawled,
    address: str,
    browser: Browser,  # noqa: F811
) -> None:
    plain = browser.new_context(java_script_enabled=False, locale="en-GB").new_page()
    plain.goto(f"{address}/articles/{crawled.edited}?q={quote('nhà ở xã hội')}")
    plain.get_by_role("link", name="To the first hit").click()
    expect(plain.locator("mark:target")).to_have_id("hit-1")
    plain.locator("mark:target + .step").get_by_role("link", name="The next hit").click()
    expect(plain.locator("mark:target")).to_have_id("hit-2")
    scripted = browser.new_context(locale="vi-VN").new_page()
    complaints: list[str] = []
    scripted.on("console", lambda message: complaints.append(message.text))
    scripted.goto(plain.url.partition("#")[0])
    for key, hit in (("n", "hit-1"), ("n", "hit-2"), ("p", "hit-1")):
        scripted.keyboard.press(key)
        expect(scripted.locator("mark:target")).to_have_id(hit)
    scripted.goto(f"{address}/articles/{crawled.edited}/archived")
    assert scripted.evaluate("[...document.images].map((each) => each.naturalWidth)") == [320] * len(EDITED.images)
    expect(scripted.locator("header").first).to_contain_text("05/03/2026")
    assert not complaints


def test_an_import_has_no_page_to_show(crawled: Crawled, tmp_path: Path) -> None:
    store = open_store(tmp_path / "imported", create=True)
    with store.write() as connection:
        source = sources.add(connection, "imported")
        number = articles.save(connection, source.id, Article("", title="Nhập vào"), DAYS[0]).id
    engine = WhooshEngine(store.index)
    build.update(store, engine)
    client = create_app(Settings(home=store.home), store, engine).test_client()
    assert client.get(f"/articles/{number}").status_code == 200
    assert client.get(f"/articles/{number}/versions").status_code == 200
    assert client.get(f"/articles/{number}/compare").status_code == 200
    for door in ("archived", "versions/1/archived", "versions/1/pictures/1", "versions/2"):
        assert client.get(f"/articles/{number}/{door}").status_code == 404
    assert client.get(f"/timemap/link/{number}").status_code == 404
    store.close()
