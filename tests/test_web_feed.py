"""Can anybody follow a question with a feed reader, whatever the articles hold?"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from indexer import access
from indexer.article import Article
from indexer.settings import Settings
from tests.conftest import Archive
from web.app import create_app
from web.atom import Entry, Feed, written

SITE = "http://soxd.replica.test"
HOSTILE = "Nhà ở <script>alert(1)</script> & ]]> \u202egnàv \x0b" + "x" * 10_000
SetClock = Callable[[datetime], None]


@pytest.fixture
def site(archive: Archive, set_clock: SetClock) -> FlaskClient:
    set_clock(datetime(2026, 1, 5, 8, 0, tzinfo=UTC))
    settings = Settings(home=archive.store.home, site_address="https://kho.example.org")
    return create_app(settings, archive.store, archive.engine).test_client()


def read(site: FlaskClient, **asked: Any) -> Any:
    answered = site.get("/feed.atom", query_string={"lang": "en", **asked})
    assert answered.status_code == 200 and answered.mimetype == "application/atom+xml"
    etree.fromstring(answered.data)
    told = feedparser.parse(answered.data)
    assert not told.bozo, told.bozo_exception
    return told


def titles(told: Any) -> list[str]:
    return [each.title for each in told.entries]


def test_what_came_last_comes_first_whatever_its_date(archive: Archive, site: FlaskClient) -> None:
    late = Article(f"{SITE}/1", title="Nhà ở năm 2025", published=datetime(2025, 5, 1, tzinfo=UTC))
    early = Article(f"{SITE}/2", title="Nhà ở năm 2019", published=datetime(2019, 5, 1, tzinfo=UTC))
    archive.put(late)
    archive.put(early, Article(f"{SITE}/3", title="Giá cát"))
    told = read(site, q="nhà ở")
    assert titles(told) == [early.title, late.title]
    assert told.entries[0].published == "2019-05-01T00:00:00Z" and told.entries[0].updated == "2026-01-05T08:00:00Z"
    assert told.entries[0].link == "http://localhost/articles/2"
    assert titles(read(site, q="nhà ở", year="2025")) == [late.title]
    assert len(read(site).entries) == 3
    assert [each.href for each in told.feed.links] == [
        "http://localhost/feed.atom?q=nh%C3%A0+%E1%BB%9F",
        "http://localhost/search?q=nh%C3%A0+%E1%BB%9F&sort=newest",
    ]


def test_names_stay_the_same_and_an_update_moves_only_the_time(
    archive: Archive, site: FlaskClient, set_clock: SetClock
) -> None:
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    (before,) = read(site, q="nhà ở").entries
    assert before.id == f"tag:kho.example.org,{archive_day(archive)}:{archive.store.id}/articles/1"
    set_clock(datetime(2026, 1, 7, 8, 0, tzinfo=UTC))
    archive.put(Article(f"{SITE}/1", title="Nhà ở", body="Sửa."))
    (after,) = read(site, q="nhà ở").entries
    assert (after.id, after.updated) == (before.id, "2026-01-07T08:00:00Z")
    assert read(site, q="nhà ở").feed.id == read(site, q="nhà ở", sort="oldest", page="3").feed.id


def archive_day(archive: Archive) -> str:
    from indexer.clock import local_day
    from indexer.store import arrivals

    with archive.store.read() as connection:
        return local_day(arrivals.archive_made(connection)).isoformat()


def test_hostile_texts_stay_text(archive: Archive, site: FlaskClient) -> None:
    archive.put(Article(f"{SITE}/1", title=HOSTILE, body=f"nhà ở {HOSTILE}", section="<b>&", author='"><x'))
    (entry,) = read(site, q="nhà ở \x00 <b>&]]>").entries or read(site, q="nhà ở").entries
    raw = site.get("/feed.atom?q=nh%C3%A0+%E1%BB%9F").get_data(as_text=True)
    assert "<script" not in raw and "\u202e" not in raw and "\x0b" not in raw
    assert entry.title_detail.type == "text/plain" and len(raw) < 10_000


def test_the_writer_itself_never_makes_what_is_not_xml() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    odd = "<&>\"'" + "ộ"
    made = written(
        Feed("tag:x", odd, odd, odd, odd, odd, "vi", at), [Entry(odd, odd, odd, "vi", at, None, odd, odd, odd)]
    )
    told = feedparser.parse(made)
    assert told.entries[0].summary_detail.value == odd and told.feed.title_detail.value == odd


def test_a_restricted_article_leaves_the_feed_at_once(archive: Archive, site: FlaskClient) -> None:
    secret, _ = archive.put(Article(f"{SITE}/1", title="Nhà ở kín"), Article(f"{SITE}/2", title="Nhà ở"))
    assert len(read(site, q="nhà ở").entries) == 2
    with archive.store.write() as connection:
        access.restrict(connection, secret, "lan", "lỗi")
    assert titles(read(site, q="nhà ở")) == ["Nhà ở"]


def test_a_feed_is_sent_again_only_when_something_changed(archive: Archive, site: FlaskClient) -> None:
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    tag = site.get("/feed.atom?q=nha").headers["ETag"]
    assert site.get("/feed.atom?q=nha", headers={"If-None-Match": tag}).status_code == 304
    archive.put(Article(f"{SITE}/2", title="Nhà ở"))
    assert site.get("/feed.atom?q=nha", headers={"If-None-Match": tag}).status_code == 200


def test_a_mistaken_address_is_refused_with_a_sentence(archive: Archive, site: FlaskClient) -> None:
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    answered = site.get("/feed.atom?q=nha&from=hôm qua&lang=en")
    assert answered.status_code == 400 and "“hôm qua” is no value for from" in answered.get_data(as_text=True)


def test_results_name_their_feed(archive: Archive, site: FlaskClient) -> None:
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    page = site.get("/search?q=nha&year=2024&page=1").get_data(as_text=True)
    link = page.split('type="application/atom+xml"')[1].split('href="')[1].split('"')[0]
    assert link == "/feed.atom?q=nha&amp;year=2024"
