"""Does the replica behave as a department's Drupal site does?  Asked over real HTTP."""

import http.client
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from crawler.replica.content import File, Image, ReplicaArticle, articles, slug
from crawler.replica.server import Fault, Replica, serve
from indexer.clock import VIETNAM

ROOT = Path(__file__).parent.parent
DAY = datetime(2024, 1, 30, 15, 20, tzinfo=VIETNAM)
CONFERENCE = ReplicaArticle(
    node=1,
    title="Sở Xây dựng tổ chức Hội nghị tổng kết công tác năm 2023 & bàn nhiệm vụ",
    lead="Chiều ngày 30 tháng 01 năm 2024, Sở tổ chức hội nghị <tổng kết>.",
    body="Đoạn thứ nhất.\n\nĐoạn thứ hai.",
    section="tin-tuc",
    published=DAY,
    author="Chu Hồng Nhạn - Văn phòng Sở",
    shows_date=False,
    tags=("tổng kết",),
    images=(Image("1", "Toàn cảnh hội nghị", 0), Image("35", "Trao giấy khen", 1, "paragraph")),
    attachments=(File("ke-hoach.pdf", "Kế hoạch", ("Tỉnh uỷ Lạng Sơn", "Quyết định số 788/QĐ-UBND", "Đường 1/500")),),
)


def made(node: int, **more: Any) -> ReplicaArticle:
    plain = {"lead": "Tóm tắt.", "body": "Nội dung.", "section": "tin-tuc", "published": DAY + timedelta(days=node)}
    return ReplicaArticle(**{"node": node, "title": f"Tin số {node}", **plain, **more})


ENGLISH = made(40, title="Hội thảo quốc tế", section="english")
SITE = [CONFERENCE, *(made(node) for node in range(2, 25)), *(made(n, section="thong-bao") for n in (30, 31)), ENGLISH]


class Page(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def tree(self) -> BeautifulSoup:
        return BeautifulSoup(self.body.decode(), "lxml")


def ask(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Page:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers={"Host": "soxd.replica.test"} | named)
    answer = connection.getresponse()
    page = Page(answer.status, answer.headers, answer.read())
    connection.close()
    return page


@pytest.fixture
def replica() -> Iterator[Replica]:
    with serve(shown=SITE) as running:
        yield running


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Sở Xây dựng tổ chức Hội nghị", "so-xay-dung-chuc-hoi-nghi"),
        ("An toàn vỉa hè, thân thiện", "toan-he-thien"),
        ("Đơn giá 1/500 – “Đợt 2”", "don-gia-1500-dot-2"),
        (unicodedata.normalize("NFD", "Quy hoạch đô thị"), "quy-hoach-do-thi"),
        ("quy\u00a0hoạch", "quy-hoach"),
        ("x" * 60 + " " + "y" * 38, "x" * 60 + "-" + "y" * 38),
        ("x" * 60 + " " + "y" * 39, "x" * 60),
    ],
)
def test_a_slug_is_made_as_pathauto_does(title: str, address: str) -> None:
    assert slug(title) == address


def test_a_second_page_of_the_same_title_gets_a_number_and_an_edited_one_keeps_its_address() -> None:
    with serve(shown=[made(1, title="Kế hoạch"), made(2, title="Kế hoạch"), made(3, title="Thông báo")]) as running:
        assert running.address(2).endswith("/index.php/ke-hoach-0")
        assert running.address(3).endswith("/index.php/thong-bao-0")  # the section itself is there already
        running.edit(1, title="Một tên khác")
        assert running.address(1).endswith("/index.php/ke-hoach")


@pytest.mark.parametrize("start", ["/index.php/", "/", "/vi/", "/index.php/vi/"])
def test_an_article_has_many_addresses_and_one_canonical(replica: Replica, start: str) -> None:
    name = replica.site.slug_of(1)
    page = ask(replica.port, start + name)
    assert page.status == 200
    assert page.tree.select_one("link[rel=canonical]")["href"] == f"http://soxd.replica.test/index.php/{name}"
    assert page.tree.select_one("link[rel=shortlink]")["href"] == "http://soxd.replica.test/node/1"


def test_an_article_page_has_drupals_skeleton_and_the_noise_around_it(replica: Replica) -> None:
    tree = ask(replica.port, "/node/1").tree
    assert tree.select_one("h1.page-title").get_text() == CONFERENCE.title
    body = tree.select_one("article .node__content .field--name-body")
    assert body.select("p")[0].get_text() == CONFERENCE.lead
    assert body.select("p")[-1].get_text() == CONFERENCE.author
    assert body.select_one("figure > figcaption").get_text() == "Toàn cảnh hội nghị"
    assert body.select_one("p > img")["alt"] == "35"
    assert not tree.select("article time")
    assert tree.select_one("body > a.skip-link").get_text() == "Nhảy đến nội dung"
    assert len(tree.select(".field--name-body")) == 2  # the other is the footer's
    assert len(tree.select(".sidebar .post-block")) == 5
    related = [link["href"] for link in tree.select(".layout-content > .block-views a")]
    assert len(related) == 10
    assert 0 < len([each for each in related if each.startswith("/index.php/")]) < 10


def test_a_date_is_shown_only_where_the_article_says_so(replica: Replica) -> None:
    assert ask(replica.port, "/node/2").tree.select_one("article time")["datetime"] == "2024-02-01T15:20:00+07:00"


def test_lists_are_paged_from_zero_and_the_newest_comes_first(replica: Replica) -> None:
    met: list[str] = []
    path = "/index.php/tin-tuc"
    while path:
        tree = ask(replica.port, path).tree
        met += [link.get_text() for link in tree.select(".views-row a[rel=bookmark]")]
        following = tree.select_one("nav.pager li.pager__item--next a[rel=next]")
        path = "/index.php/tin-tuc" + following["href"] if following else ""
    assert met == [each.title for each in sorted(SITE, key=lambda one: -one.node) if each.section == "tin-tuc"]
    assert len(met) == 24
    assert ask(replica.port, "/taxonomy/term/1?page=2").tree.select(".views-row")[-1].h2.get_text() == CONFERENCE.title


@pytest.mark.parametrize(("number", "status"), [("0", 200), ("2", 200), ("3", 404), ("%C2%B2", 200), ("x", 200)])
def test_any_list_page_number_is_answered(replica: Replica, number: str, status: int) -> None:
    assert ask(replica.port, f"/index.php/tin-tuc?page={number}").status == status


def test_two_sections_have_the_other_list(replica: Replica) -> None:
    tree = ask(replica.port, "/index.php/thong-bao").tree
    assert len(tree.select("li.view-list-item .post-block .post-title a")) == 2


def test_the_english_section_says_en_even_of_vietnamese_text(replica: Replica) -> None:
    for path in ("/en/english", "/en/hoi-thao-quoc-te"):
        tree = ask(replica.port, path).tree
        assert tree.html["lang"] == "en"
        assert "Hội thảo quốc tế" in tree.select_one(".layout-content").get_text()
        assert tree.select_one("a.skip-link").get_text() == "Skip to main content"


@pytest.mark.parametrize(
    "path",
    ["/khong-co", "/node/9999", "/node/9999/printable/print", "/taxonomy/term/999", "/sites/default/files/x.pdf"],
)
def test_what_is_not_there_is_a_real_404(replica: Replica, path: str) -> None:
    page = ask(replica.port, path)
    assert page.status == 404
    assert "ETag" not in page.headers
    assert "Không tìm thấy trang" in page.tree.h1.get_text()


def test_no_link_of_the_bundled_site_is_dead() -> None:
    with serve() as running:
        home = "http://" + running.host
        waiting, met = ["/"], {"/"}
        dead: set[str] = set()
        while waiting:
            path = waiting.pop()
            page = ask(running.port, path)
            dead |= {path} if page.status != 200 else set()
            if page.headers["Content-Type"].startswith("text/html") and not path.startswith("/lich-cong-tac"):
                for given in re.findall(r'(?:href|src)="([^"#]+)"', page.body.decode()):
                    link = path.partition("?")[0] + given if given.startswith("?") else given.removeprefix(home)
                    if link not in met:
                        met.add(link)
                        waiting.append(link)
        assert not dead
        assert {running.address(each.node).removeprefix(home) for each in articles()} <= met


@pytest.mark.parametrize("path", ["/node/1", "/node/1/printable/print", "/sites/default/files/ke-hoach.pdf"])
def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(replica: Replica, path: str) -> None:
    first = ask(replica.port, path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for same in ({"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}, {"If_None_Match": "*"}):
        again = ask(replica.port, path, **same)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert ask(replica.port, path, If_Modified_Since=date).status == 304
    assert ask(replica.port, path, If_Modified_Since="yesterday").status == 200
    assert ask(replica.port, path, If_None_Match='"other"', If_Modified_Since=date).status == 200
    replica.edit(1, title="Một tiêu đề đã sửa", attachments=(File("ke-hoach.pdf", "Kế hoạch", ("Bản sửa",)),))
    assert ask(replica.port, path, If_None_Match=tag).status == 200
    assert ask(replica.port, path, If_Modified_Since=date).status == 200


def test_the_clock_and_the_counter_run_but_the_etag_stays(replica: Replica) -> None:
    replica.now = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    first = ask(replica.port, "/node/1")
    replica.now += timedelta(hours=1)
    second = ask(replica.port, "/node/1")
    assert "08:00:00, 05/01/2026" in first.body.decode()
    assert "09:00:00, 05/01/2026" in second.body.decode()
    assert first.headers["ETag"] == second.headers["ETag"]


def test_a_list_says_no_cache_and_has_a_new_etag_when_an_article_comes(replica: Replica) -> None:
    first = ask(replica.port, "/index.php/tin-tuc")
    assert first.headers["Cache-Control"] == "no-cache"
    assert ask(replica.port, "/index.php/tin-tuc", If_None_Match=first.headers["ETag"]).status == 304
    replica.add(made(50))
    assert ask(replica.port, "/index.php/tin-tuc", If_None_Match=first.headers["ETag"]).status == 200


def test_an_article_taken_down_is_gone_at_all_its_addresses(replica: Replica) -> None:
    name = replica.site.slug_of(1)
    replica.unpublish(1)
    assert {ask(replica.port, path).status for path in ("/node/1", f"/{name}", f"/index.php/{name}")} == {404}
    replica.add(CONFERENCE)
    assert ask(replica.port, f"/index.php/{name}").status == 200


def test_a_tag_leads_to_its_articles_through_the_search_that_robots_forbids(replica: Replica) -> None:
    link = ask(replica.port, "/node/1").tree.select_one("article .field--name-field-tags a")
    assert link["href"].startswith("/search")
    tree = ask(replica.port, link["href"]).tree
    assert [each.get_text() for each in tree.select(".views-row h2")] == [CONFERENCE.title]


def test_the_text_of_every_bundled_pdf_can_be_read_back() -> None:
    with serve() as running:
        files = [each for article in articles() for each in article.attachments]
        for file in files:
            document = pypdfium2.PdfDocument(ask(running.port, f"/sites/default/files/{file.file}").body)
            text = "\n".join(page.get_textpage().get_text_range() for page in document)
            document.close()
            read = [line.strip() for line in text.splitlines() if line.strip()]
            assert read == [unicodedata.normalize("NFC", line) for line in file.lines if line.strip()]
        assert files


def test_pictures_feed_sitemap_and_robots_are_what_they_say(replica: Replica) -> None:
    picture = ask(replica.port, "/sites/default/files/inline-images/1-0.png")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.body.startswith(b"\x89PNG\r\n\x1a\n")
    feed = ElementTree.fromstring(ask(replica.port, "/rss.xml").body)
    assert len(feed.findall("./channel/item/pubDate")) == 10
    assert len(ElementTree.fromstring(ask(replica.port, "/sitemap.xml").body)) == len(SITE)
    for barred in ("/admin/", "/search", "/user"):
        assert f"Disallow: {barred}\n" in ask(replica.port, "/robots.txt").body.decode()


def test_every_request_is_noted_with_its_answer(replica: Replica) -> None:
    ask(replica.port, "/node/1?x=1", User_Agent="Khotin/1", If_None_Match='"x"')
    ask(replica.port, "/khong-co", method="HEAD")
    first, second = replica.log
    assert (first.method, first.path, first.agent, first.status) == ("GET", "/node/1?x=1", "Khotin/1", 200)
    assert (second.method, second.status) == ("HEAD", 404)
    assert (first.conditional, second.conditional) == (True, False)
    assert second.time >= first.time


def test_faults_come_where_and_as_often_as_they_are_ordered(replica: Replica) -> None:
    replica.faults |= {
        "/node/2": Fault("status", 503, count=1, retry_after=7),
        "/node/3": Fault("too_big", 1_000_000),
        "/node/4": Fault("slow", 0.01),
        "/sites/": Fault("html_as_pdf"),
    }
    busy = ask(replica.port, "/node/2")
    assert (busy.status, busy.headers["Retry-After"]) == (503, "7")
    assert ask(replica.port, "/node/2").status == 200
    assert len(ask(replica.port, "/node/3").body) == 1_000_000
    assert ask(replica.port, "/node/4").tree.h1.get_text() == "Tin số 4"
    file = ask(replica.port, "/sites/default/files/ke-hoach.pdf")
    assert (file.headers["Content-Type"], file.body[:5]) == ("application/pdf", b"<html")


def test_a_hanging_path_never_answers_and_does_not_keep_the_replica_from_ending() -> None:
    with serve(shown=SITE, faults={"/node/2": Fault("hang")}) as running:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=0.3)
        connection.request("GET", "/node/2")
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()
        assert ask(running.port, "/node/3").status == 200


def test_a_replica_in_another_process_is_changed_over_http() -> None:
    command = [sys.executable, "-m", "crawler.replica"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout and running.stderr
        told = running.stdout.readline()
        port = int(re.findall(r"127\.0\.0\.1:(\d+)", told)[0])
        assert f"soxd.replica.test=127.0.0.1:{port}" in told

        def order(wish: str, **given: Any) -> int:
            return ask(port, f"/_replica/{wish}", "POST", json.dumps(given)).status

        fresh = {"node": 900, "title": "Tin mới", "lead": "L.", "body": "N.", "section": "tin-tuc"}
        assert order("add", **fresh, published="2025-01-01T08:00:00+07:00", tags=["mới"]) == 200
        assert order("edit", node=101, title="Đã sửa", images=[{"alt": "1", "caption": "Ảnh", "after": 0}]) == 200
        assert order("unpublish", node=102) == 200
        assert ask(port, "/node/900").status == 200
        assert ask(port, "/node/101").tree.select_one("figcaption").get_text() == "Ảnh"
        assert ask(port, "/node/102").status == 404
        assert order("add", **fresh, published="2025-01-01") == 400
        assert order("edit", node=101, colour="red") == 400
        assert order("unpublish", node=12345) == 400
        assert order("dance") == 400
        assert ask(port, "/_replica/stop").status == 404  # only a POST stops it
        log = json.loads(ask(port, "/_replica/log").body)
        assert [each["path"] for each in log][:3] == ["/node/900", "/node/101", "/node/102"]
        assert order("stop") == 200
        assert running.wait(timeout=20) == 0
        assert running.stderr.read() == ""
