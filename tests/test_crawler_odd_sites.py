"""What becomes of a round where a site answers oddly?  A small site of its own for each oddity."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler import process
from indexer import settings
from indexer.article import Kept
from indexer.store import Store, articles, open_store, sources
from tests.test_crawler_files import pdf

HOST, WWW, OTHER = "so.odd.test", "www.so.odd.test", "other.odd.test"
TEXT = "Sở Xây dựng tổ chức kiểm tra chất lượng công trình trên địa bàn thành phố Lạng Sơn trong tháng này. " * 5
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
Answers = dict[str, Answer]


def page(body: str, head: str = "") -> Answer:
    drupal = '<meta name="Generator" content="Drupal 9 (https://www.drupal.org)">'
    html = f"<html><head>{drupal}<title>Tin</title>{head}</head><body>{body}</body></html>"
    return 200, [(b"Content-Type", b"text/html; charset=utf-8")], html.encode()


def article(title: str, more: str = "", head: str = "") -> Answer:
    name = f'<h1 class="page-title">{title}</h1>'
    body = f'<div class="field--name-body"><p>{TEXT}</p><p>Bài viết {title} có nội dung riêng.</p>{more}</div>'
    return page(f'<article class="node full">{name}{body}</article>', head)


def links(*paths: str) -> str:
    return "".join(f'<p><a href="{path}">Kiểm tra chất lượng công trình xây dựng {path}</a></p>' for path in paths)


def plain(text: bytes, *headers: tuple[bytes, bytes]) -> Answer:
    return 200, [(b"Content-Type", b"text/plain"), *headers], text


def leads_to(target: bytes) -> Answer:
    return 302, [(b"Location", target)], b""


@dataclass
class Odd:
    """A site, what was asked of it (host and path), and the archive that crawls it."""

    store: Store
    answers: Answers
    asked: list[str] = field(default_factory=list)
    moved_to: str = ""  # every other host redirects there

    def answer(self, host: str, path: str) -> Answer:
        self.asked.append(path if host == HOST else f"//{host}{path}")
        if self.moved_to and host != self.moved_to:
            return leads_to(f"http://{self.moved_to}{path}".encode())
        return self.answers.get(path, (404, [(b"Content-Type", b"text/html")], b"<h1>404</h1>"))

    def crawl(self) -> dict[str, Any]:
        return process.run(self.store.home, "so", {}, lambda event: None)

    def kept(self) -> list[Kept]:
        with self.store.read() as connection:
            return articles.after(connection, 0, 100)


@contextmanager
def serving(odd: Odd) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = odd.answer(self.headers["Host"], self.path)
            head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)  # as bytes: they may be no text
            self.wfile.write(b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n" % (status, head, len(body)) + body)
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Odd]]:
    store = open_store(tmp_path / "data", create=True)
    odd = Odd(store, {})

    def made(answers: Answers, **options: Any) -> Odd:
        odd.answers = answers
        with store.write() as connection:
            sources.add(connection, "so", f"http://{HOST}/", delay_seconds=0.0, **options)
        return odd

    with serving(odd) as port:
        monkeypatch.setenv("KHOTIN_RESOLVE", " ".join(f"{host}=127.0.0.1:{port}" for host in (HOST, WWW, OTHER)))
        yield made
    store.close()


def test_a_robots_txt_that_comes_packed_is_obeyed(site: Callable[..., Odd]) -> None:
    rules = gzip.compress(b"User-agent: *\nDisallow: /noi-bo/\nCrawl-delay: 0.1\n")
    robots = plain(rules, (b"Content-Encoding", b"gzip"))
    odd = site({"/robots.txt": robots, "/": page(links("/noi-bo/node/1", "/node/2")), "/node/2": article("Hai")})
    assert odd.crawl()["new"] == 1
    assert "/noi-bo/node/1" not in odd.asked
    assert process.probe(f"http://{HOST}/", settings.load(odd.store.home))["robots_delay"] == 0.1


def test_a_robots_txt_that_redirects_without_end_forbids_nothing(site: Callable[..., Odd]) -> None:
    circle = {"/robots.txt": leads_to(b"/r.txt"), "/r.txt": leads_to(b"/robots.txt")}
    odd = site({**circle, "/": page(links("/node/2")), "/node/2": article("Hai")})
    assert (odd.crawl()["state"], odd.kept()[0].article.title) == ("done", "Hai")


LISTED = '<div class="portlet-asset-publisher">%s</div><script>var loadPageURL = "%s";</script>'
FIRST = "/api/list?pageNum=1&recordPerPage=10"


def of_list(url: str) -> Answers:
    """A site whose list is asked for by a script, page by page."""
    start = page('<p><a href="/danh-sach">Danh sách tin tức</a></p>' + links("/x", "/y"))
    return {"/": start, "/danh-sach": page(LISTED % (links("/node/1", "/node/2"), url)), "/node/2": article("Hai")}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/api/list", "forbidden by robots.txt"),
        (f"http://{OTHER}/list", "links to other sites"),
        ("javascript:void(0)", "links to other sites"),
    ],
)
def test_a_further_page_that_may_not_be_asked_for_ends_its_list(
    site: Callable[..., Odd], url: str, reason: str
) -> None:
    odd = site(of_list(url) | {"/robots.txt": plain(b"User-agent: *\nDisallow: /api/")}, profile="liferay")
    report = odd.crawl()
    assert (report["state"], report["skipped"].get(reason)) == ("done", 1)
    assert odd.asked.count("/danh-sach") == 1 and not [each for each in odd.asked if OTHER in each or "/api" in each]


@pytest.mark.parametrize(
    "told", [{"totalPageNum": "2 trang"}, {"totalPageNum": 1, "items": [{"urlDetail": "/node/2", "title": "\ud83d"}]}]
)
def test_an_odd_further_page_costs_no_more_than_itself(site: Callable[..., Odd], told: dict[str, Any]) -> None:
    items = {"items": [{"urlDetail": "/node/2", "title": "Hai"}]}
    answer = 200, [(b"Content-Type", b"application/json")], json.dumps(items | told).encode()
    odd = site(of_list("/api/list") | {FIRST: answer}, profile="liferay")
    assert odd.crawl()["state"] == "done"
    assert [each.article.address for each in odd.kept()] == [f"http://{HOST}/node/2"]


def test_headers_that_are_no_text_cost_nothing(site: Callable[..., Odd]) -> None:
    torn = (200, [(b"Content-Type", b"text/html; charset=utf-8"), (b"ETag", b'"b\xe0i"')], article("Một")[2])
    pages = {"/": page(links("/node/1", "/node/2", "/node/3")), "/node/1": torn, "/node/2": article("Hai")}
    odd = site(pages | {"/node/3": leads_to(b"/node/l\xf4i"), "/node/l%F4i": article("Ba")})
    assert (odd.crawl()["state"], odd.crawl()["state"]) == ("done", "done")
    assert sorted(each.article.title for each in odd.kept()) == ["Ba", "Hai", "Một"]


def test_a_file_whose_address_redirects_is_the_articles(site: Callable[..., Odd]) -> None:
    named = '<div class="field--name-field-file"><a href="/download/788.pdf">Quyết định 788</a></div>'
    file = (200, [(b"Content-Type", b"application/pdf")], pdf("Price list"))
    pages = {"/": page(links("/node/1")), "/node/1": article("Một", named), "/files/788.pdf": file}
    odd = site(pages | {"/download/788.pdf": leads_to(b"/files/788.pdf")})
    odd.crawl()
    assert [each.text for each in odd.kept()[0].article.attachments] == ["Price list"]
    odd.answers |= {"/": page(links("/node/1", "/node/2")), "/node/2": article("Hai", named)}
    odd.crawl()
    assert [[each.text for each in kept.article.attachments] for kept in odd.kept()] == [["Price list"]] * 2


def test_a_site_that_moves_to_another_of_its_hosts_keeps_its_articles(site: Callable[..., Odd]) -> None:
    named = '<div class="field--name-field-file"><a href="/files/1.pdf">Quyết định số 1</a></div>'
    short = page('<article class="node full"><h1 class="page-title">Nghỉ lễ</h1><p>Sở nghỉ lễ hai ngày.</p></article>')
    pages = {"/": page(links("/node/1", "/node/2")), "/node/1": article("Một", named), "/node/2": short}
    odd = site(pages)
    before = odd.crawl()["new"]
    odd.moved_to = WWW
    assert (before, odd.crawl()["new"], odd.crawl()["new"]) == (2, 0, 0)
    assert [each.gone_at for each in odd.kept()] == [None, None]


def test_pages_that_all_name_their_section_as_their_own_address_stay_apart(site: Callable[..., Odd]) -> None:
    claim = f'<link rel="canonical" href="http://{HOST}/tin-tuc/danh-muc">'
    paths = [f"/node/{number}" for number in range(3)]
    odd = site({"/": page(links(*paths)), **{path: article(f"Bài {path}", head=claim) for path in paths}})
    for _ in range(2):
        odd.crawl()
        assert sorted(each.article.title for each in odd.kept()) == [f"Bài {path}" for path in paths]
    assert [each.versions for each in odd.kept()] == [1, 1, 1]


def test_a_firewalls_page_does_not_come_in_when_pages_are_read_again(site: Callable[..., Odd]) -> None:
    refused = "The requested URL was rejected. Please consult your administrator. Your support ID is: 9275710"
    firewall = page(
        f'<article class="node full"><h1 class="page-title">Request Rejected</h1><p>{refused}</p></article>'
    )
    odd = site({"/": page(links("/node/1", "/node/99")), "/node/1": article("Một"), "/node/99": firewall})
    odd.crawl()
    process.run(odd.store.home, "so", {"replay": True}, lambda event: None)
    assert [each.article.title for each in odd.kept()] == ["Một"]
