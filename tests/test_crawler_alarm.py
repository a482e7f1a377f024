"""Does the end of a round ring what an admin should know, once, and calm it when it is over?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.alarm import heed
from crawler.report import Report
from indexer import alarms, speech
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.store import sources
from tests.conftest import Archive

SetClock = Callable[[datetime], None]
NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
QUIET = {"about": "quiet", "message": "No new article for %(days)s days.", "values": {"days": "9"}}
REBUILT = {"about": "changed", "message": "“%(selector)s” finds nothing.", "values": {"selector": "h1"}}


def ringing(archive: Archive) -> list[str]:
    with archive.store.read() as connection:
        return [each.cause for each in alarms.ringing(connection)]


def end(archive: Archive, state: str, **report: Any) -> list[str]:
    """A round ends; the causes that ring then."""
    heed(archive.store, archive.source.id, {"state": state, "round": 1} | report)
    return ringing(archive)


def test_a_failed_round_rings_until_one_is_done(archive: Archive) -> None:
    cause = {"message": "%(host)s does not take connections now. Try again later.", "values": {"host": "soxd"}}
    failed = [f"failed round of source {archive.source.id}"]
    assert end(archive, "failed", cause=cause, problem="…") == failed
    with archive.store.read() as connection:
        (alarm,) = alarms.ringing(connection)
    assert speech.tell(alarm.parts, "vi").startswith("Lượt thu thập “soxd” không thành công: soxd ")
    assert end(archive, "cancelled") == end(archive, "joined") == failed
    assert end(archive, "done", round=0) == failed, "what is only read again says nothing of the site"
    assert end(archive, "done", retry=True) == []


def test_a_crawl_that_told_nothing_but_its_end_rings_as_well(archive: Archive) -> None:
    assert end(archive, "failed", problem="The crawl ended unexpectedly: killed") != []


def test_a_quiet_source_rings_until_articles_come_again(archive: Archive, set_clock: SetClock) -> None:
    set_clock(NOON)
    quiet = [f"quiet source {archive.source.id}"]
    archive.put(Article("http://soxd.replica.test/1", title="Cũ"))
    set_clock(NOON + timedelta(days=9))
    assert end(archive, "done", doubts=[QUIET]) == quiet
    assert end(archive, "done", doubts=[]) == quiet, "its history may be too old to judge by; nothing came"
    set_clock(NOON + timedelta(days=10))
    archive.put(Article("http://soxd.replica.test/2", title="Mới"))
    assert end(archive, "done", retry=True, doubts=[]) == quiet
    assert end(archive, "done", doubts=[]) == []


def test_rebuilt_pages_ring_beside_a_quiet_source_and_all_is_calm_when_it_is_removed(archive: Archive) -> None:
    assert end(archive, "done", doubts=[REBUILT, QUIET]) == [
        f"quiet source {archive.source.id}", f"changed source {archive.source.id}",
    ]  # fmt: skip
    assert end(archive, "done", doubts=[QUIET]) == [f"quiet source {archive.source.id}"]
    with archive.store.write() as connection:
        sources.remove(connection, archive.source.id)
    assert ringing(archive) == []


def test_failures_are_counted_under_their_causes_with_some_addresses() -> None:
    report = Report("soxd")
    for number in range(30):
        report.fail(f"/a/{number}", KhotinError("The site answered %(status)s.", status=500))
        report.fail(f"/b/{number}", KhotinError("It leads to another site: %(target)s", target=f"http://x/{number}"))
    report.fail("/c", KhotinError("The site answered %(status)s.", status=403))
    assert [(each["count"], each["samples"]) for each in report.causes] == [
        (30, ["/a/0", "/a/1", "/a/2"]), (30, ["/b/0", "/b/1", "/b/2"]), (1, ["/c"]),
    ]  # fmt: skip
