"""What can a reader open?"""

import re
import socket
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from babel.messages.extract import extract_from_dir
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from crawler.replica.content import SECTIONS, ReplicaArticle
from crawler.replica.content import articles as bundled
from indexer import access, build
from indexer.article import Article, Attachment
from indexer.clock import now
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.speech import catalogue
from indexer.store import articles
from tests.conftest import Archive
from web import looking, narrow
from web.app import create_app
from web.server import check_port

WEB = Path(__file__).parent.parent / "web"
SITE = "http://soxd.replica.test"
HOUSING = Article(
    f"{SITE}/1",
    title="Khởi công dự án nhà ở xã hội",
    lead="Sáng nay, Sở Xây dựng dự lễ khởi công.",
    body="Dự án nhà ở xã hội có 480 căn hộ.\nDự kiến hoàn thành năm 2026.",
    captions=("Phối cảnh nhà ở xã hội",),
    attachments=(
        Attachment(f"{SITE}/a.pdf", "Kế hoạch.pdf", "application/pdf", "d", "Mục một\nphát triển nhà ở xã hội"),
        Attachment(f"{SITE}/b.pdf", "Phụ lục.pdf"),
        Attachment("javascript:alert(1)", "Lừa đảo.pdf"),
    ),
    section="Quản lý nhà ở",
    unit="Văn phòng Sở",
    published=datetime(2024, 10, 18, 1, 0, tzinfo=UTC),
)
SAND = Article(f"{SITE}/2", title="Cát nghiền từ đá vôi", body="Nguồn cát sông ngày càng cạn.", section="Tin tức")
ENGLISH = Article(
    f"{SITE}/3",
    title="Year-end conference",
    body="The Department of Construction held its year-end conference on social housing.",
    language="en",
    event_date=date(2023, 12, 29),
)


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    return archive.put(HOUSING, SAND, ENGLISH)


@pytest.fixture
def site(archive: Archive, numbers: list[int]) -> FlaskClient:
    settings = Settings(home=archive.store.home, operator="Văn phòng Sở", contact="vp@soxd.example")
    return create_app(settings, archive.store, archive.engine).test_client()


def page(site: FlaskClient, path: str, status: int = 200, **query: str | list[str]) -> BeautifulSoup:
    answered = site.get(path, query_string=query or None)
    assert answered.status_code == status
    return BeautifulSoup(answered.get_data(as_text=True), "lxml")


def one(tree: BeautifulSoup | Tag, selector: str) -> Tag:
    found = tree.select_one(selector)
    assert found, selector
    return found


def titles(tree: BeautifulSoup) -> list[str]:
    return [" ".join(each.get_text().split()) for each in tree.select("article.hit h3")]


def links(tree: BeautifulSoup | Tag) -> dict[str, str]:
    return {each.get_text(" ", strip=True): str(each["href"]) for each in tree.select("a[href]")}


def pressed(tree: BeautifulSoup | Tag, name: str, value: str) -> str:
    """The address that a button of the narrowing form leads to."""
    form = one(tree, "form.narrow")
    assert form.select(f"button[name='{name}'][value='{value}']"), (name, value)
    held = [(str(each["name"]), str(each["value"])) for each in form.select("input[type=hidden]")]
    return f"{form['action']}?{urlencode([*held, (name, value)])}"


# Found and shown


@pytest.mark.parametrize("question", ["nhà ở xã hội", "nha o xa hoi", "NHÀ Ở XÃ HỘI"])
def test_a_result_shows_why_it_was_found(site: FlaskClient, question: str) -> None:
    hit = one(page(site, "/search", q=question), "article.hit")
    assert one(hit, "h3")["lang"] == "vi"
    assert {each.get_text() for each in hit.select("mark")} == {"nhà ở xã hội"}
    assert "18/10/2024 · Quản lý nhà ở · Văn phòng Sở" in " ".join(one(hit, ".meta").get_text().split())
    assert links(hit)["Xem tại nguồn"] == HOUSING.address


def test_an_article_shows_its_text_with_marks_and_what_is_known_of_it(site: FlaskClient, numbers: list[int]) -> None:
    tree = page(site, f"/articles/{numbers[0]}", q="nha o xa hoi")
    for place in ("h1", ".text", ".captions", ".attachments .file"):
        assert one(tree, f"{place} mark").get_text() == "nhà ở xã hội"
    text = " ".join(tree.get_text().split())
    assert "Bản chụp tự động" in text and "không thay thế văn bản gốc" in text
    assert "nội dung tệp chưa được đọc" in text
    assert f"/articles/{numbers[0]}" in one(tree, ".cite[lang=vi]").get_text()
    assert "18 Oct 2024" in one(tree, ".cite[lang=en]").get_text()


def test_addresses_that_a_browser_must_not_follow_are_no_links(site: FlaskClient, numbers: list[int]) -> None:
    tree = page(site, f"/articles/{numbers[0]}")
    assert "Lừa đảo.pdf" in tree.get_text()
    assert not [each for each in tree.select("[href]") if "script:" in str(each["href"])]


def test_what_is_typed_and_what_is_published_is_never_markup(archive: Archive, site: FlaskClient) -> None:
    archive.put(Article(f"{SITE}/9", title="<b>đậm</b>", body="<script>alert(1)</script> & đậm", section="<i>"))
    answered = site.get("/search", query_string={"q": 'đậm "<script>'}).get_data(as_text=True)
    assert "<script>" not in answered and "<b><mark>" not in answered and "<i>" not in answered
    assert "&lt;b&gt;" in answered


def test_near_matches_stand_under_a_line_of_their_own(site: FlaskClient) -> None:
    tree = page(site, "/search", q="cát nghiền khởi công")
    assert one(tree, "h2.near").get_text() == "Kết quả gần đúng, không tính vào tổng số"
    assert "Không có kết quả" in one(tree, "h1").get_text()
    assert len(titles(tree)) == 2


def test_results_come_in_pages(archive: Archive, site: FlaskClient) -> None:
    archive.put(*(Article(f"{SITE}/n{n}", title=f"Thông báo số {n}", body="Thông báo.") for n in range(45)))
    tree = page(site, "/search", q="thông báo", page="2")
    assert "11–20 trong tổng số 45" in one(tree, ".count").get_text()
    assert one(tree, ".pager [aria-current]").get_text(" ", strip=True) == "Trang 2"
    assert parse_qs(urlsplit(links(one(tree, ".pager"))["Trang sau"]).query) == {"q": ["thông báo"], "page": ["3"]}
    assert "Không có trang 9" in page(site, "/search", q="thông báo", page="9").get_text()


@pytest.mark.parametrize(
    ("page_number", "pages", "shown"),
    [(1, 1, [1]), (1, 9, [1, 2, 3, 0, 9]), (5, 9, [1, 0, 3, 4, 5, 6, 7, 0, 9]), (9, 9, [1, 0, 7, 8, 9])],
)
def test_a_pager_names_the_ends_and_the_neighbours(page_number: int, pages: int, shown: list[int]) -> None:
    assert narrow.window(page_number, pages) == shown


# What was understood


def test_a_widening_is_a_chip_that_can_be_taken_out_and_put_back(site: FlaskClient) -> None:
    tree = page(site, "/search", q="social housing")
    assert len(titles(tree)) == 2
    chip = next(each for each in tree.select(".chip.wide") if "nhà ở xã hội" in each.get_text())
    assert "bảng thuật ngữ" in chip.get_text()
    remove = one(chip, "a")
    assert remove["aria-label"] == "Bỏ “nhà ở xã hội” khỏi câu tìm"
    narrowed = page(site, str(remove["href"]))
    assert titles(narrowed) == [ENGLISH.title]
    assert titles(page(site, links(narrowed)["Tìm lại cả “nhà ở xã hội”"])) == titles(tree)


def test_the_page_says_when_accents_are_not_told_apart(site: FlaskClient) -> None:
    said = "Không phân biệt dấu"
    assert said in one(page(site, "/search", q="nha o xa hoi"), ".chips").get_text()
    assert said not in one(page(site, "/search", q="nhà ở xã hội"), ".chips").get_text()
    assert said not in one(page(site, "/search", q="social housing"), ".chips").get_text()


def test_exactly_as_typed_is_one_switch(site: FlaskClient) -> None:
    plain = page(site, "/search", q="nha o xa hoi")
    exact = page(site, links(plain)["Chỉ tìm đúng từ đã nhập"])
    assert titles(exact) == []
    assert one(exact, ".exact")["aria-current"] == "true"


def test_a_half_typed_question_is_completed_and_says_so(site: FlaskClient) -> None:
    tree = page(site, "/search", q="nhà o xa hội")
    assert titles(tree)[0] == HOUSING.title
    assert "nhập thiếu dấu" in tree.get_text()


def test_a_broken_question_names_the_place_where_it_broke(site: FlaskClient) -> None:
    notice = one(page(site, "/search", q="cát (đá"), ".notice")
    assert "Dấu ngoặc này chưa được đóng." in notice.get_text()
    assert "Ở ký tự thứ 5" in notice.get_text() and one(notice, "mark").get_text() == "("


def test_no_result_offers_ways_on(site: FlaskClient) -> None:
    ways = links(one(page(site, "/search", q="cạn nguồn cất", section="Tin tức"), ".nothing"))
    assert {"Tìm không dấu: can nguon cat", "Bỏ tất cả bộ lọc", "Cách tìm kiếm"} <= set(ways)


def test_mistakes_in_the_address_are_told_and_the_rest_is_searched(site: FlaskClient) -> None:
    tree = page(site, "/search", q="cát", page="0", sort="best", year="²")
    assert len(tree.select(".notice")) == 3
    assert titles(tree) == [SAND.title]


def test_a_wildcard_that_stands_for_too_much_is_refused_in_the_readers_language(
    archive: Archive, site: FlaskClient
) -> None:
    archive.put(Article(f"{SITE}/w", title="Nhiều", body=" ".join(f"x{n}" for n in range(2001))))
    tree = page(site, "/search", 400, q="x*")
    assert "hơn 2000 từ khác nhau" in one(tree, ".notice").get_text()
    assert one(tree, "#q")["value"] == "x*"


# Narrowing


def test_facets_narrow_and_are_taken_out_again(site: FlaskClient) -> None:
    everything = page(site, "/search", undated="0", q="")
    assert len(titles(everything)) == 2
    assert one(everything, ".filters button[name=year][value='2024']").get_text(" ", strip=True) == "2024 1"
    narrowed = page(site, pressed(everything, "year", "2024"))
    assert titles(narrowed) == [HOUSING.title]
    assert one(narrowed, ".filters [aria-current]").get_text(strip=True).startswith("2024")
    left_out = page(site, pressed(everything, "year", "-2024"))
    assert titles(left_out) == [ENGLISH.title]
    remove = next(each for each in narrowed.select(".chip a") if each["aria-label"] == "Bỏ lọc “2024”")
    assert remove["href"] == "/search?undated=0"


def test_unknown_dates_are_a_choice_of_their_own(site: FlaskClient) -> None:
    tree = page(site, "/search", q="cát")
    assert "Chưa rõ ngày" in one(tree, ".meta").get_text()
    browsed = page(site, links(page(site, "/"))["Chưa rõ ngày 1"])
    assert titles(browsed) == [SAND.title]


def test_a_filter_on_days_says_how_many_undated_it_left_out(site: FlaskClient) -> None:
    tree = page(site, "/search", **{"from": "2024"})
    assert titles(tree) == [HOUSING.title]
    assert "1 bài chưa rõ ngày không được tính" in tree.get_text()
    assert titles(page(site, links(tree)["Xem các bài này"])) == [SAND.title]
    assert one(tree, ".days input[name=from]")["value"] == "2024-01-01"


def test_a_choice_that_no_hit_meets_can_still_be_switched_off(site: FlaskClient) -> None:
    tree = page(site, "/search", q="cát", section=["Quản lý nhà ở"])
    chosen = one(tree, ".filters [aria-current]")
    assert titles(page(site, str(chosen["href"]))) == [SAND.title]


def test_an_empty_question_without_filters_offers_browsing(site: FlaskClient) -> None:
    tree = page(site, "/search", q=" ")
    assert {"Quản lý nhà ở 1", "Tin tức 1"} <= set(links(one(tree, "#sections")))
    assert [each.get_text(strip=True) for each in tree.select(".newest h3")] == [
        HOUSING.title, ENGLISH.title, SAND.title,
    ]  # fmt: skip


def test_the_day_of_an_event_is_told_apart_from_a_day_of_publishing(site: FlaskClient) -> None:
    assert "29/12/2023 (ngày diễn ra sự kiện)" in " ".join(page(site, "/search", q="conference").get_text().split())


def test_the_timeline_has_its_figures_as_a_table(site: FlaskClient) -> None:
    tree = page(site, "/search", q="nhà ở xã hội")
    assert tree.select(".time path.hit")
    year = next(row for row in tree.select(".figures tr") if row.get_text(strip=True).startswith("2024"))
    sent = site.get(pressed(tree, "within", str(one(year, "button")["value"])))
    assert sent.status_code == 303 and "from=2024-10-01&to=2024-10-31" in sent.location
    assert titles(page(site, sent.location)) == [HOUSING.title]


# Languages


def test_the_switch_of_language_keeps_the_question_and_everything_else(site: FlaskClient) -> None:
    tree = page(site, "/search", q="nhà ở", year=["2024"], sort="newest")
    assert one(tree, "html")["lang"] == "vi"
    address = links(one(tree, "nav.top"))["English"]
    assert parse_qs(urlsplit(address).query) == {"q": ["nhà ở"], "year": ["2024"], "sort": ["newest"], "lang": ["en"]}
    english = page(site, f"/search{address}")
    assert one(english, "html")["lang"] == "en"
    assert "1 result for “nhà ở”" in one(english, "h1").get_text() and "18 Oct 2024" in english.get_text()


def test_a_chosen_language_is_remembered(site: FlaskClient) -> None:
    site.get("/?lang=en")
    assert one(page(site, "/help"), "html")["lang"] == "en"


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("", "vi"), ("en-GB,en;q=0.9", "en"), ("fr", "vi"), ("vi-VN,vi;q=0.9,en;q=0.8", "vi")]
)
def test_the_browser_s_language_counts_when_nothing_was_chosen(site: FlaskClient, wanted: str, spoken: str) -> None:
    answered = site.get("/", headers={"Accept-Language": wanted}).get_data(as_text=True)
    assert f'<html lang="{spoken}">' in answered


def test_every_message_of_the_reader_s_pages_has_its_vietnamese() -> None:
    known = catalogue("vi")._catalog  # type: ignore[attr-defined]
    found = extract_from_dir(WEB, [("templates/**.html", "jinja2"), ("templates/**.xml", "jinja2")])
    asked = [message for _, _, message, _, _ in found]
    asked += [
        *narrow.LABELS.values(),
        *(title for _, title, _ in narrow.GROUPS),
        narrow.UNDATED,
        narrow.ALIKE,
        "Date known",
    ]
    asked += looking.KINDS.values()
    assert not [each for each in asked if not (known.get(each) or (isinstance(each, tuple) and (each[0], 0) in known))]


# Who may see what, and what a browser may hold


def test_a_restricted_article_is_gone_from_every_page_at_once(
    archive: Archive, site: FlaskClient, numbers: list[int]
) -> None:
    held = site.get("/search", query_string={"q": "nhà ở xã hội"}).headers["ETag"]
    missing = site.get("/articles/999").get_data(as_text=True)
    with archive.store.write() as connection:
        access.restrict(connection, numbers[0], "admin", "theo yêu cầu")
    again = site.get("/search", query_string={"q": "nhà ở xã hội"}, headers={"If-None-Match": held})
    assert again.status_code == 200 and HOUSING.title not in again.get_data(as_text=True)
    refused = site.get(f"/articles/{numbers[0]}")
    assert refused.status_code == 404 and refused.get_data(as_text=True) == missing
    assert HOUSING.title not in site.get("/").get_data(as_text=True)


def test_an_unchanged_page_is_not_sent_again(archive: Archive, site: FlaskClient, numbers: list[int]) -> None:
    for path in ("/", "/search?q=c%C3%A1t", f"/articles/{numbers[1]}", "/help", "/api/v1/search?q=a"):
        first = site.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache"
        tag = {"If-None-Match": first.headers["ETag"]}
        again = site.get(path, headers=tag)
        assert again.status_code == 304 and not again.get_data()
        assert site.get(path, headers=tag | {"Accept-Language": "en"}).status_code == 200


def test_a_new_article_is_found_without_a_restart(archive: Archive, site: FlaskClient) -> None:
    held = site.get("/search?q=thanh+tra").headers["ETag"]
    archive.put(Article(f"{SITE}/7", title="Thanh tra xây dựng"))
    again = site.get("/search?q=thanh+tra", headers={"If-None-Match": held})
    assert "Thanh tra xây dựng" in unescape(re.sub("<[^>]+>", "", again.get_data(as_text=True)))


def test_an_article_that_vanished_is_kept_and_said_so_in_neutral_words(
    archive: Archive, site: FlaskClient, numbers: list[int]
) -> None:
    with archive.store.write() as connection:
        articles.gone(connection, numbers[1], now())
        articles.save(connection, archive.source.id, replace(HOUSING, title="Khởi công khu nhà ở xã hội"), now())
    build.update(archive.store, archive.engine)
    assert one(page(site, "/search", q="cát nghiền"), ".badge.gone").get_text() == "không còn trên trang nguồn"
    assert "Bài này không còn trên trang nguồn" in page(site, f"/articles/{numbers[1]}").get_text()
    assert one(page(site, "/search", q="khởi công"), ".badge.edit").get_text() == "đã cập nhật 1 lần"


def test_a_merged_article_leads_to_the_one_it_was_merged_into(
    archive: Archive, site: FlaskClient, numbers: list[int]
) -> None:
    with archive.store.write() as connection:
        articles.mark(connection, numbers[2], "crawl", merged_into=numbers[0])
    moved = site.get(f"/articles/{numbers[2]}?q=nh%C3%A0")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/articles/{numbers[0]}?q=nh%C3%A0")


def test_every_page_forbids_what_it_does_not_need_and_holds_no_inline_script_or_style(
    site: FlaskClient, numbers: list[int]
) -> None:
    for path in ("/", "/search?q=nh%C3%A0", f"/articles/{numbers[0]}", "/help", "/about", "/nothing"):
        answered = site.get(path)
        assert "default-src 'self'" in answered.headers["Content-Security-Policy"]
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        tree = BeautifulSoup(answered.get_data(as_text=True), "lxml")
        # of JSON-LD nothing is run: to the browser it is data
        scripts = "script:not([src]):not([type='application/ld+json'])"
        assert not tree.select(f"style, [style], {scripts}, [onclick], [onload]")
        assert all(str(each["src"]).startswith("/static/") for each in tree.select("[src]"))
        assert len(tree.select("h1")) == 1 and one(tree, "title").get_text(strip=True)
        identifiers = [each["id"] for each in tree.select("[id]")]
        assert len(identifiers) == len(set(identifiers))


# The rest of the house


def test_every_example_of_the_help_page_is_understood(site: FlaskClient) -> None:
    examples = page(site, "/help").select(".examples a")
    assert len(examples) > 15
    for each in examples:
        tree = page(site, str(each["href"]))
        assert not tree.select(".notice"), each.get_text()


def test_the_about_page_names_the_operator_and_the_contact(site: FlaskClient) -> None:
    tree = page(site, "/about")
    assert "do Văn phòng Sở vận hành" in tree.get_text()
    assert links(tree)["vp@soxd.example"] == "mailto:vp@soxd.example"


@pytest.mark.parametrize(("spoken", "told"), [("vi", "Không có trang này"), ("en", "There is no such page")])
def test_a_page_that_is_not_there_says_so_in_the_reader_s_language(site: FlaskClient, spoken: str, told: str) -> None:
    assert one(page(site, f"/nothing?lang={spoken}", 404), "h1").get_text() == told


@pytest.mark.parametrize(("spoken", "told"), [("vi", "Đã xảy ra lỗi"), ("en", "Something went wrong here")])
def test_a_failure_of_ours_tells_nothing_of_our_insides(archive: Archive, spoken: str, told: str) -> None:
    app = create_app(Settings(home=archive.store.home), archive.store, archive.engine)

    def fail() -> str:
        raise RuntimeError("/secret/path")

    app.add_url_rule("/fail", "pages.fail", fail)
    answered = app.test_client().get(f"/fail?lang={spoken}")
    assert answered.status_code == 500
    assert told in answered.get_data(as_text=True) and "secret" not in answered.get_data(as_text=True)


def test_without_an_index_the_site_asks_for_patience(archive: Archive) -> None:
    client = create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()
    assert "Chưa thể tìm kiếm" in page(client, "/", 503).get_text()
    assert client.get("/healthz").status_code == 503


def test_a_monitor_sees_store_and_index(site: FlaskClient) -> None:
    told = site.get("/healthz").get_json()
    assert (told["status"], told["articles"], told["indexed"]) == ("ok", 3, 3)


def test_a_port_in_use_is_told_before_anything_is_started(archive: Archive) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(KhotinError, match=rf"{port}.*--port"):
            check_port(Settings(home=archive.store.home, port=port))


def test_every_example_of_the_help_page_finds_something_in_the_demo(archive: Archive) -> None:
    archive.put(*map(shown_by_the_demo, bundled()))
    client = create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()
    addresses = [
        str(each["href"]) for path in ("/help", "/") for each in page(client, path).select(".examples a, .hint a")
    ]
    assert len(addresses) > 20
    for address in addresses:
        assert titles(page(client, address)), address


def shown_by_the_demo(each: ReplicaArticle) -> Article:
    author, _, unit = each.author.partition(" - ")
    section = SECTIONS[each.section][0]
    return Article(
        f"{SITE}/{each.node}", each.title, each.lead, each.body, author=author, unit=unit, section=section,
        language=each.language, published=each.published,
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        "/search?q=cát&state=foo", "/search?q=cát&attachment=foo", "/search?q=cát&sort=foo", "/search?q=cát&page=0",
        "/search?q=cát&per_page=1000", "/search?q=cát&like=x", "/search?q=cát&year=20x", "/search?q=cát&from=2024-13",
        "/search?q=cát&exact=3", "/trends?q=cát&by=week", "/trends?q=cát&per=3", "/concordance?q=cát&sort=foo",
        "/export?q=cát&format=foo", "/export?q=cát&format=csv&bom=3", "/feed.atom?q=cát&state=foo",
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_address_is_said_in_the_readers_language(site: FlaskClient, wrong: str) -> None:
    told = BeautifulSoup(site.get(wrong, headers={"Accept-Language": "vi"}).text, "lxml").get_text()
    assert not re.search(r"\b(Choose|Write|Leave|Up to)\b", told)
    assert re.search(r"Chọn một|Hãy (viết|ghi)|chép|địa chỉ", told)
