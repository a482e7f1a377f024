"""Is a missed question mended for everybody?  Asked, found nothing, seen in the inbox, a synonym added, asked again by
the worker, answered by another running site; no index is written anew."""

import json
import shutil
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from crawler.replica.server import serve
from indexer import accounts, jobs
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import Store, missed, questions
from tests.conftest import Archive
from tests.test_browser import PASSWORD, PATIENCE, served
from tests.test_workers import wait_for, worker

pytestmark = pytest.mark.browser
SITE = "http://soxd.replica.test"
HOUSING = Article(f"{SITE}/1", title="Khởi công nhà ở xã hội", body="Dự án nhà ở xã hội có 480 căn hộ.")
MISSED, SECOND = "nhà cho thợ mỏ", "dự án nhà cho thợ mỏ"


@pytest.fixture
def page() -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
        opened.set_default_timeout(PATIENCE)
        yield opened
        browser.close()


def total(address: str, question: str) -> int:
    with urllib.request.urlopen(f"{address}/api/v1/search?{urllib.parse.urlencode({'q': question})}") as answered:
        return int(json.load(answered)["total"])


def in_inbox(store: Store, state: missed.State) -> set[str]:
    with store.read() as connection:
        return {each.question.text for each in missed.inbox(connection, state, 10)}


def test_a_missed_question_answers_in_every_process_after_a_synonym(archive: Archive, page: Page) -> None:
    store = archive.store
    archive.put(HOUSING)
    generation = archive.engine.columns().generation
    with store.write() as connection:
        accounts.add(connection, "lan", PASSWORD, "editor")
    with served(store.home) as one, served(store.home) as other:
        assert total(one, SECOND) == 0
        page.goto(f"{other}/search?q={urllib.parse.quote(MISSED)}")
        expect(page.locator("body")).to_contain_text("không tính vào tổng số")
        wait_for(lambda: in_inbox(store, "open") == {MISSED, SECOND}, "the questions of both sites")
        mend(page, other)
        wait_for(lambda: total(one, MISSED) == total(one, SECOND) == 1, "the other site")
        with serve(shown=[]) as replica, worker(store.home, replica):
            wait_for(lambda: in_inbox(store, "mended") == {MISSED, SECOND}, "the test by the worker")
        total(one, "hỏi rồi tắt máy")
    with store.read() as connection:
        assert questions.oldest_day(connection)
        assert {each.state for each in jobs.latest(connection) if each.kind == "words"} == {"done"}
    assert "hỏi rồi tắt máy" in in_inbox(store, "open"), "a site that ends in order writes down what it holds"
    assert WhooshEngine(store.index).columns().generation == generation


def mend(page: Page, address: str) -> None:
    """What an editor does: from the inbox to the synonym, looking before keeping it."""
    page.goto(f"{address}/admin/words/missed")
    page.get_by_label("Tên").first.fill("lan")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    mine = page.locator(".words-missed li", has=page.get_by_text(MISSED, exact=True))
    mine.get_by_role("link", name="Thêm từ đồng nghĩa").click()
    page.get_by_label("Tiếng Việt", exact=True).fill(f"nhà ở xã hội\n{MISSED}")
    page.get_by_role("button", name="Xem trước thay đổi").click()
    expect(page.locator(".words-effects tbody tr").first).to_contain_text("1 (+1)")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".told").last).to_contain_text("nay đã có 1 kết quả")
