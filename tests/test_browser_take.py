"""Can a person with a browser cite an article and take an answer away?"""

import csv
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from indexer.article import Article
from tests.conftest import Archive
from tests.hostile import HOSTILE
from tests.test_browser import browser, opened, served

pytestmark = pytest.mark.browser
__all__ = ["browser"]
HOUSING = Article("https://soxd.replica.test/1", title="Khởi công nhà ở xã hội", body="Nhà ở.", unit="Văn phòng Sở")


@pytest.fixture
def site(archive: Archive) -> Iterator[str]:
    archive.put(HOUSING, HOSTILE)
    with served(archive.store.home) as address:
        yield address


def test_an_answer_is_taken_away_and_an_article_cited(site: str, browser: Browser) -> None:
    page = opened(browser, 360, java_script_enabled=False, locale="vi-VN")
    page.goto(f"{site}/search?q=nhà ở")
    page.get_by_text("Tải về 2 bài").click()
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert begun.value.suggested_filename.startswith("khotin-nha-o-")
    with begun.value.path().open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2
    page.get_by_role("link", name=HOUSING.title, exact=True).click()
    expect(page.locator(".cite[lang=vi]")).to_contain_text("“Khởi công nhà ở xã hội”")
    with page.expect_download() as begun:
        page.get_by_role("link", name="BibTeX").click()
    assert begun.value.suggested_filename == "khotin-1.bib"

    page = opened(browser, 360)  # an error on the console, as of a broken policy, fails the test
    for path in ("/articles/1", "/articles/2", "/search?q=nhà ở"):
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.goto(f"{site}/articles/1")
    read = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).headline"
    assert page.evaluate(read) == HOUSING.title
