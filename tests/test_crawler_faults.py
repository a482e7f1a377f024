"""Does each fault that a network or a careless site shows have its stated end, and the rest of the site come in?"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import fetch, process
from crawler.fetch import Answer, asked_wait, passing
from crawler.replica.content import many
from crawler.replica.server import Fault, serve
from indexer.store import Store, articles, open_store, sources
from indexer.store.warc import Captured
from tests.conftest import add_site, kept_articles, one_round
from tests.test_crawler_files import pdf
from tests.test_crawler_redirects import ARTICLE, SITE, Handler, Site, page, running_site

FILES = ('<p><a href="/tep/Bảng giá (tháng 9).pdf">Bảng giá</a> <a href="/tep/rong.pdf">Tệp rỗng</a>'
         ' <a href="/tep/loi.pdf">Tệp lỗi</a></p>')  # fmt: skip
LINKS = "".join(f'<p><a href="{each}">Kiểm tra chất lượng công trình xây dựng</a></p>' for each in (
    "/node/1", "http://www.so.replica.test:80/node/1", "/node/2", "/node/3", "/node/5", "/node/6",
))  # fmt: skip


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    pages = {
        "/": page(LINKS),
        "/node/1": page(ARTICLE % "Bảng giá vật liệu" + FILES + "</article>"),
        "/node/2": page('<meta http-equiv="Refresh" content="0; URL=/node/4">'),
        "/node/3": page("<script>window.location.href = '/node/7';</script>"),
        "/node/4": page(ARTICLE % "Kiểm tra nhà ở"),
        "/node/5": page('<meta http-equiv="refresh" content="0;url=/node/5">'),
        "/node/6": page('<meta http-equiv="refresh" content="300">' + ARTICLE % "Kiểm tra cầu"),
        "/node/7": page(ARTICLE % "Kiểm tra đường"),
        "/tep/B%E1%BA%A3ng%20gi%C3%A1%20(th%C3%A1ng%209).pdf": (
            "application/octet-stream",
            pdf("Crushed sand 250.000"),
        ),
        "/tep/rong.pdf": ("application/pdf", b""),
        "/tep/loi.pdf": ("application/pdf", b"<html><body><p>404</p></body></html>"),
    }
    with running_site(Handler, pages, {}) as running:
        port = running.server_address[1]
        names = " ".join(f"{name}=127.0.0.1:{port}" for name in ("so.replica.test", "www.so.replica.test"))
        monkeypatch.setenv("KHOTIN_RESOLVE", names)
        yield running


@pytest.fixture
def kept(tmp_path: Path, site: Site) -> Iterator[Store]:
    opened = open_store(tmp_path / "data", create=True)
    with opened.write() as connection:
        sources.add(connection, "so", SITE + "/", delay_seconds=0.0)
    yield opened
    opened.close()


def test_careless_pages_and_files_come_in_as_far_as_they_can(kept: Store, site: Site) -> None:
    report = process.run(kept.home, "so", {}, lambda event: None)
    told = {each["address"].removeprefix(SITE): each["message"] for each in report["failures"]}
    assert report["state"] == "done"
    assert "circle" in told["/node/5"], "a page that sends its reader to itself"
    assert told["/tep/rong.pdf"] == "This file is empty."
    assert "web page came in place" in told["/tep/loi.pdf"]
    with kept.read() as connection:
        found = {each.article.title: each for each in articles.after(connection, 0, 99)}
        moved = [articles.find(connection, f"{SITE}/node/{number}") for number in (2, 3)]
    assert set(found) == {"Bảng giá vật liệu", "Kiểm tra nhà ở", "Kiểm tra cầu", "Kiểm tra đường"}
    assert [each and each.article.title for each in moved] == ["Kiểm tra nhà ở", "Kiểm tra đường"]
    files = {each.name: each.text for each in found["Bảng giá vật liệu"].article.attachments}
    assert files == {"Bảng giá": "Crushed sand 250.000", "Tệp rỗng": "", "Tệp lỗi": ""}
    assert found["Bảng giá vật liệu"].versions == 1, "www and a written port make no second article"


def test_a_site_that_hangs_refuses_or_is_busy_fails_a_page_and_gives_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHOTIN_TIMEOUT_SECONDS", "1")
    home, shown = tmp_path / "data", many(6)
    with serve(shown=shown) as replica:
        paths = {node: replica.address(node).removeprefix(replica.url.rstrip("/")) for node in (1, 2, 3)}
        replica.faults = {paths[1]: Fault("hang"), paths[2]: Fault("status", 403), paths[3]: Fault("status", 429, 1, 1)}
        add_site(home, replica)
        report = one_round(home, replica)
        asked = Counter(each.path for each in replica.log)
        replica.faults.clear()
        again = one_round(home, replica)
    told = {each["address"].removeprefix(replica.url.rstrip("/")): each["message"] for each in report["failures"]}
    assert (report["state"], set(told)) == ("done", {paths[1], paths[2]})
    assert "did not answer within" in told[paths[1]] and "answered" in told[paths[2]]
    assert (asked[paths[2]], asked[paths[3]]) == (1, 2), "a refusal is no invitation to insist; one who is busy is"
    assert (again["state"], again["failed"]) == ("done", 0)
    assert len(kept_articles(home)) == len(shown)


@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (403, False), (404, False), (200, False)])
def test_only_a_passing_trouble_is_tried_again(status: int, again: bool) -> None:
    assert passing(answered(status)) is again


def test_a_wait_grows_varies_and_is_never_shorter_than_the_site_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_wait(answered(503, ("Retry-After", "7"))) == 7
    waits = [[fetch.pause(answered(503), 1.0, attempt) for _ in range(20)] for attempt in range(2)]
    assert all(2 <= each <= 2 * fetch.JITTER for each in waits[0]) and min(waits[1]) >= 4
    assert len(set(waits[0])) > 1, "so that many crawlers do not come back together"
    assert fetch.pause(answered(503, ("Retry-After", "60")), 1.0, 0) >= 60


def answered(status: int, *headers: tuple[str, str]) -> Answer:
    from indexer import clock

    return Answer(Captured(f"{SITE}/x", clock.now(), f"HTTP/1.1 {status} X", headers, b"x"))
