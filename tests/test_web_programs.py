"""How do programs, search engines and browsers meet the site?"""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree

from indexer import access
from indexer.article import Article
from indexer.settings import Settings
from indexer.store import articles
from tests.conftest import Archive
from web import robots
from web.app import create_app

SITE = "http://soxd.replica.test"
HOUSING = Article(f"{SITE}/1", title="Khởi công nhà ở xã hội")
NAMES = {"s": robots.NAMESPACE, "o": "http://a9.com/-/spec/opensearch/1.1/"}
BEGUN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    return archive.put(HOUSING, *(Article(f"{SITE}/{n}", title=f"Bài {n}") for n in range(2, 6)))


def site(archive: Archive, **settings: object) -> FlaskClient:
    chosen = Settings(home=archive.store.home, **settings)  # type: ignore[arg-type]
    return create_app(chosen, archive.store, archive.engine).test_client()


def addresses(client: FlaskClient, path: str) -> list[str]:
    answered = client.get(path)
    assert answered.status_code == 200 and answered.mimetype == "application/xml"
    return [str(each) for each in etree.fromstring(answered.get_data()).xpath("//s:loc/text()", namespaces=NAMES)]


# How often a program may ask


def test_so_many_requests_a_minute_are_answered_and_the_headers_say_how_many_are_left(
    archive: Archive, numbers: list[int]
) -> None:
    client = site(archive, api_requests_per_minute=3)
    for left in (2, 1, 0):
        answered = client.get("/api/v1/suggest?q=nh")
        assert answered.status_code == 200
        assert (answered.headers["RateLimit-Limit"], answered.headers["RateLimit-Remaining"]) == ("3", str(left))
        assert 0 < int(answered.headers["RateLimit-Reset"]) <= 60
    refused = client.get("/api/v1/search?q=nh")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] in refused.get_json(force=True)["detail"]
    assert client.get("/api/v1/suggest", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert client.get("/search?q=nh").status_code == 200  # a reader is no program
    assert "RateLimit-Limit" not in client.get("/").headers


def test_without_a_limit_nothing_is_counted(archive: Archive, numbers: list[int]) -> None:
    assert "RateLimit-Limit" not in site(archive, api_requests_per_minute=0).get("/api/v1/suggest?q=nh").headers


def test_behind_proxies_of_ours_the_asker_is_whom_the_last_of_them_names(archive: Archive, numbers: list[int]) -> None:
    client = site(archive, api_requests_per_minute=1, trusted_proxies=1)

    def status(forwarded: str) -> int:
        return client.get("/api/v1/suggest", headers={"X-Forwarded-For": forwarded}).status_code

    assert (status("192.0.2.1"), status("192.0.2.2"), status("192.0.2.1")) == (200, 200, 429)
    assert status("203.0.113.9, 192.0.2.1") == 429  # what the asker himself put before it counts for nothing


def test_without_proxies_nobody_names_himself(archive: Archive, numbers: list[int]) -> None:
    client = site(archive, api_requests_per_minute=1)
    told = [client.get("/api/v1/suggest", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in (1, 2)]
    assert told == [200, 429]


# Pages of other sites


def test_a_page_of_another_site_may_read_the_api_and_nothing_else(archive: Archive, numbers: list[int]) -> None:
    client = site(archive)
    for path in ("/api/v1/search?q=nh", "/openapi.json", "/api/v1/nothing"):
        headers = client.get(path, headers={"Origin": "https://other.example"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers
    asked = client.options("/api/v1/search", headers={"Access-Control-Request-Method": "GET"})
    assert asked.status_code == 200 and "POST" not in asked.headers["Access-Control-Allow-Methods"]
    for path in ("/", "/search?q=nh", f"/articles/{numbers[0]}", "/sign-in", "/admin"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers


# Search engines


def test_the_sitemap_holds_public_articles_that_the_source_still_shows(archive: Archive, numbers: list[int]) -> None:
    with archive.store.write() as connection:
        access.restrict(connection, numbers[1], "admin", "theo yêu cầu")
        articles.gone(connection, numbers[2], BEGUN)
        articles.mark(connection, numbers[3], "crawl", merged_into=numbers[0])
    client = site(archive)
    maps = addresses(client, "/sitemap.xml")
    told = [each for part in maps for each in addresses(client, part)]
    assert [each for each in told if "/articles/" in each] == [
        f"http://localhost/articles/{number}" for number in (numbers[0], numbers[4])
    ]
    assert {"http://localhost/", "http://localhost/help", "http://localhost/about"} < set(told)
    assert all(client.get(each).status_code == 200 for each in told)
    assert f"Sitemap: {'http://localhost/sitemap.xml'}" in client.get("/robots.txt").get_data(as_text=True)


def test_an_article_s_lastmod_is_when_its_present_text_was_first_seen(archive: Archive, numbers: list[int]) -> None:
    with archive.store.write() as connection:
        articles.save(connection, archive.source.id, replace(HOUSING, title="Khởi công"), BEGUN)
        articles.seen(connection, numbers[0], datetime(2026, 2, 1, tzinfo=UTC))
    told = site(archive).get("/sitemap-1.xml").get_data(as_text=True)
    assert f"/articles/{numbers[0]}</loc><lastmod>2026-01-05T08:00:00+00:00</lastmod>" in told


def test_a_large_archive_has_several_sitemaps(
    archive: Archive, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "MOST_ADDRESSES", 2)
    client = site(archive)
    parts = [each for each in addresses(client, "/sitemap.xml") if re.search(r"-\d+\.xml$", each)]
    assert [len(addresses(client, part)) for part in parts] == [2, 2, 1]
    assert client.get("/sitemap-4.xml").status_code == 404


def test_pages_that_are_not_for_search_engines_say_so(archive: Archive, numbers: list[int]) -> None:
    with archive.store.write() as connection:
        articles.gone(connection, numbers[2], BEGUN)
    client = site(archive)

    def tells(path: str) -> tuple[bool, bool, str]:
        answered = client.get(path)
        tree = BeautifulSoup(answered.get_data(as_text=True), "lxml")
        canonical = tree.select_one("link[rel=canonical]")
        inside = tree.select_one("meta[name=robots][content=noindex]") is not None
        return answered.headers.get("X-Robots-Tag") == "noindex", inside, str(canonical["href"]) if canonical else ""

    assert tells(f"/articles/{numbers[0]}") == (False, False, HOUSING.address)
    assert tells(f"/articles/{numbers[2]}") == (False, True, "")
    for path in ("/search?q=nh", "/api/v1/search", "/sign-in", "/nothing", "/articles/999"):
        assert tells(path)[0], path
    for path in ("/", "/help", "/about", "/help/api"):
        assert tells(path) == (False, False, "")


# Browsers


def test_a_browser_learns_how_to_search_and_to_complete(archive: Archive, numbers: list[int]) -> None:
    answered = site(archive, contact="vp@soxd.example").get("/opensearch.xml")
    assert answered.mimetype == "application/opensearchdescription+xml"
    tree = etree.fromstring(answered.get_data())
    told = {name: tree.findtext(f"o:{name}", namespaces=NAMES) for name in ("ShortName", "Description", "Contact")}
    assert 0 < len(told["ShortName"] or "") <= 16 and 0 < len(told["Description"] or "") <= 1024
    assert told["Contact"] == "vp@soxd.example"
    urls = {str(each.get("type")): each for each in tree.findall("o:Url", namespaces=NAMES)}
    assert urls["application/x-suggestions+json"].get("rel") == "suggestions"
    client = site(archive)
    for each in urls.values():
        filled = (
            str(each.get("template"))
            .replace("{searchTerms}", "nh")
            .replace("{startPage?}", "1")
            .replace("{count?}", "")
        )
        assert "{" not in filled and client.get(filled).status_code == 200
        assert client.get(filled).mimetype == str(each.get("type"))
    typed, found = client.get("/api/v1/suggest?format=opensearch&q=kh%E1%BB%9Fi").get_json(force=True)
    assert typed == "khởi" and HOUSING.title in found
