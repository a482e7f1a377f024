"""Can the archive be looked through without the query language?"""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from indexer import access
from indexer.article import Article, Attachment
from indexer.settings import Settings
from tests.conftest import Archive
from tests.test_web_pages import links, one, page, pressed, titles
from web.app import create_app
from web.looking import ARRIVALS

SITE = "http://soxd.replica.test"
SECTIONS = ("Quản lý nhà ở", "Thông báo", "Quy hoạch - Kiến trúc")


def notice(number: int) -> Article:
    return Article(
        f"{SITE}/{number}",
        title=f"Công bố giá vật liệu xây dựng tháng {number}/2024",
        body=f"Giá cát tại tỉnh Lạng Sơn theo Quyết định 788/QĐ-UBND, tháng {number}.",
        section=SECTIONS[number % 3],
        unit="Văn phòng Sở",
        published=datetime(2024, number, 15, tzinfo=UTC),
        attachments=(Attachment(f"{SITE}/{number}.pdf", "Bảng giá"),) if number % 2 else (),
    )


UNDATED = Article(f"{SITE}/u", title="Giá cát chưa rõ ngày", body="Giá cát.", section="Thông báo")


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    return archive.put(*(notice(month) for month in range(1, 13)), UNDATED)


@pytest.fixture
def site(archive: Archive, numbers: list[int]) -> FlaskClient:
    return create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()


def told(tree: BeautifulSoup) -> str:
    return " ".join(tree.get_text(" ").split())


# The page of results


def test_a_series_is_one_entry_and_the_page_says_so(site: FlaskClient) -> None:
    tree = page(site, "/search", q="giá cát")
    assert "13 kết quả" in told(tree) and "13 tin, bài, gộp thành 2 mục" in told(tree)
    assert "1–2 trong tổng số 2" in told(tree)
    issues = page(site, links(one(tree, ".behind"))["Cùng loạt: 12 kỳ"])
    assert len(titles(issues)) == 10 and titles(issues)[0] == notice(12).title
    assert "Cùng loạt hoặc cùng nội dung" in told(issues)
    each = page(site, links(tree)["Hiện riêng từng bài"])
    assert len(titles(each)) == 10
    assert len(titles(page(site, links(each)["Gộp loạt bài và bài trùng"]))) == 2


def test_no_link_of_a_gathered_page_says_more_than_was_asked(site: FlaskClient) -> None:
    assert "collapse=1" not in site.get("/search?q=gi%C3%A1+c%C3%A1t").get_data(as_text=True)


def test_values_are_included_and_left_out_by_buttons(site: FlaskClient) -> None:
    tree = page(site, "/search", q="giá cát", collapse="0")
    assert "5 kết quả" in told(page(site, pressed(tree, "section", "Thông báo")))
    assert "8 kết quả" in told(page(site, pressed(tree, "section", "-Thông báo")))
    assert "6 kết quả" in told(page(site, pressed(tree, "attachment", "pdf")))
    assert titles(page(site, pressed(tree, "undated", "1"))) == [UNDATED.title]


def test_counts_agree_with_the_filters_that_are_on(site: FlaskClient) -> None:
    tree = page(site, "/search", q="giá cát", section="Thông báo", attachment="with")
    counts = {str(each["value"]): one(each, ".count").get_text() for each in tree.select(".filters button[name=year]")}
    assert "2 kết quả" in one(tree, "h1").get_text() and counts == {}
    assert one(tree, ".filters [aria-current]").get_text(" ", strip=True).endswith("× 2")
    assert sum(int(each.get_text()) for each in tree.select(".figures td:last-child button")) == 2


def test_months_are_chosen_alone_and_from_one_to_another(site: FlaskClient) -> None:
    for written, expected in (("2024-03", 1), ("2024-03..2024-05", 3), ("2024", 12)):
        sent = site.get("/search", query_string={"q": "giá cát", "within": written, "undated": "1"})
        assert sent.status_code == 303
        assert f"{expected} kết quả" in told(page(site, sent.location))
        assert "within" not in sent.location and "undated" not in sent.location


@pytest.mark.parametrize("written", ["", "mai", "2024-13", "2024-05..2024-03", "..", "0000"])
def test_a_span_that_cannot_be_read_changes_nothing(site: FlaskClient, written: str) -> None:
    sent = site.get("/search", query_string={"q": "giá cát", "within": written})
    assert (sent.status_code, urlsplit(sent.location).query) == (303, urlencode({"q": "giá cát"}))


def test_pages_can_be_turned_without_end(archive: Archive, site: FlaskClient) -> None:
    tree = page(site, "/search", q="giá cát", collapse="0", per_page="1", page="13")
    assert "13–13 trong tổng số 13" in told(tree) and len(titles(tree)) == 1


def test_the_operator_may_keep_availability_and_change_for_who_signed_in(archive: Archive, numbers: list[int]) -> None:
    settings = Settings(home=archive.store.home, states_for_researchers=True)
    site = create_app(settings, archive.store, archive.engine).test_client()
    tree = page(site, "/search", q="giá cát", state="on-site", collapse="0")
    assert "Hãy đăng nhập để lọc" in told(tree) and "13 kết quả" in told(tree)
    assert not tree.select(".filters [name=state], .filters [aria-current]")
    page(site, "/facets/state", 404)


# All values of a facet


def test_all_values_can_be_searched_without_accents_and_several_chosen(site: FlaskClient) -> None:
    tree = page(site, "/facets/section", q="giá cát", find="QUY hoach", section=["Thông báo"])
    shown = [one(row, ".label").get_text() for row in tree.select("#values li")]
    assert shown == ["Thông báo", "Quy hoạch - Kiến trúc"]
    assert [str(each["value"]) for each in tree.select("input[checked]")] == ["Thông báo"]
    both = site.get("/search", query_string={"q": "giá cát", "section": [*shown], "find": "x", "collapse": "0"})
    assert both.status_code == 303 and "find" not in both.location
    assert "9 kết quả" in told(page(site, both.location))


def test_the_values_are_counted_as_if_none_was_chosen(site: FlaskClient) -> None:
    tree = page(site, "/facets/section", q="giá cát", section=["-Thông báo"], attachment=["with"])
    counts = {one(row, ".label").get_text(): one(row, ".count").get_text() for row in tree.select("#values li")}
    assert counts == {"Thông báo": "2", "Quản lý nhà ở": "2", "Quy hoạch - Kiến trúc": "2"}
    assert one(tree, "[type=checkbox][value='-Thông báo']").has_attr("checked")


def test_what_no_facet_is_called_has_no_page(site: FlaskClient) -> None:
    page(site, "/facets/person", 404)
    page(site, "/browse/person", 404)


# Browsing


def test_every_list_of_the_browsing_page_leads_to_its_articles(site: FlaskClient) -> None:
    tree = page(site, "/browse")
    found = links(tree)
    assert "12 kết quả" not in told(tree) and links(page(site, "/"))["Xem kho tin theo danh mục"] == "/browse"
    for entry in ("2024 12", "Thông báo 5", "Văn phòng Sở 12", "soxd 13", "788/QĐ-UBND 12", "Chưa rõ ngày 1"):
        count = entry.split()[-1]
        assert f"{count} tin, bài" in told(page(site, found[entry])), entry
    assert "tỉnh Lạng Sơn 12" in found


@pytest.mark.parametrize("kind", ["section", "unit", "source", "place", "number"])
def test_each_list_has_a_page_of_its_own(site: FlaskClient, kind: str) -> None:
    tree = page(site, f"/browse/{kind}")
    assert tree.select(".tally a")
    assert not page(site, f"/browse/{kind}", find="không có").select(".tally a")
    first = one(tree, ".tally a")
    assert list(parse_qs(urlsplit(str(first["href"])).query)) == [kind]


def test_years_and_months_lead_to_their_articles(site: FlaskClient) -> None:
    tree = page(site, "/browse/year")
    assert [str(each["value"]) for each in tree.select("h2 button")] == ["2024", "1"]
    assert len(tree.select("li button[value^='2024-']")) == 12


def test_what_is_new_is_listed_as_it_came_page_by_page(archive: Archive, site: FlaskClient, numbers: list[int]) -> None:
    archive.put(*(Article(f"{SITE}/x{n}", title=f"Bài {n}") for n in range(ARRIVALS)))
    with archive.store.write() as connection:
        access.restrict(connection, numbers[-1], "admin", "theo yêu cầu")
    first, last = page(site, "/browse/new"), page(site, "/browse/new", page="2")
    assert one(first, "h3").get_text() == f"Bài {ARRIVALS - 1}"
    assert [len(each.select("h3")) for each in (first, last)] == [ARRIVALS, 12]
    assert UNDATED.title not in told(last) and "Trang 2 trên 2" in told(last)
    for written in ("0", "-1", "x", "9" * 30):
        assert page(site, "/browse/new", page=written).select("h3")


def test_a_restricted_article_is_counted_in_no_list(archive: Archive, site: FlaskClient, numbers: list[int]) -> None:
    with archive.store.write() as connection:
        access.restrict(connection, numbers[-1], "admin", "theo yêu cầu")
    assert "Thông báo 4" in links(page(site, "/browse"))
    assert one(page(site, "/browse/source"), ".tally .count").get_text() == "12"
    assert not page(site, "/browse/year").select("[name=undated]")
    assert "Thông báo 4" in told(page(site, "/facets/section"))


@pytest.mark.parametrize("path", ["/browse", "/browse/new", "/browse/year", "/browse/section", "/facets/section"])
def test_an_empty_archive_can_be_looked_through(archive: Archive, path: str) -> None:
    archive.put()
    site = create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()
    page(site, path)


def test_names_from_the_web_are_never_markup(archive: Archive, site: FlaskClient) -> None:
    archive.put(Article(f"{SITE}/m", title="Giá cát", section='"><script>alert(1)</script>', unit="<b>x</b>"))
    for path in ("/browse", "/browse/section", "/browse/unit", "/facets/section", "/search/builder", "/search?q=cát"):
        text = site.get(path).get_data(as_text=True)
        assert "<script>" not in text and "<b>x" not in text
    assert "&gt;&lt;script&gt;" in site.get("/facets/section?find=%22%3E%3Cscript%3E").get_data(as_text=True)


# The builder


def test_boxes_lead_to_the_question_and_the_question_fills_the_boxes(site: FlaskClient) -> None:
    given = {
        "all": "giá",
        "phrase": "tại tỉnh Lạng Sơn",
        "none": "nhà",
        "last": "03/2024",
        "section": "Thông báo",
        "any": "",
    }
    sent = site.get("/search/builder", query_string=given)
    assert sent.status_code == 303
    asked = parse_qs(urlsplit(sent.location).query)
    assert asked == {"q": ['giá "tại tỉnh Lạng Sơn" -nhà date:..2024-03'], "section": ["Thông báo"]}
    results = page(site, sent.location)
    assert titles(results) == [notice(1).title]
    boxes = page(site, links(results)["Soạn câu tìm này theo từng ô"])
    assert {str(each["name"]): str(each["value"]) for each in boxes.select(".builder form input") if each["value"]} == {
        "all": "giá", "phrase": "tại tỉnh Lạng Sơn", "none": "nhà", "last": "2024-03", "within": "5",
        "section": "Thông báo",
    }  # fmt: skip


@pytest.mark.parametrize(("given", "sentence"), [({"all": " "}, "trống"), ({"all": "cát", "first": "mai"}, "ghi năm")])
def test_boxes_that_ask_nothing_say_what_to_do(site: FlaskClient, given: dict[str, str], sentence: str) -> None:
    tree = page(site, "/search/builder", 400, **given)
    assert sentence in one(tree, ".notice").get_text()
    assert one(tree, "[name=all]")["value"] == given["all"]
