"""Can everybody use the tools?  A real browser, narrow and wide, light and dark, without any script of the page."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from indexer.article import Article
from indexer.settings import Settings
from tests.conftest import Archive
from tests.test_browser import browser  # noqa: F401 - a fixture
from web.app import create_app

pytestmark = pytest.mark.browser

PAGES = (
    f"/trends?q={quote('cầu')}&q={quote('đường')}&q={quote('cầu OR')}&by=year&per=1000",
    f"/concordance?q={quote('cầu')}",
    "/lists",
)


@pytest.fixture
def address(archive: Archive) -> Iterator[str]:
    archive.put(
        *(
            Article(
                f"http://soxd.replica.test/{number}",
                title=f"Sửa cầu số {number}",
                body=f"Ngày mai sửa cầu số {number} trên đường vào xã. " * 3 + "x" * 300,
                published=datetime(2015 + number % 10, 1 + number % 12, 5, tzinfo=UTC),
            )
            for number in range(60)
        )
    )
    app = create_app(Settings(home=archive.store.home), archive.store, archive.engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("lang", "width", "scheme"), [("vi", 1280, "light"), ("en", 320, "dark")])
def test_the_tools_are_accessible_and_fit(browser: Browser, address: str, lang: str, width: int, scheme: str) -> None:  # noqa: F811
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
        check(page, width)
    page.fill("textarea", "cầu\nđường vào xã\nkhong co")
    page.click("button.main")
    assert page.locator("tbody tr").count() == 3
    check(page, width)
    assert said == []
    context.close()


def check(page: Page, width: int) -> None:
    for details in page.locator("main details summary").all():
        details.click()
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_point_of_a_trend_opens_its_hits(browser: Browser, address: str) -> None:  # noqa: F811
    page = browser.new_context(java_script_enabled=False, locale="vi-VN").new_page()
    page.goto(f"{address}/trends")
    page.fill("[name=q] >> nth=1", "sửa cầu")
    page.check("[name=by][value=year]")
    page.locator("form.plan button").click()
    point = page.locator(".curves a").first
    hits = (point.locator("title").text_content() or "").split(": ")[1]
    point.click()
    assert page.locator("h1").inner_text().startswith(f"{hits} kết quả")
