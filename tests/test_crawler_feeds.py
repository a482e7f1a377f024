"""Are feeds a hint to articles, however badly they are written?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.feeds import feeds_of, read_feed
from crawler.page import Page
from crawler.profiles import named
from crawler.replica.content import many
from crawler.replica.server import Fault, serve
from indexer.store import addresses, open_store, sources
from tests.conftest import add_site, edit_site, kept_articles, one_round

HOSTS = {"so.vn"}
GENERIC = named("generic")


def days(*told: str) -> list[datetime | None]:
    items = "".join(
        f"<item><link>http://so.vn/b-{n}</link><pubDate>{day}</pubDate></item>" for n, day in enumerate(told)
    )
    return [each.date for each in read_feed(f"<rss>{items}</rss>".encode(), "http://so.vn/rss", GENERIC, HOSTS)]


def test_a_feed_leads_to_articles_that_no_list_shows_and_is_asked_for_once_a_round(tmp_path: Path) -> None:
    home, shown = tmp_path / "data", many(12)
    with serve(shown=shown, bad_habits=["feed"]) as replica:
        add_site(home, replica)
        report = one_round(home, replica)
        asked = [each.path for each in replica.log]
        one_round(home, replica)
        again = [each for each in replica.log[len(asked) :] if each.path == "/tin.rss"]
    assert (report["state"], report["failed"], report["new"]) == ("done", 0, len(shown))
    assert sorted(each.article.title for each in kept_articles(home)) == sorted(each.title for each in shown)
    assert asked.count("/tin.rss") == 1
    assert [(each.status, each.conditional) for each in again] == [(304, True)]
    store = open_store(home)
    with store.read() as connection:
        number = sources.need(connection, "site").id
        found = [addresses.get(connection, number, f"http://soxd.replica.test/node/{node}") for node in (7, 8)]
    store.close()
    told = [each.list_date for each in found if each]
    assert told == [datetime(2013, 8, 15, 9, 4, tzinfo=UTC), datetime(2013, 8, 9, 9, 4, tzinfo=UTC)]


def test_a_source_may_name_a_feed_and_a_broken_hint_harms_nothing(tmp_path: Path) -> None:
    home, shown = tmp_path / "data", many(3)
    broken = {"/sitemap.xml": Fault("bad_gzip"), "/rss.xml": Fault("bad_gzip"), "/tin.rss": Fault("status", 404)}
    with serve(shown=shown, faults=broken) as replica:
        add_site(home, replica)
        edit_site(home, overrides='feed = ["/rss.xml", "/tin.rss", "/khong-duoc/rss"]')
        report = one_round(home, replica)
        asked = {each.path for each in replica.log}
    assert (report["state"], report["new"]) == ("done", len(shown))
    assert {"/rss.xml", "/tin.rss", "/sitemap.xml"} <= asked


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Tue, 30 Jan 2024 15:20:00 +0700", datetime(2024, 1, 30, 8, 20, tzinfo=UTC)),
        ("Tue, 30 Jan 2024 08:20:00 GMT", datetime(2024, 1, 30, 8, 20, tzinfo=UTC)),
        ("2024-01-30T15:20:00+07:00", datetime(2024, 1, 30, 8, 20, tzinfo=UTC)),
        ("8/15/2026 4:04:00 PM", datetime(2026, 8, 15, 9, 4, tzinfo=UTC)),
        ("8/5/2026 12:04:00 AM", datetime(2026, 8, 4, 17, 4, tzinfo=UTC)),
        ("5/8/2026 4:04:00 CH", datetime(2026, 8, 5, 9, 4, tzinfo=UTC)),
        ("30/01/2024 15:20", datetime(2024, 1, 30, 8, 20, tzinfo=UTC)),
        ("hôm qua", None),
    ],
)
def test_days_of_feeds_are_read_in_their_forms(told: str, expected: datetime | None) -> None:
    assert days(told) == [expected]


def test_one_day_shows_the_order_of_the_others() -> None:
    assert days("8/5/2026", "8/15/2026") == [
        datetime(2026, 8, 4, 17, tzinfo=UTC),
        datetime(2026, 8, 14, 17, tzinfo=UTC),
    ]
    assert days("8/5/2026 1:00 PM", "15/5/2026 1:00 PM")[0] == datetime(2026, 5, 8, 6, tzinfo=UTC)


def test_atom_is_read_and_what_is_no_article_is_left() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Sở</title>
    <entry><title>Tin một</title><link rel="self" href="/x"/><link rel="alternate" href="/tin/bai-1"/>
    <updated>2024-01-30T15:20:00Z</updated></entry>
    <entry><title>Bản in</title><link href="/print/12"/></entry><entry><link href="/a.pdf"/></entry>
    <entry><link href="http://khac.vn/tin/bai-2"/></entry><entry><link href="/tim-kiem?keys=a"/></entry></feed>"""
    found = read_feed(body.encode(), "http://so.vn/atom", GENERIC, HOSTS)
    assert [(each.address, each.text) for each in found] == [("http://so.vn/tin/bai-1", "Tin một")]
    assert found[0].date == datetime(2024, 1, 30, 15, 20, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<html><body>404</body></html>", b"<rss><item><link>http:", b"<"])
def test_a_feed_that_is_none_gives_nothing(body: bytes) -> None:
    assert read_feed(body, "http://so.vn/rss", GENERIC, HOSTS) == []


def test_a_page_names_its_feeds_but_not_those_of_comments_or_of_others() -> None:
    kind = 'rel="alternate" type="application/rss+xml"'
    html = f'<link {kind} href="http:so.vn/rss"><link {kind} href="/comments/feed"><link {kind} href="//khac.vn/rss">'
    assert feeds_of(Page("http://so.vn/", 200, {}, html.encode()), HOSTS) == ["http://so.vn/rss"]
