"""Is it noticed when a source goes quiet or its pages are rebuilt, and is a healthy one left in peace?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.report import parts
from crawler.watch import doubts, quiet, stopped
from indexer.speech import tell

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SURE = {"hits": {"body: .node__content": 40, "title: h1.page-title": 41}}


def days_ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=each) for each in days]


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (days_ago(*range(9, 60, 2)), True),
        (days_ago(*range(3, 60, 2)), False),
        (days_ago(30, 60, 90), False),
        (days_ago(20, 35, 60, 80, 100), False),
        (days_ago(200, 210, 220, 230, 240), False),
        ([], False),
        (days_ago(*[9] * 400), False),  # a first round brings what was published long before
        (days_ago(*[60] * 400, *range(9, 59, 2)), True),
        (days_ago(60, *[35] * 90, *[20] * 90), False),  # on two days only, however much
    ],
)
def test_a_source_is_quiet_when_it_pauses_much_longer_than_usual(came: list[datetime], said: bool) -> None:
    found = quiet(came, NOW)
    assert (found is not None) is said
    if found:
        assert str(found).startswith("No new article for 9 days; usually 4 a week.")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"body: densest block": 8}, True),
        ({"body: densest block": 7, "body: .node__content": 1}, True),
        ({"body: densest block": 2, "body: .node__content": 6}, False),
        ({"body: densest block": 3}, False),
        ({}, False),
    ],
)
def test_a_selector_that_stops_finding_is_named(now: dict[str, int], said: bool) -> None:
    found = stopped("body", {"hits": now}, [SURE])
    assert (found is not None) is said
    if found:
        assert ".node__content" in str(found)


def test_a_first_round_raises_no_doubts() -> None:
    report: dict[str, Any] = {"hits": {"body: densest block": 90}}
    assert doubts(report, [], days_ago(*[0.01] * 90), NOW) == []


def test_what_a_selector_found_is_named_in_the_reader_s_language() -> None:
    found = stopped("body", {"hits": {"body: densest block": 8}}, [SURE])
    assert found and "found the text of nearly every article" in found.sentence("en")
    assert "tìm được nội dung của hầu hết" in found.sentence("vi")
    assert tell(parts(found), "vi") == found.sentence("vi")
