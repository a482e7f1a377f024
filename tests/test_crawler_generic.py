"""How good is the way without a profile?  Every page of every system of the demo site, read as if it were unknown."""

import json
import statistics
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.extract import Extraction, extract
from crawler.page import Page
from crawler.profiles import Profile, named
from crawler.replica import drupal
from crawler.replica.content import SECTIONS, ReplicaArticle, Site, articles
from crawler.replica.pages import PER_PAGE, Answer, Asked, Moment
from crawler.replica.portal import PORTALS, Portal, answer
from tests.test_crawler_portals import likeness

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["extraction"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FURNITURE = ("Tin mới", "Lượt truy cập", "Trang chủ", "Bản quyền", "Skip to", "Nhảy đến", "Chia sẻ", "Tin liên quan")


@cache
def site() -> Site:
    return Site({each.node: each for each in articles()})


def asked(portal: Portal | None, path: str) -> Page:
    parts = urlsplit(path)
    wanted = Asked(parts.path, dict(parse_qsl(parts.query)), {}, Moment(NOW, 1))
    shown: Answer = drupal.answer(site(), wanted) if portal is None else answer(portal, site(), wanted)
    host = drupal.HOST if portal is None else portal.host
    return Page(f"http://{host}{path}", 200, {"content-type": shown.media_type}, shown.body)


def read(portal: Portal | None, told: ReplicaArticle, profile: Profile) -> Extraction:
    path = drupal.address(site(), told) if portal is None else portal.address(site(), told)
    return extract(asked(portal, path), profile, now=NOW)


def likenesses(portal: Portal | None, profile: Profile) -> list[float]:
    """The token F1 of each article's lead and body; 0 for one that was not found."""
    found = [(told, read(portal, told, profile).article) for told in articles()]
    return [
        likeness(f"{told.lead}\n{told.body}", f"{got.lead}\n{got.body}") if got and got.title == told.title else 0.0
        for told, got in found
    ]


@pytest.mark.parametrize("portal", [None, *PORTALS], ids=lambda portal: portal.name if portal else "drupal")
def test_texts_are_found_without_a_profile(portal: Portal | None) -> None:
    like = likenesses(portal, named("generic"))
    assert statistics.mean(like) >= FLOORS["without_profile"]
    assert min(like) >= 0.9


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)
def test_a_profile_takes_whole_texts_and_no_furniture(portal: Portal) -> None:
    profile = named(portal.profile or portal.name)
    assert min(likenesses(portal, profile)) >= FLOORS["profile"]
    for told in articles():
        got = read(portal, told, profile).article
        assert got is not None
        taken = "\n".join((got.title, got.lead, got.body, *got.captions, got.author, got.unit))
        wanted = "\n".join((told.title, told.lead, told.body, told.author, *(each.caption for each in told.images)))
        assert [words for words in FURNITURE if words in taken and words not in wanted] == []


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)
def test_lists_are_told_from_articles_without_a_profile(portal: Portal) -> None:
    pages = [(key, page) for key in SECTIONS for page in (1, 2) if page == 1 or goes_on(portal, key)]
    kinds = {where: extract(asked(portal, portal.listing(*where)), named("generic"), now=NOW).kind for where in pages}
    assert {where: kind for where, kind in kinds.items() if kind != "list"} == {}
    assert [told.node for told in articles() if read(portal, told, named("generic")).kind == "list"] == []


def goes_on(portal: Portal, key: str) -> bool:
    return bool(portal.later) and len(site().newest(key)) > PER_PAGE
