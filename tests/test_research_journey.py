"""Can a researcher get from a question to a footnote, a comparison and a file, as it is done in an archive?"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from indexer.article import Article
from tests.conftest import Archive
from tests.test_browser import browser, opened, served

pytestmark = pytest.mark.browser
__all__ = ["browser"]
NOTICE = Article(
    "https://soxd.replica.test/nha-o/thong-bao",
    title="Thông báo bán nhà ở xã hội khu Nà Lùng",
    body="Dự án có 120 căn hộ. Hồ sơ nộp tại Ban Quản lý dự án. Hạn nộp hồ sơ là ngày 15/5/2024.",
    section="Thông báo",
    unit="Phòng Quản lý nhà",
    published=datetime(2024, 4, 2, 3, 0, tzinfo=UTC),
)
CHANGED = replace(NOTICE, body=NOTICE.body.replace("120 căn", "96 căn"))


WORKS = ("san nền", "cấp nước", "thoát nước", "chiếu sáng", "cây xanh", "hè phố", "mái taluy", "bãi đỗ xe")
PLACES = ("Na Sầm", "Đồng Đăng", "Lộc Bình", "Bình Gia", "Hữu Lũng", "Chi Lăng")


def report(number: int) -> Article:
    year, month = 2021 + number // 12, number % 12 + 1
    what = "nhà ở xã hội" if number % 3 else "mỏ cát nghiền"
    return Article(
        f"https://soxd.replica.test/nha-o/{number}",
        title=f"Tiến độ {WORKS[number % 8]} {what} tại {PLACES[number // 8]}",
        body=f"Cuộc họp số {number} nghe báo cáo tiến độ, vướng mắc và kiến nghị của chủ đầu tư thứ {number}.",
        section=("Quản lý nhà ở", "Vật liệu xây dựng")[number % 2],
        unit=("Phòng Quản lý nhà", "Văn phòng Sở", "Thanh tra Sở")[number % 3],
        published=datetime(year, month, 9, 3, 0, tzinfo=UTC),
    )


@pytest.fixture
def site(archive: Archive) -> Iterator[str]:
    archive.put(NOTICE, *map(report, range(48)))
    archive.put(CHANGED)
    with served(archive.store.home) as address:
        yield address


def saved(page: Page, link: str) -> Path:
    with page.expect_download() as begun:
        page.get_by_role("link", name=link, exact=True).click()
    return begun.value.path()


def test_a_researcher_narrows_cites_compares_and_takes_away(site: str, browser: Browser) -> None:
    page = opened(browser, 1280, java_script_enabled=False, locale="vi-VN")

    # by the timeline to a year, by two facets to a handful; three of them are cited
    page.goto(f"{site}/search?q=tiến+độ")
    page.get_by_text("Số liệu theo tháng").click()
    page.locator('.figures button[value="2022"]').click()
    page.locator(".filters li", has_text="Quản lý nhà ở").get_by_role("button").first.click()
    page.locator(".filters li", has_text="Văn phòng Sở").get_by_role("button").first.click()
    titles = page.locator(".hit h3 a").all_inner_texts()
    assert 2 <= len(titles) <= 6
    narrowed = page.url
    for title in titles[:3]:
        page.goto(narrowed)
        page.get_by_role("link", name=title, exact=True).click()
        assert f"title = {{{{{title}}}}}" in re.sub(r"\s+", " ", saved(page, "BibTeX").read_text("utf-8")).replace(
            "\\", ""
        )

    # an article that was changed tells what changed
    page.goto(f"{site}/search?q=nhà+ở+xã+hội&state=updated")
    page.get_by_role("link", name=NOTICE.title, exact=True).click()
    page.get_by_role("link", name="Nội dung thay đổi").click()
    expect(page.locator("del").filter(has_text="120")).to_have_count(1)
    expect(page.locator("ins").filter(has_text="96")).to_have_count(1)

    # two questions side by side, and their figures as a table
    page.goto(f"{site}/trends?q=nhà+ở+xã+hội&q=cát+nghiền&by=year")
    rows = list(csv.reader(io.StringIO(saved(page, "CSV").read_text("utf-8"))))
    assert rows[0][:3] == ["year", "articles", "nhà ở xã hội"]
    assert [row[2] for row in rows if row[0] in ("2021", "2022")] == ["8", "8"]

    # the whole answer as one file, whose manifest tells what is in it
    page.goto(f"{site}/search?q=tiến+độ")
    page.get_by_text("Tải về 48 bài").click()
    with zipfile.ZipFile(saved(page, "Một tệp ZIP kèm bản kê")) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        rows = list(csv.DictReader(io.StringIO(packed.read("articles.csv").decode("utf-8-sig"))))
    assert (manifest["question"], manifest["total"], manifest["withheld"]) == ("tiến độ", 48, 0)
    assert len(rows) == manifest["written"] == 48
