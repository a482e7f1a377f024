"""What does a reader see of one article?"""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from indexer import access, build
from indexer.article import Article, Attachment
from indexer.clock import now
from indexer.settings import Settings
from indexer.store import articles
from tests.conftest import Archive
from web.app import create_app
from web.reading import MOST_DOCUMENTS

SITE = "http://soxd.replica.test"
OCR = "Read by machine from pictures of pages; words may be wrong."
GUIDE = Article(
    f"{SITE}/1",
    title="Hướng dẫn thủ tục cấp giấy phép xây dựng theo Nghị định 15/2021/NĐ-CP",
    lead="Sở Xây dựng hướng dẫn theo Nghị định 15/2021/NĐ-CP và Quyết định 788/QĐ-UBND.",
    body="Giấy phép xây dựng do Sở Xây dựng cấp.\nHồ sơ xin giấy phép xây dựng gồm bản vẽ.",
    captions=("Trao giấy phép xây dựng",),
    attachments=(Attachment(f"{SITE}/a.pdf", "Bản quét.pdf", "application/pdf", "", "Mẫu giấy phép xây dựng", OCR),),
    published=datetime(2020, 3, 12, tzinfo=UTC),
    date_source="near-title",
    profile="drupal",
    extractor=7,
)
CITING = Article(
    f"{SITE}/2",
    title="Tập huấn Nghị định 15/2021/NĐ-CP",
    body="Lớp tập huấn về giấy phép xây dựng theo Nghị định 15/2021/NĐ-CP.",
)
HOSTILE = Article(
    f"{SITE}/3",
    title="<script>alert(1)</script>\u202e Nghị định 15/2021/NĐ-CP",
    lead='"><img src=x onerror=alert(2)>',
    body="x" * 10_000 + "\n<b>đậm</b> theo 15/2021/NĐ-CP",
    captions=("<i>chú thích</i>",),
    attachments=(Attachment("javascript:alert(3)", "<u>tệp</u>.pdf", "", "sha256:<x>", "<s>chữ</s>"),),
    author="<em>ai</em>",
    profile="<p>",
)


@pytest.fixture
def site(archive: Archive) -> FlaskClient:
    archive.put(GUIDE, CITING, HOSTILE)
    return create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()


def page(site: FlaskClient, path: str, **query: str) -> BeautifulSoup:
    answered = site.get(path, query_string={"lang": "en"} | query)
    assert answered.status_code == 200, path
    return BeautifulSoup(answered.get_data(as_text=True), "lxml")


def words(tree: Tag | None) -> str:
    assert tree
    return " ".join(tree.get_text(" ").split())


def test_a_reader_goes_from_hit_to_hit_without_a_script(site: FlaskClient) -> None:
    tree = page(site, "/articles/1", q="giấy phép xây dựng")
    marks = [mark["id"] for mark in tree.select("mark[id]")]
    assert marks == [f"hit-{number}" for number in range(1, len(marks) + 1)] and len(marks) == 4
    assert "4 hits in the text" in words(tree.select_one("nav.hits"))
    targets = [[str(link["href"]) for link in step.select("a")] for step in tree.select(".step")]
    assert targets == [[f"#hit-{number - 1}", f"#hit-{number + 1}"] for number in range(1, 5)]
    assert all(tree.select_one(target) for step in targets for target in step)
    assert not page(site, "/articles/1").select(".hits, .step")


def test_text_that_a_machine_read_is_shown_and_marked_as_such(site: FlaskClient) -> None:
    told = page(site, "/articles/1").select_one(".attachments")
    assert "Mẫu giấy phép xây dựng" in words(told) and OCR in words(told)
    assert "read by machine" in words(told.select_one("summary") if told else None)


def test_old_guidance_says_that_rules_may_have_changed(site: FlaskClient) -> None:
    sentence = "Posted on 12 Mar 2020. Rules told in this article may have been amended or replaced since."
    assert sentence in words(page(site, "/articles/1").body)
    assert "amended" not in words(page(site, "/articles/2").body)


def test_what_it_cites_and_who_cites_the_same_are_one_click_away(site: FlaskClient, archive: Archive) -> None:
    tree = page(site, "/articles/1")
    assert "15/2021/NĐ-CP in 2 other articles 788/QĐ-UBND only here" in words(tree.select_one(".cites"))
    listed = [str(link["href"]) for link in tree.select(".near-by")[0].select("a")]
    assert {urlsplit(each).path for each in listed} == {"/articles/2", "/articles/3"}
    assert parse_qs(urlsplit(listed[0]).query) == {"q": ["15/2021/NĐ-CP"]}
    with archive.store.write() as connection:
        access.restrict(connection, 2, "lan", "a complaint")
    tree = page(site, "/articles/1")
    assert "in 1 other article " in words(tree.select_one(".cites")) and CITING.title not in words(tree.body)


def test_a_number_that_is_broken_over_two_lines_of_a_title_is_cited_as_any_other(
    site: FlaskClient, archive: Archive
) -> None:
    broken = Article(f"{SITE}/21", title="Công bố Quyết định 1799/\nQĐ-UBND về giá đất")
    number, _ = archive.put(broken, Article(f"{SITE}/22", title="Giá đất", body="Theo Quyết định 1799/QĐ-UBND."))
    tree = page(site, f"/articles/{number}")
    assert "1799/QĐ-UBND" in words(tree.main)
    assert "1799/QĐ-UBND" in words(tree.select_one(".cites a"))


def test_of_many_documents_the_first_are_told(site: FlaskClient, archive: Archive) -> None:
    listed = " ".join(f"Quyết định {number}/QĐ-UBND." for number in range(100, 160))
    (number,) = archive.put(Article(f"{SITE}/23", title="Các quyết định đã ban hành", body=listed))
    told = page(site, f"/articles/{number}")
    assert len({each["href"] for each in told.select('a[href*="/documents/"]')}) == MOST_DOCUMENTS


def test_terms_are_told_in_the_other_language_and_no_title_is(site: FlaskClient) -> None:
    tree = page(site, "/articles/1")
    told = {words(each.dt): (words(each.dd), each.dd["lang"]) for each in tree.select(".terms dl div") if each.dd}
    assert told["Sở Xây dựng"] == ("Department of Construction", "en")
    assert tree.h1 and tree.h1["lang"] == "vi" and words(tree.h1) == GUIDE.title


def test_details_tell_where_each_date_was_read(site: FlaskClient) -> None:
    tree = page(site, "/articles/1")
    assert "12 Mar 2020 (read near the title)" in words(tree.select_one("aside"))
    assert "drupal" in words(tree.select_one(".more-details")) and "7" in words(tree.select_one(".more-details"))


@pytest.mark.parametrize("door", ["", "/versions", "/versions/1", "/versions/2", "/compare", "/report"])
def test_hostile_articles_show_as_text(site: FlaskClient, archive: Archive, door: str) -> None:
    changed = replace(HOSTILE, lead='"><script>alert(4)</script>', captions=("<i>khác</i>",))
    with archive.store.write() as connection:
        articles.save(connection, archive.source.id, changed, now())
    build.update(archive.store, archive.engine)
    tree = page(site, f"/articles/3{door}", q="15/2021/NĐ-CP")
    assert not tree.select("main script, main img, main b:-soup-contains('đậm'), main u, main s, main em, main i")
    assert not [each for each in tree.select("a[href]") if str(each["href"]).startswith("javascript")]
    assert "<script>alert(1)</script>" in words(tree.body)


def test_programs_get_hostile_versions_as_plain_values(site: FlaskClient) -> None:
    told = site.get("/api/v1/articles/3/versions").get_json()
    assert told["versions"][0]["title"] == HOSTILE.title and told["versions"][0]["archived"] is None
