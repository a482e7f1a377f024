"""Does a round end by itself on a site that never ends, and with everything that is good on it?"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crawler.branches import Branches, grows, shape, within
from crawler.profiles import named
from crawler.replica.content import many
from crawler.replica.server import Replica, serve
from crawler.sitemaps import read_sitemap
from tests.conftest import add_site, kept_articles, one_round

EXTRA = 12  # requests that a bad habit may cost
COUNT = 24  # articles: enough for two pages of a list


def titles(home: Path) -> list[str]:
    return sorted(each.article.title for each in kept_articles(home))


@pytest.fixture(scope="module")
def asked_plainly(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The requests of a round over the same site without bad habits."""
    with serve(shown=many(COUNT)) as replica:
        crawled(replica, tmp_path_factory.mktemp("plain") / "data")
        return len(replica.log)


def crawled(replica: Replica, home: Path) -> dict[str, Any]:
    add_site(home, replica)
    return one_round(home, replica)


def test_a_growing_path_is_left_after_a_few_steps(tmp_path: Path) -> None:
    with serve(shown=many(300), bad_habits=["growing_path"]) as replica:
        report = crawled(replica, tmp_path / "data")
        lists = sum("?page=" in each.path or "taxonomy" in each.path for each in replica.log)
        asked = len(replica.log) - lists
    assert (report["state"], report["failed"]) == ("done", 0)
    assert titles(tmp_path / "data") == sorted(each.title for each in many(300))
    assert asked <= 1.2 * 300, Counter(shape(each.path) for each in replica.log)
    assert report["skipped"]["branches that bring nothing new"] > 0


@pytest.mark.parametrize("habit", ["endless_pages", "calendar", "sessions_in_links", "login_links", "soft_404"])
def test_a_bad_habit_costs_few_requests_and_no_article(habit: str, tmp_path: Path, asked_plainly: int) -> None:
    shown = many(COUNT)
    with serve(shown=shown, bad_habits=[habit]) as replica:
        report = crawled(replica, tmp_path / "data")
        asked = Counter(each.path for each in replica.log)
    assert (report["state"], report["failed"]) == ("done", 0)
    assert titles(tmp_path / "data") == sorted(each.title for each in shown)
    assert asked.total() <= asked_plainly + EXTRA, asked.most_common(5)


@pytest.mark.parametrize(
    ("habits", "most", "reason"),
    [
        (["calendar_by_path", "facets"], 120, "branches that bring nothing new"),
        (["marked_links"], 120, "further names of pages that are kept"),
    ],
)
def test_what_a_site_leads_to_without_end_is_left_whatever_it_is_called(
    habits: list[str], most: int, reason: str, tmp_path: Path
) -> None:
    home, shown = tmp_path / "data", many(COUNT)
    with serve(shown=shown, bad_habits=habits) as replica:
        add_site(home, replica, profile="generic")
        report = one_round(home, replica, max_pages=1_000)
        asked = Counter(shape(each.path) for each in replica.log)
        told = len(replica.log)
        one_round(home, replica, max_pages=1_000)
    assert (report["state"], report["failed"]) == ("done", 0)
    assert titles(home) == sorted(each.title for each in shown)
    assert asked.total() <= most, asked.most_common(9)
    assert report["skipped"][reason] > 5
    assert len(replica.log) - told <= told, "nor does it grow from round to round"


def test_an_article_that_the_site_denies_softly_is_gone(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=many(COUNT), bad_habits=["soft_404"]) as replica:
        crawled(replica, home)
        replica.unpublish(7)
        reports = [one_round(home, replica) for _ in range(2)]
    assert [each["gone"] for each in reports] == [0, 1]
    assert [each["changed"] for each in reports] == [0, 0]
    gone = [each.article.title for each in kept_articles(home) if each.gone_at]
    assert [title.rpartition(" ")[2] for title in gone] == ["7"]


def test_a_sitemap_is_a_hint_to_articles_that_no_list_shows(tmp_path: Path) -> None:
    with serve(shown=many(COUNT), bad_habits=["sitemap"]) as replica:
        report = crawled(replica, tmp_path / "data")
        asked = {each.path for each in replica.log}
    assert (report["state"], report["failed"]) == ("done", 0)
    assert titles(tmp_path / "data") == sorted(each.title for each in many(COUNT))
    assert "/sitemap.xml" in asked and "/print/node/7" not in asked


def test_a_sitemap_that_is_none_gives_nothing() -> None:
    hosts = {"a.vn"}
    for body in (b"", b"\x00\x01", b"<html><body>404</body></html>", b"<urlset><url><loc>http://b.vn/x-y-z-t</loc>"):
        assert read_sitemap(body, named("generic"), hosts) == ([], [])
    index = b"<sitemapindex><sitemap><loc>http://a.vn/s1.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(index, named("generic"), hosts) == ([], ["http://a.vn/s1.xml"])


def test_a_site_that_is_drawn_by_scripts_says_so(tmp_path: Path) -> None:
    with serve(shown=many(3), bad_habits=["shell"]) as replica:
        report = crawled(replica, tmp_path / "data")
    assert report["state"] == "failed"
    assert "drawn by scripts" in report["problem"]


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("https://a.vn/tin/bai-1", "https://a.vn/tin/vi/bai-1", True),
        ("https://a.vn/tin/bai-1/", "https://a.vn/tin/bai-1/en/", True),
        ("https://a.vn/tin/bai-1", "https://a.vn/tin/bai-2", False),
        ("https://a.vn/tin/bai-1", "https://a.vn/quy-hoach/do-thi/bai-3", False),
        ("https://a.vn/tin/bai-1", "https://a.vn/", False),
        ("https://a.vn/bai-1", "https://a.vn/index.php/bai-1", False),
        ("https://a.vn/", "https://a.vn/tin/bai-1", False),
    ],
)
def test_links_that_only_lengthen_the_path_are_known(page: str, link: str, expected: bool) -> None:
    assert grows(link, page) is expected


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("/lich?d=1", "/lich?d=2", "/lich?d"),
        ("/lich/2024/01/05", "/lich/2024/02", "/lich/?"),
        ("/ds?loai=1", "/ds?loai=1&nam=2", "/ds?loai&nam"),
        ("/tin?page=2", "/tin?page=3", "/tin?page=#"),
        ("/tin?cat=7&page=2", "/tin?cat=7&page=3", "/tin?cat=7&page=#"),
        ("/tin/page/2", "/tin/page/3", "/tin/page/#"),
        ("/tin?cat=7&page=2", "/tin?cat=8&page=2", ""),
        ("/ds", "/ds?loai=1", ""),
        ("/", "/lich/2024/01/05", ""),
        ("/ds?loai=1", "/ds?nam=2", ""),
        ("/gioi-thieu", "/lien-he", ""),
    ],
)
def test_links_that_lead_on_within_their_pattern_are_known(page: str, link: str, expected: str) -> None:
    assert (
        within(f"https://a.vn{link}", f"https://a.vn{page}").removeprefix("https://").removeprefix("a.vn") == expected
    )


def test_a_branch_is_closed_when_it_brings_nothing_and_open_while_it_does() -> None:
    branches = Branches()
    for number in range(20):
        branches.note(f"https://a.vn/tin/bai-so-{number}/vi", new=False)
        branches.note(f"https://a.vn/gioi-thieu/co-cau-{number}-x", new=number % 2 == 0)
    assert branches.closed("https://a.vn/tin/bai-so-99/vi")
    assert not branches.closed("https://a.vn/gioi-thieu/co-cau-99-x")
