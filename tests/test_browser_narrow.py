"""Can a person narrow an answer by the timeline and facets, with a mouse, with keys, and without a script?"""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from indexer import build
from indexer.article import Article
from indexer.clock import now
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import articles, open_store, sources
from tests.test_browser import browser, opened, served  # noqa: F401

pytestmark = pytest.mark.browser
SECTIONS = ("Quản lý nhà ở", "Thông báo", "Quy hoạch - Kiến trúc", "Thanh tra xây dựng")
# What a page of results may weigh: its text as it is, everything beside it as it travels.
MOST_HTML, MOST_BESIDE = 100_000, 60_000
LEAST_SEEN = 0.001  # of a shift of the layout: a pixel or less, when a busy machine paints the page in two goes
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.shifted += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def notice(number: int) -> Article:
    year, month = 2010 + number // 12, number % 12 + 1
    return Article(
        f"http://soxd.example/{number}",
        title=f"Công bố giá vật liệu xây dựng tháng {month}/{year}"
        if number % 2
        else f"Hội nghị thứ {number} về giá cát",
        body=" ".join(
            f"Giá cát và vật liệu xây dựng tại tỉnh Lạng Sơn theo Quyết định {number}/QĐ-UBND." for _ in range(9)
        ),
        section=SECTIONS[number % 4],
        unit=f"Phòng số {number % 9}",
        published=datetime(year, month, 15, tzinfo=UTC) if number < 168 else None,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("narrow") / "data"
    store = open_store(home, create=True)
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.example/")
        for number in range(172):
            articles.save(connection, source.id, notice(number), now())
    build.update(store, WhooshEngine(store.index))
    store.close()
    with served(home) as address:
        yield address


def count(page: Page) -> int:
    """How many results the page says it has."""
    return int(re.sub(r"\D", "", page.locator("h1").inner_text().split("“")[0]) or 0)


def test_a_reader_drags_over_months_takes_two_facets_and_goes_on_by_keys(site: str, browser: Browser) -> None:  # noqa: F811
    page = opened(browser, 1280, locale="vi-VN")
    page.add_init_script(SHIFTS)
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update(size_of(answer)))
    page.goto(f"{site}/search?q=gi%C3%A1+c%C3%A1t")
    assert count(page) == 172
    assert len(page.content()) <= MOST_HTML and page.evaluate("shifted") < LEAST_SEEN
    page.wait_for_load_state("networkidle")
    assert {"style.css", "khotin.js"} <= set(sizes) and sum(sizes.values()) <= MOST_BESIDE

    months = page.locator(".months").bounding_box()
    assert months
    month, y = months["width"] / 168, months["y"] + 20
    page.mouse.move(months["x"] + 24.5 * month, y)
    page.mouse.down()
    page.mouse.move(months["x"] + 47.5 * month, y, steps=4)
    expect(page.locator(".picks .in")).to_have_count(24)
    page.mouse.up()
    page.wait_for_url("**from=2012-01-01&to=2013-12-31")
    assert count(page) == 24
    expect(page.locator(".chip", has_text="01/01/2012 – 31/12/2013")).to_be_visible()

    page.locator(".filters li", has_text="Thông báo").get_by_role("button").first.click()
    assert count(page) == 6
    page.get_by_role("button", name="Loại trừ “Phòng số 1”").click()
    left = count(page)
    assert 0 < left < 6
    assert sum(int(each) for each in page.locator(".filters button[name=year] .count").all_inner_texts()) == left

    page.keyboard.press("j")
    expect(page.locator(".hit h3 a").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("k")
    title = page.locator(".hit h3 a").last.inner_text()
    page.keyboard.press("o")
    expect(page.locator("h1")).to_have_text(title)

    page.go_back()
    page.get_by_role("button", name="Tắt phím tắt").click()
    page.keyboard.press("j")
    expect(page.get_by_role("button", name="Bật phím tắt")).to_be_focused()

    page.goto(f"{site}/facets/section?q=gi%C3%A1+c%C3%A1t&section=Th%C3%B4ng+b%C3%A1o")
    page.get_by_label("Tìm trong danh sách này").press_sequentially("quy")
    expect(page.locator("#values li")).to_have_count(2)
    assert page.url.endswith("o") and page.get_by_label("Thông báo", exact=False).first.is_checked()


def size_of(answer: Response) -> dict[str, int]:
    """What a file beside the page weighs on its way."""
    name = answer.url.split("?")[0].rsplit("/", 1)[-1]
    return {name: len(gzip.compress(answer.body()))} if "/static/" in answer.url else {}


def test_without_a_script_on_a_phone_everything_narrows_as_well(site: str, browser: Browser) -> None:  # noqa: F811
    page = opened(browser, 360, locale="en-GB", java_script_enabled=False, color_scheme="dark")
    page.goto(f"{site}/search?q=gi%C3%A1+c%C3%A1t")
    page.get_by_role("button", name="Date unknown (4)").click()
    assert count(page) == 4
    page.get_by_role("link", name="Remove the filter “Date unknown”").click()

    page.locator("summary", has_text="Figures by month").click()
    page.locator(".figures button[value='2015']").click()
    assert count(page) == 12 and "from=2015-01-01&to=2015-12-31" in page.url

    page.locator("summary", has_text="Narrow").click()
    page.get_by_role("link", name=re.compile("choose several ?: Section")).click()
    page.get_by_label("Thông báo", exact=False).first.check()
    page.get_by_label("Find in this list").fill("thanh tra")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("#values li")).to_have_count(2)
    page.get_by_label("Thanh tra xây dựng", exact=False).first.check()
    page.get_by_role("button", name="Show the results").click()
    assert count(page) == 6

    page.get_by_role("link", name="Build this question with boxes").click()
    page.get_by_label("In the title").fill("giá vật liệu")
    page.locator("main").get_by_role("button", name="Search", exact=True).click()
    assert count(page) == 6
    expect(page.locator("#q")).to_have_value("giá cát title:(giá vật liệu)")
    assert page.locator(".hit").count() < 6
    expect(page.locator(".behind").first).to_contain_text("Same series")
