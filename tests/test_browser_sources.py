"""Can an official add a site by its address, see what would be taken, and mend a field by pointing at it?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from crawler.replica.content import articles as bundled
from crawler.replica.server import serve
from indexer import accounts
from indexer.store import open_store
from tests.conftest import kept_articles
from tests.test_browser import PASSWORD, PATIENCE, Site, browser, opened, served

pytestmark = pytest.mark.browser
__all__ = ["browser"]
SHOWN = bundled()[:8]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site without a source, and a replica whose dates stand where no profile looks for them."""
    store = open_store(tmp_path / "data", create=True)
    with store.write() as connection:
        accounts.add(connection, "lan", PASSWORD)
    store.close()
    with serve(shown=SHOWN, bad_habits=["date_below"]) as replica:
        quick = {"KHOTIN_RESOLVE": replica.resolve, "KHOTIN_DELAY_SECONDS": "0"}
        with served(tmp_path / "data", "serve", **quick) as address:
            yield Site(address, replica)


def test_a_site_is_added_by_its_address_and_a_missing_date_is_mended_by_pointing_at_it(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, 1280, locale="vi-VN")
    page.goto(f"{site.address}/admin/sources/new")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Địa chỉ", exact=True).fill(site.replica.url)
    page.get_by_role("button", name="Xem thử").click()
    dates = page.get_by_role("row", name="Ngày đăng")
    expect(dates).to_contain_text("không thấy ngày đăng", timeout=PATIENCE)
    assert kept_articles(tmp_path / "data") == []

    dates.get_by_role("link", name="Chỉ chỗ đúng").click()
    page.get_by_role("link", name="Hiện trang như khi xem").click()
    when = page.locator(".luc a.khotin-part")
    told = when.inner_text()
    when.click()
    expect(page.locator(".so-chosen")).to_have_text(told)
    page.get_by_role("button", name="Xem kết quả trên các trang").click()
    expect(page.get_by_role("heading", name="Cách đọc mới — chưa lưu")).to_be_visible(timeout=PATIENCE)
    expect(dates).to_contain_text(told)
    page.get_by_role("button", name="Lưu cách đọc này").click()
    expect(page.locator(".so-missing")).to_have_count(0)

    page.get_by_label("Tên", exact=True).fill("soxd")
    page.get_by_role("button", name="Thêm nguồn này").click()
    page.get_by_role("button", name="Thu thập ngay").click()
    expect(page.locator("[data-state]")).to_contain_text("hoàn thành", timeout=PATIENCE)
    taken = {each.article.title: each.article.published for each in kept_articles(tmp_path / "data")}
    dates = {each.title: each.published for each in SHOWN if each.shows_date}
    assert {title: taken[title] for title in dates} == dates
