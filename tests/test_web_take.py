"""How does a reader take articles away?"""

import csv
import hashlib
import io
import json
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zipfile import ZipFile

import bibtexparser
import pytest
import rispy
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer import access
from indexer.article import Article
from indexer.settings import Settings
from tests.conftest import Archive
from tests.hostile import EVIL, FORMULA, HOSTILE, TURNED
from web import take
from web.app import create_app
from web.citing.letters import one_line
from web.taking.formats import FORMATS, NAMES

NEWS = Article(
    "https://soxd.replica.test/1",
    title="Khởi công nhà ở",
    lead="Sáng nay khởi công.",
    body="Dự án nhà ở có 480 căn.\nHoàn thành năm 2026.",
    author="Nguyễn Văn An",
    section="Quản lý nhà ở",
    published=datetime(2024, 10, 18, 1, tzinfo=UTC),
    extractor=7,
)
COPIED = replace(
    NEWS,
    address="https://soxd.replica.test/2",
    title="Giá nhà ở tăng",
    body="Giá nhà ở tăng nhẹ.\nBí mật của tòa soạn.\nTheo Báo Tỉnh Nhà",
    author="",
)
# More than the first batch and a whole one.
MANY = 112


@pytest.fixture
def site(archive: Archive) -> FlaskClient:
    archive.put(NEWS, COPIED, HOSTILE)
    return client(archive)


def client(archive: Archive, **settings: object) -> FlaskClient:
    chosen = Settings(home=archive.store.home, **settings)  # type: ignore[arg-type]
    return create_app(chosen, archive.store, archive.engine).test_client()


def taken(site: FlaskClient, name: str, **more: str) -> str:
    answered = site.get("/export", query_string={"format": name, **more})
    assert answered.status_code == 200
    return answered.get_data().decode()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def objects(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def opened(site: FlaskClient, **more: str) -> tuple[dict[str, bytes], dict[str, object]]:
    answered = site.get("/export", query_string={"format": "zip", **more})
    with ZipFile(io.BytesIO(answered.get_data())) as packed:
        assert packed.testzip() is None
        members = {name: packed.read(name) for name in packed.namelist()}
    return members, json.loads(members.pop("manifest.json"))


# Whole answers


@pytest.mark.parametrize("path", ["/export", "/api/v1/export"])
def test_as_many_rows_are_taken_as_the_page_counts(site: FlaskClient, path: str) -> None:
    answered = site.get(path, query_string={"q": "nhà ở", "format": "jsonl"})
    assert answered.headers["X-Total-Count"] == "3"
    assert answered.headers["Content-Disposition"].startswith("attachment; filename=khotin-nha-o-")
    assert [row["id"] for row in objects(answered.get_data(as_text=True))] == [1, 2, 3]


def test_filters_and_order_are_those_of_the_search(site: FlaskClient) -> None:
    assert [row["id"] for row in objects(taken(site, "jsonl", section="Quản lý nhà ở"))] == [1, 2]
    assert [row["id"] for row in objects(taken(site, "jsonl", q="nhà ở", sort="oldest"))] == [3, 1, 2]
    assert objects(taken(site, "jsonl", q="không có gì như thế")) == []


def test_a_name_of_a_file_holds_nothing_that_could_steer(site: FlaskClient) -> None:
    answered = site.get("/export", query_string={"q": '"../..\r\nSet-Cookie: a=b; nhà"', "format": "csv"})
    name = answered.headers["Content-Disposition"].partition("filename=")[2]
    assert name.startswith("khotin-set-cookie-a-b-nha-") and name.endswith(".csv")


def test_json_lines_hold_the_whole_article_and_how_to_cite_it(site: FlaskClient) -> None:
    first = objects(taken(site, "jsonl"))[0]
    assert (first["title"], first["lead"], first["body"]) == (NEWS.title, NEWS.lead, NEWS.body)
    read = "\n".join((NEWS.title, NEWS.lead, NEWS.body))
    assert first["sha256"] == hashlib.sha256(read.encode()).hexdigest()
    assert first["address"] == "http://localhost/articles/1" and first["text_is"] == "full"


def test_plain_text_is_title_place_text_and_citation(site: FlaskClient) -> None:
    text = taken(site, "txt", lang="vi").split("-" * 72)[0]
    assert text.startswith(
        "Khởi công nhà ở\n\nNguyễn Văn An · soxd.replica.test · ngày 18/10/2024\n\nSáng nay khởi công."
    )
    assert "Hoàn thành năm 2026.\n\nNguyễn Văn An, “Khởi công nhà ở”" in text


def test_a_table_for_excel_begins_with_its_mark_and_says_where_it_had_to_cut(archive: Archive) -> None:
    archive.put(replace(NEWS, body="chữ " * 10_000))
    site = client(archive)
    assert not taken(site, "csv").startswith("\ufeff")
    excel = taken(site, "csv", bom="1")
    assert excel.startswith("\ufeffnumber,")
    assert len(table(taken(site, "csv"))[0]["text"]) > 40_000 - 10
    cell = table(excel)[0]["text"]
    assert len(cell) < 32_767 and cell.endswith("in the other formats]")


def test_everything_comes_as_one_zip_that_tells_what_it_is(site: FlaskClient) -> None:
    members, manifest = opened(site, q="nhà ở", section="Quản lý nhà ở", lang="vi")
    assert set(members) == {each.file for each in FORMATS.values()}
    assert manifest["question"] == "nhà ở"
    assert manifest["parameters"] == {"q": "nhà ở", "section": ["Quản lý nhà ở"]}
    assert (manifest["total"], manifest["written"], manifest["withheld"]) == (2, 2, 0)
    assert manifest["extractors"] == {"7": 2} and manifest["generation"] and manifest["order"] == "number"
    assert manifest["interpretation"]["accents"] == "accented"  # type: ignore[index]
    for told in manifest["members"]:  # type: ignore[attr-defined]
        content = members[told["file"]]
        assert (told["bytes"], told["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert told["written"] == 2
    assert len(table(members["articles.csv"].decode())) == len(objects(members["articles.jsonl"].decode())) == 2


# What others wrote


def test_of_a_newspapers_article_only_a_passage_is_taken(site: FlaskClient) -> None:
    for name in ("csv", "jsonl", "txt"):
        text = taken(site, name, q="giá nhà ở")
        assert "Giá nhà ở tăng nhẹ." in text and "https://soxd.replica.test/2" in text
    row = objects(taken(site, "jsonl", q="giá nhà ở"))[0]
    assert (row["copied_from"], row["text_is"], row["body"], row["lead"]) == ("Báo Tỉnh Nhà", "passage", "", "")
    assert table(taken(site, "csv", q="giá nhà ở"))[0]["copied_from"] == "Báo Tỉnh Nhà"
    assert taken(site, "txt", q="giá nhà ở", lang="en").count("only a passage is exported") == 1


def test_a_long_text_of_a_newspaper_does_not_leave_by_any_format(archive: Archive) -> None:
    archive.put(
        replace(
            COPIED, body="Giá nhà ở tăng.\n" + "câu dài " * 100 + "\nBí mật.\nTheo Báo Tỉnh Nhà", captions=("Bí mật",)
        )
    )
    site = client(archive)
    for name in FORMATS:
        assert "Bí mật" not in taken(site, name)
    assert "Bí mật" in taken(client(archive, export_full_text_of_others=True), "jsonl")


# What is not public


@pytest.mark.parametrize("name", NAMES)
def test_a_restricted_article_is_in_no_export(site: FlaskClient, archive: Archive, name: str) -> None:
    with archive.store.write() as connection:
        access.restrict(connection, 1, "lan", "personal data")
    answered = site.get("/export", query_string={"format": name, "q": "nhà ở"})
    assert answered.headers["X-Total-Count"] == "2"
    contents = [answered.get_data()]
    if name == "zip":
        contents = [*opened(site, q="nhà ở")[0].values()]
    assert all("Khởi công nhà ở".encode() not in content for content in contents)


def interrupted(archive: Archive, site: FlaskClient, numbers: list[int], name: str) -> bytes:
    """A download in the midst of which the last two articles are restricted."""
    with site.get("/export", query_string={"format": name, "q": "nhà ở", "lang": "en"}) as answered:
        pieces: Iterator[bytes] = iter(answered.iter_encoded())
        first = next(pieces) + next(pieces)
        with archive.store.write() as connection:
            for number in numbers[-2:]:
                access.restrict(connection, number, "lan", "personal data")
        content = first + b"".join(pieces)
    with archive.store.write() as connection:
        for number in numbers[-2:]:
            access.release(connection, number, "lan", "")
    return content


def test_an_article_restricted_in_the_midst_is_withheld_and_the_end_tells_so(archive: Archive) -> None:
    numbers = archive.put(*(replace(NEWS, address=f"https://soxd.replica.test/n{each}") for each in range(MANY)))
    site, left = client(archive), MANY - 2
    told = f"This file is not whole: 2 of {MANY} articles stopped being public while it was written, and were left out."

    rows = table(interrupted(archive, site, numbers, "csv").decode())
    assert len(rows) == left + 1 and rows[-1]["number"].startswith(f"# {told}")
    *lines, last = objects(interrupted(archive, site, numbers, "jsonl").decode())
    assert len(lines) == left and list(last) == ["error"] and str(last["error"]).startswith(told)
    for name in ("txt", "vi", "en"):
        assert f"*** {told}" in interrupted(archive, site, numbers, name).decode()
    # an entry of its own is seen when the list is imported
    items = json.loads(interrupted(archive, site, numbers, "csl"))
    assert len(items) == left + 1 and items[-1]["title"].startswith(told)
    records = rispy.loads(interrupted(archive, site, numbers, "ris").decode())
    assert len(records) == left + 1 and records[-1]["title"].startswith(told)
    library = bibtexparser.parse_string(interrupted(archive, site, numbers, "bibtex").decode())
    assert len(library.entries) == left + 1 and told in str(library.entries[-1].fields_dict["title"].value)
    with ZipFile(io.BytesIO(interrupted(archive, site, numbers, "zip"))) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        assert told.encode() not in packed.read("articles.jsonl")
    assert (manifest["total"], manifest["written"], manifest["withheld"]) == (MANY, left, 2)


# Hostile texts


def test_a_spreadsheet_takes_no_cell_for_a_formula(site: FlaskClient) -> None:
    for bom in ("0", "1"):
        [row] = [each for each in table(taken(site, "csv", bom=bom)) if "alert" in each["title"]]
        assert row["title"].startswith(f"'{FORMULA}") and row["author"].startswith("'=")
        assert row["unit"] == "'@SUM(1+1)" and row["section"] == "'+1"
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]
        assert "x" * 10_000 in row["attachments"]


def test_what_steers_stays_out_and_one_article_stays_one_entry(site: FlaskClient) -> None:
    signs = set(TURNED) - set("xt.e cmd")
    for name in set(FORMATS) - {"jsonl"}:  # JSON Lines are the text as it is kept, letter by letter
        assert not signs & set(taken(site, name))
    assert len(rispy.loads(taken(site, "ris"))) == len(json.loads(taken(site, "csl"))) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = bibtexparser.parse_string(taken(site, "bibtex"))
    assert len(library.entries) == 3 and not library.failed_blocks
    assert len(taken(site, "en").splitlines()) == len(objects(taken(site, "jsonl"))) == 3
    assert json.loads(taken(site, "csl"))[2]["title"] == one_line(EVIL)


# Mistakes, and too many at once


@pytest.mark.parametrize(
    ("parameters", "name"), [({}, "format"), ({"format": "exe"}, "format"), ({"format": "csv", "bom": "2"}, "bom"),
                             ({"format": "csv", "from": "soon"}, "from")],
)  # fmt: skip
def test_a_mistake_is_told_and_nothing_is_sent(site: FlaskClient, parameters: dict[str, str], name: str) -> None:
    refused = site.get("/api/v1/export", query_string=parameters)
    assert refused.status_code == 400 and refused.mimetype == "application/problem+json"
    assert [each["parameter"] for each in refused.get_json(force=True)["errors"]] == [name]
    page = site.get("/export", query_string=parameters | {"lang": "vi"})
    assert page.status_code == 400 and f"“{name}”" in page.get_data(as_text=True)


def test_a_download_that_cannot_begin_holds_no_place(archive: Archive) -> None:
    site = client(archive)
    for _ in range(take.MOST_AT_ONCE + 1):
        assert "khotin index rebuild" in site.get("/api/v1/export?format=csv").get_data(as_text=True)
    archive.put(NEWS)
    assert len(table(taken(site, "csv"))) == 1


def test_so_many_downloads_run_at_once_that_readers_are_still_answered(site: FlaskClient) -> None:
    running = [site.get("/export?format=csv") for _ in range(take.MOST_AT_ONCE)]  # begun, and not read to the end
    refused = site.get("/export?format=csv&lang=vi")
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "30"
    assert "Xin thử lại sau nửa phút." in refused.get_data(as_text=True)
    assert site.get("/api/v1/export?format=csv").mimetype == "application/problem+json"
    assert site.get("/search?q=nhà").status_code == 200
    running[0].close()
    assert len(table(taken(site, "csv"))) == 3
    for each in running:
        each.close()


# On the page


def test_the_page_of_results_offers_every_format_for_the_question_as_it_stands(site: FlaskClient) -> None:
    tree = BeautifulSoup(site.get("/search?q=nhà+ở&sort=newest&page=1&lang=vi").get_data(as_text=True), "lxml")
    block = tree.select_one("details.take")
    assert block and block.select_one("summary").get_text() == "Tải về 3 bài"  # type: ignore[union-attr]
    addresses = [str(each["href"]) for each in block.select("a")]
    assert {name for name in NAMES if any(f"format={name}" in each for each in addresses)} == set(NAMES)
    for address in addresses:
        with site.get(address) as answered:
            assert answered.headers["X-Total-Count"] == "3"
    nothing = BeautifulSoup(site.get("/search?q=khong-co-gi-nhu-the").get_data(as_text=True), "lxml")
    assert not nothing.select("details.take")
