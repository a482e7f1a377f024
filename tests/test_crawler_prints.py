"""Is the print view read where a page shows no text, and never otherwise?"""

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from crawler.addresses import is_print
from crawler.extract import extract
from crawler.page import Page
from crawler.prints import print_view
from crawler.profiles import named
from crawler.replica.content import many
from crawler.replica.server import serve
from crawler.report import text
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.store import open_store
from indexer.store.tables import addresses, aliases, articles, file_links, versions
from tests.conftest import add_site, kept_articles, one_round

SITE = "https://so.replica.test"
PRINT = "/node/7/printable/print"


def test_an_article_without_text_is_read_from_its_print_view_once_and_keeps_its_address(tmp_path: Path) -> None:
    home, shown = tmp_path / "data", many(9)
    with serve(shown=shown, bad_habits=["text_in_print_only"]) as replica:
        add_site(home, replica)
        report = one_round(home, replica)
        asked = [each.path for each in replica.log]
        again = one_round(home, replica)
        address = replica.address(7)
        assert (report["state"], report["failed"], report["new"], report["printed"]) == ("done", 0, len(shown), 1)
        assert "1 articles had their text only in the print view" in "\n".join(text(report))
        assert [path for path in asked if "print" in path] == [PRINT]
        assert (again["new"], again["changed"], again["printed"]) == (0, 0, 0), "nothing is asked for beside a 304"
        assert PRINT not in [each.path for each in replica.log[len(asked) :]]
        replica.edit(7, body="Một đoạn văn khác hẳn. " * 20)
        assert one_round(home, replica)["changed"] == 1
    found = next(each for each in kept_articles(home) if each.article.title == shown[6].title)
    assert (found.article.address, found.versions) == (address, 2)
    assert found.article.body.startswith("Một đoạn văn khác hẳn")
    assert (found.article.lead, found.article.published) == (shown[6].lead, shown[6].published)
    before = kept_articles(home)
    forget(home)
    with serve(shown=()) as replica:
        assert one_round(home, replica, replay=True)["new"] == len(shown)
        assert replica.log == []
    assert told(kept_articles(home)) == told(before)


def told(kept: list[Kept]) -> list[tuple[str, str, int]]:
    return sorted((each.article.address, each.article.body, each.versions) for each in kept)


def forget(home: Path) -> None:
    """Lose all articles; the kept pages stay."""
    store = open_store(home)
    with store.write() as connection:
        connection.execute(update(addresses).values(article_id=None))
        for table in (aliases, file_links, versions, articles):
            connection.execute(delete(table))
    store.close()


def wanted(html: str, path: str = "/bai-viet-1", profile: str = "generic", own: str = "") -> str:
    page = Page(SITE + path, 200, {"content-type": "text/html"}, html.encode())
    chosen = named(profile, own)
    return print_view(page, chosen, extract(page, chosen), {"so.replica.test"}).removeprefix(SITE)


HEAD = "<title>Thông báo về việc cấp phép</title><h1>Thông báo về việc cấp phép</h1>"


@pytest.mark.parametrize(
    ("html", "view"),
    [
        (HEAD + '<a href="/print/12">In</a>', "/print/12"),
        (HEAD + """<a href="#" onclick="window.open('/in-bai-viet/12','x')">In bài viết</a>""", "/in-bai-viet/12"),
        (HEAD + """<a href="javascript:go('/pages/print.aspx?p=12')">In</a>""", "/pages/print.aspx?p=12"),
        (HEAD + '<a href="/print/12">In</a><a href="/print/13">In</a>', ""),
        (HEAD + '<a href="http://elsewhere.test/print/12">In</a>', ""),
        (HEAD + '<a href="/print/12">In</a><p>' + "Sở Xây dựng thông báo về việc cấp phép. " * 9 + "</p>", ""),
        (HEAD + '<a href="/print/12">In</a><p><a href="/van-ban.pdf">Tải văn bản</a></p>', ""),
        (HEAD, ""),
    ],
)  # fmt: skip
def test_the_print_view_is_wanted_only_by_a_page_that_has_one_and_nothing_else(html: str, view: str) -> None:
    assert wanted(html) == view


def test_a_profile_or_a_source_may_know_the_print_view_s_address() -> None:
    assert wanted(HEAD, "/vi/news/tin/Bai-12.html", "nukeviet") == "/vi/news/print/tin/Bai-12.html"
    assert wanted(HEAD, "/tin/12", own=r"print_url = ['/tin/(\d+)$ -> /ban-in?so=\1']") == "/ban-in?so=12"
    with pytest.raises(KhotinError, match="two sides"):
        named("generic", "print_url = ['/tin/']")


@pytest.mark.parametrize(
    "path", ["/3cms/Ban-in-507.htm?art=15", "/a?print=1", "/news/print/a-1.html", "/print.aspx?p=3"]
)
def test_print_views_are_known_by_their_addresses(path: str) -> None:
    assert is_print(SITE + path)


@pytest.mark.parametrize("path", ["/ban-in-an-pham-moi", "/printing-house", "/tin?p=print"])
def test_other_pages_are_no_print_views(path: str) -> None:
    assert not is_print(SITE + path)
