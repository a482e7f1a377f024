"""Do trends, concordance and lists work for a person and for a program?"""

import csv
import io
import json
import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml import etree

from indexer import access
from indexer.article import Article
from indexer.language.clean import clean
from indexer.settings import Settings
from tests.conftest import Archive
from tests.test_web_pages import links, one, page
from web import curves
from web.app import create_app

SITE = "http://soxd.replica.test"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SECRET = "Điều riêng tư của bà Tạ Thị Ngân"
# As it is kept: what came in was cleaned at the door.
EVIL = clean('=HYPERLINK("http://evil.example") <script>alert(1)</script> \u202egnad cầu')
ARTICLES = (
    Article(
        f"{SITE}/1", title="Cầu treo", body="Khởi công cầu treo bản Lùng.", published=datetime(2023, 3, 5, tzinfo=UTC)
    ),
    Article(
        f"{SITE}/2", title="Sửa cầu", body="Sửa cầu sắt.", section="Tin", published=datetime(2024, 3, 9, tzinfo=UTC)
    ),
    Article(f"{SITE}/3", title="Đường làng", body="Đường vào cầu.", published=datetime(2024, 3, 20, tzinfo=UTC)),
    Article(f"{SITE}/4", title="Bến cầu", body="Không ghi ngày."),
    Article(f"{SITE}/5", title=EVIL, body=f"{EVIL}\n{EVIL}", section=EVIL, published=datetime(2024, 5, 1, tzinfo=UTC)),
    Article(f"{SITE}/6", title=SECRET, body=f"cầu {SECRET} cầu", published=datetime(2024, 6, 1, tzinfo=UTC)),
)


@pytest.fixture
def site(archive: Archive) -> FlaskClient:
    numbers = archive.put(*ARTICLES)
    with archive.store.write() as connection:
        access.restrict(connection, numbers[-1], "admin", "a complaint")
    return create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def token(site: FlaskClient) -> str:
    return str(one(page(site, "/lists"), "[name=csrf_token]")["value"])


def posted(site: FlaskClient, terms: str, status: int = 200, **fields: str) -> str:
    answered = site.post("/lists", data={"terms": terms, "csrf_token": token(site)} | fields)
    assert answered.status_code == status
    assert "no-store" in answered.headers["Cache-Control"]
    return answered.get_data(as_text=True)


# Trends


def test_each_point_and_each_figure_leads_to_the_hits_of_its_span(site: FlaskClient) -> None:
    for given in ({"by": "month"}, {"by": "year"}, {"by": "year", "from": "2024-03-10"}, {"section": "Tin"}):
        tree = page(site, "/trends", q=["cầu", "đường"], **given)
        figures = tree.select(".figures td a")
        assert figures and len(tree.select(".curves a")) == len(figures)
        for link in figures:
            told = one(page(site, str(link["href"])), "h1").get_text()
            assert re.findall(r"\d+", told)[0] == link.get_text(), link
        drawn = sorted(str(each["href"]) for each in tree.select(".curves a"))
        assert drawn == sorted(str(each["href"]) for each in figures)


def test_a_trend_tells_what_was_understood_and_what_is_not_drawn(site: FlaskClient) -> None:
    tree = page(site, "/trends", q=["cau", "x OR"], lang="en")
    text = " ".join(tree.get_text(" ").split())
    assert "5 articles" in text and "1 of them without a known date, not drawn" in text
    assert "Accents are not told apart" in text and "one of them is missing" in text
    assert "1 article of the archive has no known date" in text


def test_the_state_is_in_the_address_and_filters_are_shared(site: FlaskClient) -> None:
    tree = page(site, "/trends", q=["cầu", "đường"], by="year", per="1000", section="Tin")
    assert [each["value"] for each in tree.select(".six input")][:3] == ["cầu", "đường", ""]
    assert {str(each["value"]) for each in tree.select("input[checked]")} == {"year", "1000"}
    assert one(tree, "[name=section]")["value"] == "Tin"
    without = next(href for name, href in links(tree).items() if name == "×")
    assert "section" not in without and "by=year" in without and without.count("q=") == 2
    assert "‰" in one(tree, ".figures").get_text()


def test_more_than_six_questions_and_unknown_choices_are_told(site: FlaskClient) -> None:
    tree = page(site, "/trends", q=[f"cầu {n}" for n in range(8)], by="week")
    assert len(tree.select(".series li")) >= 6 and len(tree.select(".letter")) == 12
    assert len(tree.select(".notice")) == 2
    told = site.get("/api/v1/trends", query_string={"q": ["cầu"] * 2, "by": "week"})
    assert told.status_code == 400 and told.get_json()["errors"][0]["parameter"] == "by"
    assert site.get("/api/v1/trends").status_code == 400


def test_figures_are_taken_away_as_csv(archive: Archive, site: FlaskClient) -> None:
    answered = site.get("/trends.csv", query_string={"q": ["cầu", "=1+1 -cầu"], "by": "year", "lang": "en"})
    head, first, second, undated = rows_of(answered.get_data(as_text=True))
    assert head[:3] == ["year", "articles", "cầu"] and head[4] == "'=1+1 -cầu"
    assert first[:4] == ["2023", "1", "1", "1000.0"] and second[:4] == ["2024", "3", "3", "1000.0"]
    assert undated[:3] == ["undated", "1", "1"]
    assert "attachment" in answered.headers["Content-Disposition"]
    wild = " ".join(f"x{a}{b}{c}" for a in LETTERS for b in LETTERS for c in "abcd")
    archive.put(Article(f"{SITE}/9", title="Từ", body=wild))
    head, *rows = rows_of(site.get("/trends.csv?q=x*&q=c%E1%BA%A7u&by=year").get_data(as_text=True))
    assert "x*" in head[3] and {row[2] for row in rows} == {""} and [row[4] for row in rows] == ["1", "3", "1"]
    with_mark = site.get("/trends.csv", query_string={"q": "cầu", "bom": "1"}).get_data()
    assert with_mark.startswith(b"\xef\xbb\xbf") and not answered.get_data().startswith(b"\xef\xbb\xbf")


def test_the_drawing_is_one_well_formed_file_in_which_questions_are_text(site: FlaskClient) -> None:
    asked = ["cầu", '<script>alert(1)</script>"\u202e\ufffe', "&amp; cầu"]
    for given in ({"q": asked}, {"q": asked, "per": "1000", "by": "year"}, {"q": "…"}, {}):
        answered = site.get("/trends.svg", query_string=given)
        assert answered.mimetype == "image/svg+xml"
        tree = etree.fromstring(answered.get_data())
        assert not tree.xpath("//*[local-name()='script']") and not tree.xpath("//@style | //@onload")
        assert "\u202e" not in answered.get_data(as_text=True)


def test_the_program_gets_the_same_figures(site: FlaskClient) -> None:
    told = site.get("/api/v1/trends", query_string={"q": ["cầu", "zzz"], "by": "year"}).get_json()
    assert told["spans"] == ["2023", "2024"] and told["articles"] == [1, 3]
    assert [each["hits"] for each in told["series"]] == [[1, 3], [0, 0]]
    assert told["series"][0]["total"] == 5 and told["series"][0]["undated"] == 1


def test_letters_at_the_ends_of_lines_never_lie_on_each_other() -> None:
    for wanted in ([50.0, 50, 50, 50, 50, 50], [97.0, 97, 96, 5], [5.0], [40, 41, 96, 97]):
        placed = sorted(curves.apart(wanted))
        assert all(b - a >= curves.LETTER_ROOM - 0.01 for a, b in pairwise(placed))
        assert placed[0] > 0 and placed[-1] <= curves.BOTTOM


@pytest.mark.parametrize(
    ("highest", "rates", "step"), [(1, False, 1), (7, False, 2), (1234, False, 500), (0.3, True, 0.1)]
)
def test_a_scale_has_round_steps(highest: float, rates: bool, step: float) -> None:
    assert curves.step_of(highest, rates) == pytest.approx(step)


# Concordance


def test_lines_stand_in_three_columns_with_their_article(site: FlaskClient) -> None:
    tree = page(site, "/concordance", q="cầu", sort="left")
    assert "9 lần xuất hiện" in tree.get_text() and "trong 5 tin, bài" in " ".join(tree.get_text().split())
    lines = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in tree.select(".kwic tbody tr")]
    assert len(lines) == 9 and ["Khởi công", "cầu", "treo bản Lùng."] in [line[:3] for line in lines]
    words = [line[0].split()[-1] if line[0] else "~" for line in lines]
    assert words == ["Bến", "công", *["gnad"] * 3, "Sửa", "Sửa", "vào", "~"]
    link = one(tree, ".kwic td.from a")
    assert one(page(site, str(link["href"])), "mark").get_text() == "cầu"


def test_pages_of_lines_follow_each_other(site: FlaskClient) -> None:
    whole = [each.get_text() for each in page(site, "/concordance", q="cầu", sort="right").select(".kwic tbody tr")]
    parts = [page(site, "/concordance", q="cầu", sort="right", per_page="4", page=str(n)) for n in (1, 2, 3)]
    assert [each.get_text() for tree in parts for each in tree.select(".kwic tbody tr")] == whole
    assert not page(site, "/concordance", q="cầu", page="99").select(".kwic")


def test_all_lines_are_taken_away_and_none_is_a_formula(site: FlaskClient) -> None:
    head, *rows = rows_of(site.get("/concordance.csv?q=c%E1%BA%A7u&bom=1").get_data(as_text=True))
    assert head[0] == "\ufeffleft" and len(rows) == 9
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert any(row[7].startswith("'=HYPERLINK") for row in rows)
    objects = [
        json.loads(line) for line in site.get("/concordance.jsonl?q=c%E1%BA%A7u").get_data(as_text=True).splitlines()
    ]
    assert [each["left"] for each in objects] == [row[0].removeprefix("'") for row in rows]
    told = site.get("/api/v1/concordance?q=c%E1%BA%A7u").get_json()
    assert (told["total"], told["articles"], len(told["lines"])) == (9, 5, 9)
    assert told["lines"] == objects


@pytest.mark.parametrize("question", ["", "…", 'mục:"Tin"', "zzzz"])
def test_a_question_without_lines_is_answered_with_a_sentence(site: FlaskClient, question: str) -> None:
    answered = site.get("/concordance", query_string={"q": question})
    assert answered.status_code == (200 if question in ("", "zzzz") else 400)
    assert 'class="kwic"' not in answered.get_data(as_text=True)
    assert site.get("/api/v1/concordance", query_string={"q": question}).status_code == (
        200 if question == "zzzz" else 400
    )


def test_unknown_orders_are_told(site: FlaskClient) -> None:
    assert page(site, "/concordance", q="cầu", sort="up").select(".notice")
    assert site.get("/api/v1/concordance?q=x&sort=up").status_code == 400


# Lists


def test_a_pasted_list_becomes_a_table_whose_cells_are_searches(site: FlaskClient) -> None:
    tree = BeautifulSoup(posted(site, "cầu\nđường làng\nzzzz\nCầu", read="whole"), "lxml")
    rows = {one(row, "th").get_text(" ", strip=True).split(" Có phải")[0]: row for row in tree.select("tbody tr")}
    assert list(rows) == ["cầu", "đường làng", "zzzz", "Cầu"]
    assert [each.get_text(strip=True) for each in rows["cầu"].select("td")] == ["5", "3", "1", "1"]
    for link in tree.select("tbody td a"):
        shown = re.findall(r"\d+", one(page(site, str(link["href"])), "h1").get_text())
        assert (shown or ["0"])[0] == link.get_text(), link
    assert [each.get_text(strip=True) for each in tree.select("tfoot td")] == ["5", "3", "1", "1"]
    assert one(tree, "textarea").get_text().strip() == "cầu\nđường làng\nzzzz\nCầu"


def test_days_beside_the_list_narrow_it(site: FlaskClient) -> None:
    tree = BeautifulSoup(posted(site, "cầu", **{"from": "2024-03-10", "to": ""}), "lxml")
    cells = tree.select("tbody td a")
    assert [each.get_text() for each in cells] == ["2", "2"]
    for link in cells:
        assert "2 " in one(page(site, str(link["href"])), "h1").get_text()


def test_a_list_is_taken_away_by_the_same_form(site: FlaskClient) -> None:
    head, first, second, whole = rows_of(posted(site, "cầu\n=2+2", do="csv"))
    assert head[:2] == ["Tên hoặc thuật ngữ", "Tổng số"] and head[2:4] == ["2023", "2024"]
    assert first[:5] == ["cầu", "5", "1", "3", "1"] and second[:2] == ["'=2+2", "0"] and whole[1] == "5"


@pytest.mark.parametrize("pasted", ["", "x\n" * 2 + "dài " * 90, "\n".join(map(str, range(600)))])
def test_a_list_that_cannot_be_counted_comes_back_with_a_sentence(site: FlaskClient, pasted: str) -> None:
    tree = BeautifulSoup(posted(site, pasted, 400), "lxml")
    assert one(tree, "[role=alert]").get_text() and one(tree, "textarea").get_text().split() == pasted.split()


def test_a_list_needs_the_form_it_was_asked_with_but_a_program_only_json(site: FlaskClient) -> None:
    assert site.post("/lists", data={"terms": "cầu"}).status_code == 400
    answered = site.post("/api/v1/lists?section=Tin", json={"terms": ["cầu", "đường"], "read": "words"})
    told = answered.get_json()
    assert [row["total"] for row in told["rows"]] == [1, 0] and told["together"]["years"] == {"2024": 1}
    assert "no-store" in answered.headers["Cache-Control"]
    assert site.post("/api/v1/lists", data={"terms": "cầu"}).status_code == 415
    for wrong in ({}, [], {"terms": "cầu"}, {"terms": [1]}, {"terms": ["x"], "read": "up"}, {"terms": []}, 7):
        refused = site.post("/api/v1/lists", json=wrong)
        assert refused.status_code == 400 and refused.mimetype == "application/problem+json", wrong
    assert site.post("/api/v1/lists", data="{", content_type="application/json").status_code == 400


# Everywhere


def every_door(site: FlaskClient, question: str) -> list[str]:
    paths = (
        "/trends",
        "/trends.csv",
        "/trends.svg",
        "/api/v1/trends",
        "/concordance",
        "/concordance.csv",
        "/concordance.jsonl",
        "/api/v1/concordance",
    )
    answers = [site.get(path, query_string={"q": question, "per": "1000"}).get_data(as_text=True) for path in paths]
    answers += [posted(site, question), posted(site, question, do="csv")]
    return [*answers, site.post("/api/v1/lists", json={"terms": [question]}).get_data(as_text=True)]


def test_a_restricted_article_stands_behind_no_door(site: FlaskClient) -> None:
    for answer in every_door(site, "cầu"):
        assert "riêng tư" not in answer and "Ngân" not in answer
    for answer in every_door(site, "riêng tư"):
        assert SECRET not in answer and "Ngân" not in answer
    assert site.get("/api/v1/concordance", query_string={"q": "riêng tư"}).get_json()["total"] == 0


def test_hostile_text_is_text_behind_every_door(site: FlaskClient) -> None:
    for question in ("cầu", "<script>alert(1)</script> \u202ecầu", '"><img src=x onerror=alert(1)>'):
        for answer in every_door(site, question):
            if not answer.startswith(("{", "left", "\ufeff")) and "<" in answer[:5]:
                assert "<script>alert" not in answer and "<img" not in answer
            assert "\u202e" not in answer


def test_the_results_page_leads_to_its_trend_and_its_context(site: FlaskClient) -> None:
    tree = page(site, "/search", q="cầu", section="Tin")
    tools = links(one(tree, ".tools"))
    assert len(tools) == 2
    for address in tools.values():
        assert one(page(site, address), "[name=section]")["value"] == "Tin"


def test_json_that_is_nested_without_an_end_is_refused(site: FlaskClient) -> None:
    answered = site.post("/api/v1/lists", data=b"[" * 100_000, content_type="application/json")
    assert answered.status_code == 400
