"""Does a restricted article appear anywhere?  Every route is asked for it, as a reader and as a researcher."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer import access, accounts, build
from indexer.article import Article, Attachment
from indexer.settings import Settings
from indexer.store import articles, collections
from tests import walk
from tests.conftest import Archive
from tests.walk import Planted
from web.shelf import Shelf

SITE = "http://soxd.replica.test"
# One word for each part of the article that stands nowhere else.
WORDS = "zyxquang zyxlan zyxcu zyxanh zyxtep zyxruot zyxtac zyxphong zyxmuc zyxthe zyxso".split()
TITLE, SENTENCE, OLD, CAPTION, FILE, INSIDE, AUTHOR, UNIT, SECTION, TAG, NUMBER = WORDS
FIRST = Article(
    f"{SITE}/bai-dang-giau",
    title="Thông báo bãi đá cũ",
    body=f"Bãi đá xây dựng trước đây là {OLD}.",
    published=datetime(2019, 3, 5, 1, 0, tzinfo=UTC),
)
PLANTED = replace(
    FIRST,
    title=f"Thông báo bãi đá {TITLE}",
    lead=f"Bãi đá xây dựng của {SENTENCE}.",
    body=f"Một câu riêng về bãi đá {SENTENCE} và {TITLE}, theo Quyết định 9471/QĐ-{NUMBER.upper()}.",
    captions=(f"Ảnh {CAPTION}",),
    attachments=(Attachment(f"{SITE}/{FILE}.pdf", f"Tệp {FILE}.pdf", "application/pdf", "d", f"Bên trong {INSIDE}"),),
    author=f"Nguyễn {AUTHOR}",
    unit=f"Phòng {UNIT}",
    section=f"Mục {SECTION}",
    tags=(TAG,),
)
OTHERS = [Article(f"{SITE}/{n}", title=f"Thông báo bãi cát {n}", body="Bãi cát xây dựng.") for n in range(3)]
# A question that finds it, one that would complete to its title, one letter beside its own word, and none.
QUESTIONS = ("bãi đá xây dựng", "thông báo bãi", "zyxquan", "zyx*", "")
# Routes that never say anything of any article: each was looked at. Whoever adds one here looks first.
SILENT = {
    *("desk.account", "desk.collection_removing", "desk.overview", "desk.search", "desk.search_new"),
    "desk.security",
    *("tools.lists_page", "tools.trends_csv", "tools.trends_for_programs", "tools.trends_page", "tools.trends_svg"),
    *("ways.confirm", "ways.forgotten", "ways.reset", "ways.sign_up", "ways.unsubscribe"),
    "api.missing",
    "doors.code",
    "doors.sign_in",
    "manual.api",
    "offices.logo",
    "manual.openapi",
    "pages.about",
    "pages.help_page",
    "robots.opensearch",
    "robots.rules",
    "robots.site_pages",
    "robots.sitemaps",
    "watching.figures",
    "watching.healthy",
}
# These show what was captured; tests/test_web_replay.py asks them for a restricted article that a crawl brought.
CAPTURED = {
    *("pages.archived_file", "pages.archived_page", "pages.archived_picture", "pages.latest_page"),
    *("pages.time_gate", "pages.time_map"),
}


@pytest.fixture
def planted(archive: Archive) -> Planted:
    number = archive.put(FIRST)[0]
    assert archive.put(PLANTED, *OTHERS)[0] == number
    return Planted(number, PLANTED.address, f"9471/QĐ-{NUMBER.upper()}", QUESTIONS)


@pytest.fixture
def app(archive: Archive) -> Flask:
    settings = Settings(home=archive.store.home, api_requests_per_minute=0)
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


def readers(app: Flask, archive: Archive, number: int) -> list[FlaskClient]:
    """A reader, and a researcher who collected the article."""
    found = [app.test_client(), walk.signed_in(app, archive.store, "researcher")]
    with archive.store.write() as connection:
        person = accounts.need(connection, "researcher")
        if not collections.every(connection, person.id):
            collections.put(connection, collections.add(connection, person.id, "Bãi đá"), number, "", [])
    return found


def shown(client: FlaskClient, address: str, number: int) -> set[str]:
    """The article's own words in an answer, and its address when that was not asked for."""
    told = walk.told(client.get(address)).lower()
    found = {word for word in WORDS if word in told and word not in address.lower()}
    asked = f"/articles/{number}" in address
    return found | ({"its address"} if not asked and re.search(rf"(?<!\d)/articles/{number}(?!\d)", told) else set())


def test_the_walk_finds_what_is_public(app: Flask, archive: Archive, planted: Planted) -> None:
    """Otherwise the test below would prove nothing: each route shows the article, or is known to show none."""
    met: dict[str, set[str]] = defaultdict(set)
    for client in readers(app, archive, planted.number):
        for endpoint, address in walk.addresses(app, planted):
            met[endpoint] |= shown(client, address, planted.number)
    staff = {rule.endpoint for rule in walk.rules(app) if rule.rule.startswith("/admin")}
    silent = {endpoint for endpoint, found in met.items() if not found}
    assert silent - staff - CAPTURED == SILENT & set(met), (
        "add a way to ask it to tests/walk.py, or look and add it to SILENT"
    )
    assert set(WORDS) - {TAG, OLD} <= set().union(*met.values())


def test_a_restricted_article_appears_in_the_answer_of_no_route(app: Flask, archive: Archive, planted: Planted) -> None:
    clients = readers(app, archive, planted.number)
    with archive.store.write() as connection:
        access.restrict(connection, planted.number, "admin", "theo yêu cầu")
    for client in clients:  # at once, before the index knows
        leaks(app, client, planted)
    build.update(archive.store, archive.engine)
    leaks(app, clients[0], planted)


def test_a_merged_article_s_old_number_shows_nothing_of_it(app: Flask, archive: Archive, planted: Planted) -> None:
    with archive.store.write() as connection:
        articles.mark(connection, planted.number, "crawl", merged_into=planted.number + 1)
    leaks(app, app.test_client(), planted)


def leaks(app: Flask, client: FlaskClient, planted: Planted) -> None:
    found = {
        address: words
        for _, address in walk.addresses(app, planted)
        if (words := shown(client, address, planted.number))
    }
    assert not found
