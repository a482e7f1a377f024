"""Where do redirects lead, and what becomes of answers that are no page?"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler import process
from indexer.store import Store, addresses, articles, open_store, sources

SITE = "http://so.replica.test"
TEXT = "Sở Xây dựng tổ chức kiểm tra chất lượng công trình trên địa bàn thành phố Lạng Sơn trong tháng này. " * 5
LINKS = "".join(f'<p><a href="/{name}">Kiểm tra chất lượng công trình xây dựng</a></p>' for name in (
    "old/node/1", "a/node/2", "home/node/3", "away/node/4", "picture/node/5", "self/node/6", "node/7",
))  # fmt: skip
HEAD = '<html><head><meta name="Generator" content="Drupal 9 (https://www.drupal.org)"><title>Tin</title></head><body>'
ARTICLE = f'<article class="node full"><h1 class="page-title">%s</h1><div class="field--name-body"><p>{TEXT}</p></div>'
MOVES = {
    "/old/node/1": "/node/1",
    "/a/node/2": "/b/node/2",
    "/b/node/2": "/a/node/2",
    "/home/node/3": "/",
    "/away/node/4": "http://elsewhere.test/x",
    "/self/node/6": "/self/node/6",
}
Pages = dict[str, tuple[str, bytes]]


class Site(ThreadingHTTPServer):
    daemon_threads = True
    moves: dict[str, str]
    pages: Pages
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        target = self.server.moves.get(self.path)
        kind, body = self.server.pages.get(self.path, ("text/html", b"<h1>404</h1>"))
        self.send_response(301 if target else 200 if self.path in self.server.pages else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Location", target) if target else None
        self.send_header("Content-Length", "0" if target else str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if target else body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def page(text: str) -> tuple[str, bytes]:
    return "text/html; charset=utf-8", (HEAD + text + "</body></html>").encode()


@contextmanager
def running_site(handler: type[BaseHTTPRequestHandler], pages: Pages, moves: dict[str, str]) -> Iterator[Site]:
    """A small site of these pages, for as long as the block lasts."""
    running = Site(("127.0.0.1", 0), handler)
    running.moves, running.asked, running.pages = moves, [], pages
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    pages = {
        "/": page(LINKS),
        "/node/1": page(ARTICLE % "Kiểm tra nhà ở"),
        "/node/7": page(ARTICLE % "Kiểm tra cầu đường"),
        "/picture/node/5": ("image/png", b"\x89PNG\r\n"),
    }
    with running_site(Handler, pages, dict(MOVES)) as running:
        monkeypatch.setenv("KHOTIN_RESOLVE", f"so.replica.test=127.0.0.1:{running.server_address[1]}")
        yield running


@pytest.fixture
def kept(tmp_path: Path, site: Site) -> Iterator[Store]:
    opened = open_store(tmp_path / "data", create=True)
    with opened.write() as connection:
        sources.add(connection, "so", SITE + "/", delay_seconds=0.0)
    yield opened
    opened.close()


def crawl(store: Store) -> dict[str, Any]:
    return process.run(store.home, "so", {}, lambda event: None)


def test_redirects_become_other_names_and_circles_end(kept: Store, site: Site) -> None:
    report = crawl(kept)
    told = {each["address"].removeprefix(SITE): each["message"] for each in report["failures"]}
    assert report["state"] == "done"
    assert report["new"] == 2
    assert "circle" in told["/b/node/2"] and "circle" in told["/self/node/6"]
    assert "another site" in told["/away/node/4"]
    assert "no web page" in told["/picture/node/5"]
    assert report["failed"] == 2
    with kept.read() as connection:
        by_old, by_new = (articles.find(connection, SITE + path) for path in ("/old/node/1", "/node/1"))
    assert by_old and by_new and by_old.id == by_new.id
    assert max(site.asked.count(path) for path in site.asked if path != "/") == 1


def test_an_article_that_leads_home_twice_is_gone(kept: Store, site: Site) -> None:
    crawl(kept)
    site.moves["/node/7"] = "/"
    assert [crawl(kept)["gone"], crawl(kept)["gone"]] == [0, 1]
    with kept.read() as connection:
        found = articles.find(connection, SITE + "/node/7")
    assert found and found.gone_at


def test_an_article_is_not_gone_while_another_of_its_addresses_shows_it(kept: Store, site: Site) -> None:
    crawl(kept)
    del site.moves["/old/node/1"], site.pages["/node/1"]
    site.pages["/old/node/1"] = page(ARTICLE % "Kiểm tra nhà ở")
    assert [crawl(kept)["gone"], crawl(kept)["gone"]] == [0, 0]
    with kept.read() as connection:
        source = sources.need(connection, "so").id
        known = addresses.get(connection, source, SITE + "/node/1")
    assert known and known.state == "gone"


@pytest.mark.parametrize(
    ("start", "sentence"),
    [(("application/pdf", b"%PDF-1.5\nx"), "no web page"), (("image/png", b"\x89PNG\r\n"), "no web page")],
)
def test_a_start_page_that_is_no_page_fails_the_round(
    kept: Store, site: Site, start: tuple[str, bytes], sentence: str
) -> None:
    site.pages["/"] = start
    report = crawl(kept)
    assert report["state"] == "failed"
    assert sentence in report["problem"]


def test_a_start_page_elsewhere_names_the_address_to_add(kept: Store, site: Site) -> None:
    site.moves["/"] = "http://elsewhere.test/"
    report = crawl(kept)
    assert report["state"] == "failed"
    assert "http://elsewhere.test/" in report["problem"]


def test_a_site_that_stops_answering_ends_the_round_and_loses_nothing(kept: Store, site: Site) -> None:
    crawl(kept)
    site.pages.clear()
    site.moves.clear()
    report = crawl(kept)
    assert report["state"] == "failed"
    with kept.read() as connection:
        found = articles.find(connection, SITE + "/node/7")
    assert found and found.gone_at is None
