"""Does the whole of it work for a person with a browser?  Real Chromium, a real site, a real worker."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from crawler.replica.content import articles as bundled
from crawler.replica.server import Replica, serve
from indexer import accounts
from indexer.store import open_store, sources
from tests.servers.ports import free_port

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent
PASSWORD = "a long password"
# A crawl of the small replica takes some seconds; the machine may be busy with other tests.
PATIENCE = 60_000


@dataclass(frozen=True, slots=True)
class Site:
    """A running search site with its worker, and the replica that it crawls."""

    address: str
    replica: Replica


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    home = tmp_path / "data"
    store = open_store(home, create=True)
    with store.write() as connection:
        accounts.add(connection, "lan", PASSWORD)
    with serve(shown=bundled()[:12]) as replica:
        with store.write() as connection:
            sources.add(connection, "soxd", replica.url, delay_seconds=0.0)
        with served(home, "serve", KHOTIN_RESOLVE=replica.resolve) as address:
            yield Site(address, replica)
    store.close()


@contextmanager
def served(home: Path, command: str = "web", port: int = 0, **environment: str) -> Iterator[str]:
    """A site in processes of its own, as its command starts it; its address."""
    port = port or free_port()
    words = [sys.executable, "-m", "khotin", "--home", str(home), command, "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env=os.environ | environment, start_new_session=True)
    try:
        wait_until_it_answers(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/about").close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the site never answered")


@pytest.fixture
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: sudo apt-get install chromium"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=flags)
        yield opened
        opened.close()


def opened(browser: Browser, width: int, **more: object) -> Page:
    """A page of this width that fails the test when the browser complains, of a broken policy for example."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **more).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)

    def complain(message: ConsoleMessage) -> None:
        assert message.type != "error" or "404" in message.text, message.text

    page.on("console", complain)
    return page


def go_to_source(page: Page, site: Site) -> None:
    """Sign in and open the page of the one source."""
    page.goto(f"{site.address}/admin?lang=en")
    page.get_by_label("User name").fill("lan")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Sources", exact=True).first.click()
    page.get_by_role("link", name="soxd").first.click()


def crawl(page: Page) -> None:
    """Ask for a crawl on the source's page and watch it to its end."""
    page.get_by_role("button", name="Crawl now").first.click()
    if not page.url.split("?")[0].rstrip("/").split("/")[-2].startswith("job"):
        page.get_by_role("link", name="Watch it").first.click()
    expect(page.get_by_role("heading", name="Report")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-state]")).to_contain_text("done", ignore_case=True)


def test_an_admin_schedules_crawls_restricts_and_a_reader_finds(site: Site, browser: Browser) -> None:
    page = opened(browser, 1280)
    go_to_source(page, site)
    source = page.url
    page.get_by_role("link", name="Add a schedule").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="The next five times")).to_be_visible()
    page.get_by_role("button", name="Save the schedule").click()
    expect(page.get_by_text("Next due")).to_be_visible()

    crawl(page)
    expect(page.locator("#log")).to_contain_text("giá vật liệu xây dựng tháng 9/2024")

    fresh = replace(bundled()[0], node=900, title="Khánh thành cầu Thác Mơ", lead="Cầu mới đã thông xe.")
    site.replica.add(fresh)
    page.goto(source)
    crawl(page)
    search = f"{site.address}/search?q=cau+thac+mo"
    page.goto(search)
    page.wait_for_function("document.querySelector('mark') || (setTimeout(() => location.reload(), 500), false)")
    expect(page.locator("mark").first).to_have_text("cầu Thác Mơ")

    page.get_by_role("link", name=fresh.title).first.click()
    page.get_by_label("Reason").fill("Yêu cầu gỡ")
    page.get_by_role("button", name="Restrict the article").click()
    reader = opened(browser, 1280)
    reader.goto(f"{search}&lang=en")
    expect(reader.get_by_text("Thác Mơ")).to_have_count(0)

    page.goto(f"{site.address}/search?q=nh%C3%A0+%E1%BB%9F&lang=en")
    page.get_by_role("link", name="Tiếng Việt").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("input[name=q]").first).to_have_value("nhà ở")


def test_a_reader_on_a_phone_without_script_searches_narrows_and_reads(site: Site, browser: Browser) -> None:
    admin = opened(browser, 360)
    go_to_source(admin, site)
    crawl(admin)

    page = opened(browser, 360, java_script_enabled=False)
    page.goto(f"{site.address}/?lang=vi")
    page.locator("input[name=q]").first.fill("gia vat lieu xay dung")
    page.get_by_role("button", name="Tìm", exact=True).first.click()
    expect(page.locator("mark").first).to_be_visible()
    total = page.locator(".hit").count()
    page.locator("summary", has_text="Lọc").first.click()
    page.locator(".filters").get_by_role("button", name="2023").first.click()
    assert 0 < page.locator(".hit").count() <= total
    page.locator(".hit a").first.click()
    expect(page.get_by_text("không thay thế văn bản gốc").first).to_be_visible()
