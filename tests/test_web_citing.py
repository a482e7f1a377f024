"""How is an archived article cited?"""

import json
import re
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Entry
from bs4 import BeautifulSoup
from citeproc import Citation as Asked  # type: ignore[import-untyped]
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]
from flask.testing import FlaskClient

from indexer import access
from indexer.article import Article, Kept, text_digest
from indexer.settings import Settings
from indexer.store import articles
from tests.conftest import Archive
from tests.hostile import EVIL, HOSTILE, TURNED
from web.app import create_app
from web.citing import bibtex, csl, embedded, ris
from web.citing.letters import one_line
from web.citing.lines import english, vietnamese
from web.citing.record import Citation, Desk, cited

SEEN = datetime(2026, 1, 5, 8, tzinfo=UTC)
VI = Desk("Kho tin – Sở Xây dựng", lambda number: f"https://kho.test/articles/{number}", date(2026, 2, 7), "vi")
EN = replace(VI, archive="Khotin – Department", spoken="en")
NEWS = Article(
    "https://soxd.replica.test/tin/1",
    title="Khởi công 100 % dự án nhà ở",
    lead="Sáng nay.",
    author="Nguyễn Văn An, Trần Thị Bình",
    unit="Văn phòng Sở",
    published=datetime(2024, 10, 17, 23, tzinfo=UTC),  # the 18th in Vietnam
)
OFFICE = replace(NEWS, author="", unit="Phòng Quản lý xây dựng, Sở Xây dựng")
UNDATED = replace(NEWS, published=None, event_date=date(2023, 12, 29), updated=SEEN)


def kept(article: Article, number: int = 12) -> Kept:
    return Kept(number, article, "soxd", SEEN, SEEN)


def of(article: Article, desk: Desk = VI) -> Citation:
    return cited(kept(article), desk)


def parsed(text: str) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks and len(library.entries) == 1
    entry: Entry = library.entries[0]
    return {field.key: str(field.value) for field in entry.fields}


# What is cited


def test_published_captured_and_accessed_are_three_dates() -> None:
    found = of(NEWS)
    assert (found.published, found.captured, found.accessed) == (date(2024, 10, 18), SEEN.date(), VI.today)
    for written in (vietnamese(found), bibtex.entry(found), ris.entry(found), csl.entry(found)):
        assert re.search("18/10/2024|2024-10-18|2024/10/18|2024, 10, 18", written)
        assert "05/01/2026" in written
        assert re.search("07/02/2026|2026-02-07|2026/02/07|2026, 2, 7", written)


def test_people_are_named_in_their_own_order_and_an_office_stays_one() -> None:
    assert of(NEWS).creators == ("Nguyễn Văn An", "Trần Thị Bình")
    assert of(OFFICE).creators == ("Phòng Quản lý xây dựng, Sở Xây dựng",)
    assert of(replace(NEWS, author="Lan Anh - Văn Sơn")).creators == ("Lan Anh", "Văn Sơn")
    assert of(replace(NEWS, author="Phòng Quản Lý, Sở Xây Dựng")).creators == ("Phòng Quản Lý, Sở Xây Dựng",)
    assert of(replace(NEWS, author="", unit="")).creators == ()


def test_a_page_without_a_date_is_cited_so_and_with_the_day_of_the_event() -> None:
    assert "không ghi ngày (sự kiện ngày 29/12/2023)" in vietnamese(of(UNDATED))
    assert "n.d. (event on 29 Dec 2023)" in english(of(UNDATED, EN))
    assert "issued" not in csl.item(of(UNDATED))
    assert csl.item(of(UNDATED))["event-date"] == {"date-parts": [[2023, 12, 29]]}
    assert parsed(bibtex.entry(of(UNDATED, EN)))["year"] == "n.d."
    entry = rispy.loads(ris.entry(of(UNDATED)))[0]
    assert "year" not in entry and "Không ghi ngày (sự kiện ngày 29/12/2023)" in entry["notes"][0]
    assert "2026" not in str(csl.item(of(replace(UNDATED, event_date=None))).get("issued"))


def test_the_digest_can_be_worked_out_by_whoever_holds_the_text() -> None:
    import hashlib

    written = hashlib.sha256(f"{NEWS.title}\n{NEWS.lead}".encode()).hexdigest()
    assert text_digest(NEWS) == written == of(NEWS).digest
    assert text_digest(replace(NEWS, lead="Sáng qua.")) != written
    for style in (bibtex.entry, ris.entry, csl.entry):
        assert written in style(of(NEWS))


def test_every_style_names_our_address_and_the_source() -> None:
    for style in (bibtex.entry, ris.entry, csl.entry, vietnamese, english):
        assert "https://kho.test/articles/12" in style(of(NEWS)) and NEWS.address in style(of(NEWS))


# Read back by those who read them


@pytest.mark.parametrize("article", [NEWS, OFFICE, UNDATED, HOSTILE], ids=["news", "office", "undated", "hostile"])
def test_bibtex_is_read_back_as_it_was_meant(article: Article) -> None:
    found = of(article, EN)
    entry = parsed(bibtex.entry(found))
    # the hat of TeX is read as another character than the one on the keyboard
    bare = {name: " ".join(re.sub("[{}]", "", value).replace("ˆ", "^").split()) for name, value in entry.items()}
    assert bare["title"] == " ".join(re.sub("[{}]", "", found.title).split())
    assert entry["url"].startswith(found.address) and bare["urldate"] == "2026-02-07"
    assert bibtex.entry(found).count("{") == bibtex.entry(found).count("}")


def test_names_in_bibtex_stand_in_braces_of_their_own() -> None:
    assert "author = {{Nguyễn Văn An} and {Trần Thị Bình}}" in bibtex.entry(of(NEWS))
    assert "author = {{Phòng Quản lý xây dựng, Sở Xây dựng}}" in bibtex.entry(of(OFFICE))


@pytest.mark.parametrize("article", [NEWS, OFFICE, UNDATED, HOSTILE], ids=["news", "office", "undated", "hostile"])
def test_ris_is_read_back_as_one_record(article: Article) -> None:
    found = of(article)
    [entry] = rispy.loads(ris.entry(found))
    assert entry["type_of_reference"] == "ELEC"
    assert entry["title"] == found.title and entry["urls"] == [found.address]
    assert all("," not in name for name in entry.get("authors", []))


def test_ris_keeps_the_order_of_names() -> None:
    assert rispy.loads(ris.entry(of(NEWS)))[0]["authors"] == ["Nguyễn Văn An", "Trần Thị Bình"]


def rendered(item: dict[str, Any]) -> str:
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
        bibliography.register(Asked([CitationItem(item["id"])]))
        return str(bibliography.bibliography()[0])


def test_a_citation_processor_prints_names_title_and_year() -> None:
    printed = rendered(csl.item(of(NEWS)))
    assert "Nguyễn Văn An" in printed and NEWS.title in printed and "2024" in printed
    assert "Phòng Quản lý xây dựng, Sở Xây dựng" in rendered(csl.item(of(OFFICE)))
    assert "https://kho.test/articles/12" in printed
    assert one_line(EVIL)[:20] in rendered(csl.item(of(HOSTILE)))


def test_what_steers_a_program_stays_out_of_every_style() -> None:
    for style in (bibtex.entry, ris.entry, csl.entry, vietnamese, english, embedded.coins):
        assert not set(TURNED) & set("\u202e\u2066\u2069\u200f") & set(style(of(HOSTILE)))
    assert one_line("a\x00b\r\n c\u2028d") == "ab c d"


# On the pages


@pytest.fixture
def site(archive: Archive) -> FlaskClient:
    archive.put(NEWS, HOSTILE)
    settings = Settings(home=archive.store.home, site_address="https://kho.test/tin/")
    return create_app(settings, archive.store, archive.engine).test_client()


def page(site: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(site.get(path).get_data(as_text=True), "lxml")


def contents(tree: BeautifulSoup, name: str) -> list[str]:
    return [str(each["content"]) for each in tree.select(f'meta[name="{name}"]')]


def test_an_article_page_tells_reference_managers_what_it_shows(site: FlaskClient) -> None:
    tree = page(site, "/articles/1")
    assert contents(tree, "citation_title") == contents(tree, "DC.title") == [NEWS.title]
    assert contents(tree, "citation_author") == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert contents(tree, "citation_publication_date") == ["2024/10/18"]
    assert contents(tree, "DC.identifier") == ["https://kho.test/tin/articles/1"]
    linked = json.loads(tree.select_one('script[type="application/ld+json"]').get_text())  # type: ignore[union-attr]
    assert (linked["@type"], linked["headline"], linked["datePublished"]) == ("NewsArticle", NEWS.title, "2024-10-18")


def test_hostile_titles_end_neither_an_element_nor_the_embedded_data(site: FlaskClient) -> None:
    tree = page(site, "/articles/2")
    assert contents(tree, "citation_title") == [one_line(EVIL)]
    [script] = tree.select('script[type="application/ld+json"]')
    assert json.loads(script.get_text())["headline"] == one_line(EVIL)
    assert len(tree.select("script")) == 2


def test_every_hit_carries_its_context_object(site: FlaskClient) -> None:
    tree = page(site, "/search?q=nhà+ở")
    objects = [parse_qs(unescape(str(each["title"]))) for each in tree.select("article.hit span.Z3988")]
    assert len(objects) == len(tree.select("article.hit")) == 2
    assert {each["rft.title"][0] for each in objects} == {NEWS.title, one_line(EVIL)}
    assert all(each["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"] for each in objects)
    assert ["https://kho.test/tin/articles/1"] in [each["rft.identifier"] for each in objects]


def test_an_article_is_cited_as_a_file_in_every_style(site: FlaskClient) -> None:
    starts = {
        "bibtex": "@online{khotin1,",
        "ris": "TY  - ELEC",
        "csl": "[\n{",
        "vi": "Nguyễn Văn An, Trần",
        "en": "Nguyễn",
    }
    for style, start in starts.items():
        answered = site.get(f"/articles/1/cite.{style}")
        assert answered.status_code == 200 and answered.get_data(as_text=True).startswith(start)
        assert answered.headers["Content-Disposition"].startswith("attachment; filename=khotin-1.")
    assert {str(each["href"]) for each in page(site, "/articles/1").select(".styles a")} == {
        f"/articles/1/cite.{style}" for style in ("bibtex", "ris", "csl")
    }
    assert site.get("/articles/1/cite.exe").status_code == site.get("/articles/99/cite.ris").status_code == 404


def test_a_restricted_article_is_not_cited_and_a_merged_one_under_its_new_number(
    site: FlaskClient, archive: Archive
) -> None:
    with archive.store.write() as connection:
        articles.mark(connection, 2, "crawl", merged_into=1)
    assert site.get("/articles/2/cite.ris").headers["Location"].endswith("/articles/1/cite.ris")
    with archive.store.write() as connection:
        access.restrict(connection, 1, "lan", "personal data")
    assert site.get("/articles/1/cite.ris").status_code == 404
