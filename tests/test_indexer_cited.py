"""Which articles cite a document, and which document of that number do they mean?"""

from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer import access, cited
from indexer.article import Article, Attachment
from indexer.glossary import load
from indexer.searcher import searcher_of
from indexer.settings import Settings
from tests.conftest import Archive
from web.app import create_app

SITE = "http://soxd.replica.test"
BY_PROVINCE = "Căn cứ Quyết định số 788/QĐ-UBND ngày 22/4/2024 của UBND tỉnh Lạng Sơn về đơn giá."
SHORTER = "Thực hiện Quyết định 788/QĐ-UBND ngày 22/4/2024, và 788/QĐ-UBND từ hôm nay."
BY_DISTRICT = "Theo Quyết định 788/QĐ-UBND ngày 15/3/2019 của UBND huyện Cao Lộc."


@pytest.fixture
def citing(archive: Archive) -> Archive:
    archive.put(
        Article(f"{SITE}/1", title="Đơn giá mới", body=BY_PROVINCE, published=datetime(2024, 5, 1, tzinfo=UTC)),
        Article(f"{SITE}/2", title="Nhắc lại đơn giá", body=f"{SHORTER}\n{BY_PROVINCE}"),
        Article(f"{SITE}/3", title="Quy hoạch xã", body=BY_DISTRICT),
        Article(f"{SITE}/4", title="Kế hoạch", body="Thực hiện 788 / QĐ – UBND và 24/VBHN-BXD."),
        Article(f"{SITE}/5", title="Hộ dân", body="Có 788 hộ dân."),
        Article(f"{SITE}/6", title="Công văn", body="Công văn 1637/SXD-ĐKHĐ; 1637/SXD-ĐKHĐ; 1637/SXD-DKHD."),
        Article(
            f"{SITE}/7", title="Bảng giá", attachments=(Attachment(f"{SITE}/a.pdf", "a", "pdf", "d", BY_DISTRICT),)
        ),
    )
    return archive


def bearers(archive: Archive, number: str) -> list[tuple[date | None, str, list[str]]]:
    bare = cited.bare_of(number)
    found = cited.bearers(
        bare, searcher_of(archive.store, archive.engine.columns(), load()).citing(bare), archive.store
    )
    return [(each.stated, each.issuer, [one.kept.article.title for one in each.citations]) for each in found]


def test_articles_are_grouped_by_the_date_and_issuer_they_state_and_those_without_come_last(citing: Archive) -> None:
    assert bearers(citing, "788/QĐ-UBND") == [
        (date(2024, 4, 22), "UBND tỉnh Lạng Sơn", ["Đơn giá mới", "Nhắc lại đơn giá"]),
        (date(2019, 3, 15), "UBND huyện Cao Lộc", ["Quy hoạch xã", "Bảng giá"]),
        (None, "", ["Kế hoạch"]),
    ]


@pytest.mark.parametrize("number", ["788/QĐ-UBND", "788/qd-ubnd", "0788/QĐ-UBND", "788/qd/ubnd"])
def test_a_document_is_known_by_its_number_however_it_is_written(citing: Archive, number: str) -> None:
    assert len(bearers(citing, number)) == 3


def test_what_is_restricted_cites_nothing(citing: Archive) -> None:
    with citing.store.write() as connection:
        access.restrict(connection, 4, "admin", "Có dữ liệu cá nhân")
    assert [stated for stated, _, _ in bearers(citing, "788/QĐ-UBND")] == [date(2024, 4, 22), date(2019, 3, 15)]


def test_cited_documents_are_a_facet_that_narrows(citing: Archive) -> None:
    assert dict(citing.ask("").facets["number"])["788/QĐ-UBND"] == 5
    narrowed = citing.ask("đơn giá", facets={"number": ("788/QĐ-UBND",)})
    assert {hit.kept.article.title for hit in narrowed.hits if hit.counted} == {"Đơn giá mới", "Nhắc lại đơn giá"}


@pytest.mark.parametrize(
    ("bare", "written"),
    [
        ("788/qd/ubnd", "788/QĐ-UBND"),
        ("15/2021/nd/cp", "15/2021/NĐ-CP"),
        ("338/qd/ttg", "338/QĐ-TTg"),
        ("22/nq/tu", "22-NQ/TU"),
        ("27/2023/qh15", "27/2023/QH15"),
        ("qcvn/6/2022/bxd", "QCVN 6:2022/BXD"),
        ("1/500", "1/500"),
    ],
)
def test_a_key_is_shown_as_officials_write_numbers(bare: str, written: str) -> None:
    assert cited.written(bare) == written


@pytest.fixture
def site(citing: Archive) -> FlaskClient:
    return create_app(Settings(home=citing.store.home), citing.store, citing.engine).test_client()


def test_the_page_of_a_document_shows_every_bearer_and_the_line_that_cites_it(site: FlaskClient) -> None:
    page = site.get("/documents/788/QĐ-UBND?lang=vi").get_data(as_text=True)
    headings = [each.get_text(" ", strip=True) for each in BeautifulSoup(page, "html.parser").select("h2")]
    assert [heading[:13] for heading in headings] == ["ngày 22/04/20", "ngày 15/03/20", "Chưa rõ ngày "]
    assert "UBND tỉnh Lạng Sơn" in headings[0] and "<mark>788/QĐ-UBND</mark>" in page


def test_the_page_writes_the_number_as_most_articles_do(site: FlaskClient) -> None:
    assert "1637/SXD-ĐKHĐ" in site.get("/documents/1637/sxd-dkhd?lang=vi").get_data(as_text=True)


def test_a_number_that_nobody_cites_is_told_so(site: FlaskClient) -> None:
    answer = site.get("/documents/9/QĐ-UBND?lang=vi")
    assert answer.status_code == 404
    assert "9/QĐ-UBND" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["1/500", "cat", "%00", "788"])
def test_what_is_no_document_s_number_has_no_page(site: FlaskClient, path: str) -> None:
    assert site.get(f"/documents/{path}").status_code == 404


def test_a_question_for_a_whole_number_leads_to_its_page(site: FlaskClient) -> None:
    page = site.get("/search", query_string={"q": "788 qd ubnd", "lang": "vi"}).get_data(as_text=True)
    assert 'href="/documents/788/Q%C4%90-UBND"' in page
