"""Is a department's site taken whole, whichever system shows it?  Each is crawled as an operator would."""

import re
from collections import Counter
from pathlib import Path

import pytest

from crawler.replica.content import SECTIONS, ReplicaArticle, articles
from crawler.replica.portal import PORTALS, Portal
from crawler.replica.server import Request, serve
from indexer import clock
from indexer.article import Article
from tests.conftest import add_site, kept_articles, one_round

# One section with three pages, and some of each of the others.
SHOWN = tuple(each for each in articles() if each.section == "tin-tuc" or each.node % 6 == 0)
NEVER_ASKED = re.compile(r"/print|viewMode=print|tmpl=component|sendmail|tim-kiem|/tim/|Ban-in|lich-cong-tac|/admin")


def crawled(portal: Portal, home: Path, rounds: int = 1) -> tuple[list[dict[str, object]], list[list[Request]]]:
    """Crawl a portal some times over; the reports and what was asked for in each round."""
    reports, asked = [], []
    with serve(shown=SHOWN, host=portal.host) as replica:
        add_site(home, replica)
        for _ in range(rounds):
            before = len(replica.log)
            reports.append(one_round(home, replica))
            asked.append(replica.log[before:])
    return reports, asked


def taken(home: Path) -> list[Article]:
    return [each.article for each in kept_articles(home)]


def likeness(one: str, other: str) -> float:
    """The token F1 of two texts."""
    first, second = (Counter(re.findall(r"[^\W_]+", text.lower())) for text in (one, other))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else float(first == second)


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)
def test_every_article_is_taken_once_and_whole(portal: Portal, tmp_path: Path) -> None:
    (report,), (asked,) = crawled(portal, tmp_path / "data")
    assert (report["state"], report["failed"]) == ("done", 0)
    assert report["profile"] == (portal.profile or portal.name)
    found = taken(tmp_path / "data")
    assert sorted(each.title for each in found) == sorted(each.title for each in SHOWN)
    by_title = {each.title: each for each in found}
    wrong = {each.node: faults_of(portal, each, by_title[each.title]) for each in SHOWN}
    assert {node: faults for node, faults in wrong.items() if faults} == {}
    assert [each.path for each in asked if NEVER_ASKED.search(each.path)] == []
    addresses = Counter(each.path for each in asked if each.method == "GET")
    assert max(addresses.values()) <= 2, "the start page shows the profile and is a list too; all others are asked once"


def faults_of(portal: Portal, told: ReplicaArticle, got: Article) -> list[str]:
    """Which fields differ from what the editor entered."""
    text, body = f"{told.lead}\n{told.body}", f"{got.lead}\n{got.body}"
    day = got.published.astimezone(clock.VIETNAM).date() if got.published else None
    # The addresses of one system hold the day.
    shown = told.published.date() if told.shows_date or "{day}" in portal.article else None
    checks = {
        "text": likeness(text, body) > 0.99,
        "date": day == shown,
        "author": " - ".join(filter(None, (got.author, got.unit))) == told.author,
        "captions": list(got.captions) == list(dict.fromkeys(each.caption for each in told.images)),
        "files": [each.name for each in got.attachments] == [each.label for each in told.attachments],
        "section": portal.name == "legacy" or got.section == SECTIONS[told.section][0],
    }
    return [name for name, right in checks.items() if not right]


@pytest.mark.parametrize("name", ["liferay", "dnn"])
def test_a_second_round_fetches_no_article_again_and_no_further_address_of_one(name: str, tmp_path: Path) -> None:
    portal = next(each for each in PORTALS if each.name == name)
    (_, again), (_, asked) = crawled(portal, tmp_path / "data", rounds=2)
    assert (again["new"], again["changed"], again["gone"]) == (0, 0, 0)
    start = portal.article.split("{")[0]
    whole = [each.path for each in asked if each.status == 200 and each.method == "GET" and each.path.startswith(start)]
    lists = {portal.listing(key).split("?")[0] for key in SECTIONS} | {"/", "/robots.txt"}
    assert [path for path in whole if path.split("?")[0] not in lists] == []
    pages = [each for each in asked if each.status == 304]
    assert len(pages) >= len(SHOWN)
    posted = [each for each in asked if each.method == "POST"]
    assert len(posted) <= len(SECTIONS), "a list that shows nothing new is not walked to its end"


@pytest.mark.parametrize("name", ["vnpt", "liferay-json"])
def test_a_list_that_was_left_in_its_middle_is_walked_to_its_end_next_time(name: str, tmp_path: Path) -> None:
    portal = next(each for each in PORTALS if each.name == name)
    home = tmp_path / "data"
    with serve(shown=SHOWN, host=portal.host) as replica:
        add_site(home, replica)
        one_round(home, replica, max_pages=2)
        one_round(home, replica)
    assert sorted(each.title for each in taken(home)) == sorted(each.title for each in SHOWN)
