"""Can an admin schedule, watch, stop and mend with a browser?  Real Chromium, a real worker, a replica that changes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from crawler.replica.content import ReplicaArticle
from crawler.replica.content import articles as bundled
from crawler.replica.server import Fault, Replica, serve
from indexer import accounts, clock
from indexer.store import Store, mailboxes, open_store, sources
from indexer.store.tables import articles as article_table
from tests.mailing import SITE, Sink, mail_server
from tests.test_browser import PASSWORD, PATIENCE, browser, opened, served

__all__ = ["browser"]
pytestmark = pytest.mark.browser
SetClock = Callable[[datetime], None]
SHOWN = bundled()[:12]
MONDAY = datetime(2026, 1, 5, 10, 0, tzinfo=clock.VIETNAM)


@dataclass(frozen=True, slots=True)
class Office:
    """A department's admin at her desk: the site with its worker, the replica it crawls, and her mail."""

    address: str
    replica: Replica
    store: Store
    sink: Sink


@pytest.fixture
def office(tmp_path: Path, set_clock: SetClock) -> Iterator[Office]:
    set_clock(MONDAY)
    home = tmp_path / "data"
    store = open_store(home, create=True)
    with mail_server() as sink, serve(shown=SHOWN) as replica:
        with store.write() as connection:
            admin = accounts.add(connection, "lan", PASSWORD)
            mailboxes.put(connection, admin, "lan@example.org", "vi")
            box = mailboxes.get(connection, admin)
            assert box
            mailboxes.confirm(connection, box.nonce)
            sources.add(connection, "soxd", replica.url, delay_seconds=0.0)
        mail = {
            "KHOTIN_SMTP_HOST": "127.0.0.1", "KHOTIN_SMTP_PORT": str(sink.port), "KHOTIN_SMTP_TLS": "none",
            "KHOTIN_MAIL_FROM": "kho@example.org", "KHOTIN_SITE_ADDRESS": SITE,
        }  # fmt: skip
        with served(home, "serve", KHOTIN_RESOLVE=replica.resolve, **mail) as address:
            yield Office(address, replica, store, sink)
    store.close()


def path_of(office: Office, article: ReplicaArticle) -> str:
    return office.replica.address(article.node).partition(office.replica.host)[2]


def sign_in(page: Page, office: Office) -> None:
    page.goto(f"{office.address}/admin?lang=vi")
    if "/sign-in" in page.url:
        page.get_by_label("Tên đăng nhập").fill("lan")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Tổng quan")).to_be_visible()


def crawl(page: Page, office: Office) -> None:
    """One crawl, asked for on the overview and watched to its end."""
    page.goto(f"{office.address}/admin")
    page.get_by_role("button", name="Thu thập ngay").first.click()
    expect(page.get_by_role("heading", name="Báo cáo")).to_be_visible(timeout=PATIENCE)


def test_an_admin_schedules_watches_stops_goes_on_and_retries(
    office: Office, browser: Browser, set_clock: SetClock
) -> None:
    newest = sorted(SHOWN, key=lambda each: each.published, reverse=True)
    office.replica.faults[path_of(office, newest[2])] = Fault("status", 403)
    office.replica.faults[path_of(office, newest[6])] = Fault("hang", 0, 1)  # there the round is met running
    page = opened(browser, 1280)
    sign_in(page, office)
    page.get_by_role("link", name="Đặt lịch thu thập").first.click()
    page.get_by_label("Mỗi tuần một lần").check()
    page.get_by_label("Lúc", exact=True).fill("02:30")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Thứ Hai hằng tuần lúc 02:30")).to_be_visible()
    page.get_by_role("button", name="Lưu lịch").click()

    set_clock(MONDAY + timedelta(days=6, hours=17))  # the next Monday, three o'clock at night
    sign_in(page, office)
    while not page.locator(".under-way").count():  # the page has nothing to renew itself for yet
        page.wait_for_timeout(300)
        page.reload()
    page.locator(".under-way a").first.click()
    expect(page.locator("#live progress")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#log")).to_contain_text("Bài mới: ", timeout=PATIENCE)
    page.get_by_role("button", name="Dừng").click()
    expect(page.locator("[data-state]")).to_contain_text("đã dừng", timeout=PATIENCE)
    page.get_by_role("button", name="Chạy tiếp từ chỗ đã dừng").click()
    expect(page.locator("#log")).to_contain_text("Chạy tiếp từ chỗ đã dừng", timeout=PATIENCE)
    expect(page.locator("[data-state]")).to_contain_text("hoàn thành", timeout=PATIENCE)
    expect(page.locator(".sch-causes")).to_contain_text("403")
    office.replica.faults.clear()
    page.get_by_role("button", name="Thử lại 1 trang lỗi").click()
    expect(page.locator("[data-state]")).to_contain_text("hoàn thành", timeout=PATIENCE)
    page.goto(f"{office.address}/admin")
    expect(page.get_by_text("Không có việc gì cần làm.")).to_be_visible()


def test_a_source_goes_quiet_is_mended_and_both_are_told(office: Office, browser: Browser, set_clock: SetClock) -> None:
    page = opened(browser, 360)
    sign_in(page, office)
    crawl(page, office)
    spread_out(office.store)
    set_clock(MONDAY + timedelta(days=30))
    office.replica.habits = frozenset({"lists_by_script"})
    office.replica.add(replace(SHOWN[0], node=900, title="Khánh thành cầu Thác Mơ", published=MONDAY))
    sign_in(page, office)
    crawl(page, office)
    page.goto(f"{office.address}/admin")
    need = page.locator(".ovw-needs li", has_text="soxd: Không có bài mới trong")
    expect(need).to_contain_text("Trang danh mục có thể đã thay đổi")
    await_mail(page, office, 1)
    assert "Trang danh mục có thể đã thay đổi" in office.sink.texts()[0]
    with office.store.write() as connection:  # as an engineer mends it, or the admin on the source's own page
        source = sources.need(connection, "soxd")
        sources.change(connection, source.id, overrides='feed = ["/tin-moi.rss"]\n')
    set_clock(MONDAY + timedelta(days=31))
    sign_in(page, office)
    crawl(page, office)
    page.goto(f"{office.address}/admin")
    expect(page.locator(".ovw-needs")).not_to_contain_text("Không có bài mới")
    await_mail(page, office, 2)
    assert str(office.sink.mails[1]["Subject"]).startswith("Đã hết sự cố: soxd") and len(office.sink.mails) == 2


def spread_out(store: Store) -> None:
    """As if the articles had come in day by day since the first round."""
    with store.write() as connection:
        numbers = connection.execute(select(article_table.c.id)).scalars().all()
        for days, number in enumerate(numbers[:8], start=2):
            same = article_table.c.id == number
            connection.execute(update(article_table).where(same).values(first_seen=MONDAY + timedelta(days=2 * days)))


def await_mail(page: Page, office: Office, count: int) -> None:
    for _ in range(300):
        if len(office.sink.mails) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError("no letter came")
