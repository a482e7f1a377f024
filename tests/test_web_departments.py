"""Can an admin keep departments on the site, and does a reader choose among them, and see whose page it is?"""

import io
import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from indexer import accounts, build, clock, pictures
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import articles, departments, sources
from tests import walk
from tests.conftest import Archive, png
from web.shelf import Shelf

RELEASE = (
    "Ngày 12 tháng 3, Ủy ban nhân dân tỉnh ban hành quyết định phê duyệt điều chỉnh quy hoạch chung thành phố đến năm "
    "2045; phạm vi lập quy hoạch gồm toàn bộ thành phố và các xã lân cận, tổng diện tích khoảng mười lăm nghìn héc-ta. "
    "Các sở, ban, ngành công bố công khai, rà soát dự án nhà ở xã hội, hạ tầng kỹ thuật và chuẩn bị kế hoạch thực hiện "
    "hằng năm theo quy định của pháp luật, báo cáo trước ngày 30 tháng 6 kết quả kiểm tra, hướng dẫn, xử lý vướng mắc."
)
OFFICES = (("soxd", "Sở Xây dựng", "Department of Construction"), ("soyte", "Sở Y tế", "Department of Health"),
           ("sotc", "Sở Tài chính", "Department of Finance"))  # fmt: skip


# What stands on a page as soon as departments can be chosen.
NEW = ("Cơ quan", '"department"', "department=", "offices")


@pytest.fixture
def app(archive: Archive) -> Flask:
    settings = Settings(home=archive.store.home, api_requests_per_minute=0)
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


def settle(archive: Archive, offices: tuple[tuple[str, str, str], ...] = OFFICES) -> list[int]:
    """A department with a source for each, and the same release at all; its numbers."""
    numbers = []
    with archive.store.write() as connection:
        for short, vi, en in offices:
            made = departments.add(connection, short, vi, en)
            found = sources.find(connection, short) or sources.add(connection, short, f"https://{short}.test/")
            sources.change(connection, found.id, department_id=made.id)
            told = Article(title="Phê duyệt quy hoạch chung", body=RELEASE, address=f"https://{short}.test/1")
            numbers.append(articles.save(connection, found.id, told, clock.now()).id)
    build.update(archive.store, archive.engine)
    return numbers


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    answered = client.get(address)
    assert answered.status_code == 200, address
    return BeautifulSoup(answered.get_data(as_text=True), "lxml")


def said(tree: BeautifulSoup, where: str) -> str:
    found = tree.select_one(where)
    assert found, where
    return " ".join(found.get_text(" ").split())


# What readers see


def test_a_reader_chooses_one_several_or_all(app: Flask, archive: Archive) -> None:
    settle(archive)
    tree = page(app.test_client(), "/?lang=vi")
    boxes = [str(each["value"]) for each in tree.select("details.offices input[name=department]")]
    assert boxes == ["sotc", "soxd", "soyte"]  # by their names
    assert {str(each["form"]) for each in tree.select("details.offices input")} == {
        str(tree.select("form.ask")[0]["id"])
    }
    tree = page(app.test_client(), "/search?q=quy+ho%E1%BA%A1ch&collapse=0&department=soxd&department=sotc&lang=vi")
    assert said(tree, "h1").startswith("2 kết quả")
    assert "Sở Xây dựng" in said(tree, ".found") and "Sở Y tế" not in said(tree, ".found")
    tree = page(app.test_client(), "/search/builder?department=soxd&lang=vi")
    assert [str(each["value"]) for each in tree.select("input[name=department][checked]")] == ["soxd"]


def test_facets_and_lists_call_departments_by_their_names(app: Flask, archive: Archive) -> None:
    settle(archive)
    client = app.test_client()
    for address in ("/search?q=quy+hoach", "/facets/department?q=quy+hoach", "/browse", "/browse/department"):
        told = client.get(address, query_string=None).get_data(as_text=True)
        for _, vi, en in OFFICES:
            assert vi in told, address
            assert en in client.get(address + ("&" if "?" in address else "?") + "lang=en").get_data(as_text=True)
        client = app.test_client()


def test_the_head_names_the_one_department_that_is_chosen(app: Flask, archive: Archive) -> None:
    settle(archive)
    with archive.store.write() as connection:
        departments.set_logo(connection, departments.need(connection, "soyte"), pictures.harmless(png(8, 8)))
    client = app.test_client()
    tree = page(client, "/search?department=soyte&lang=vi")
    assert "Sở Y tế" in said(tree, "a.brand")
    logo = client.get(str(tree.select("a.brand img")[0]["src"]))
    assert (logo.status_code, logo.mimetype, logo.data[:8]) == (200, "image/png", pictures.SIGNATURE)
    for address in (
        "/search?department=soyte&department=soxd",
        "/search?department=-soyte",
        "/search?department=x",
        "/",
    ):
        assert "Sở Y tế" not in said(page(client, address), "a.brand")
    assert client.get("/departments/soxd/logo").status_code == 404


def test_one_department_alone_stands_at_the_head_and_nothing_else_is_new(app: Flask, archive: Archive) -> None:
    number = settle(archive, OFFICES[:1])[0]
    client = app.test_client()
    tree = page(client, "/?lang=vi")
    assert "Sở Xây dựng" in said(tree, "a.brand") and "Sở Xây dựng" in said(tree, "h1")
    for address in ("/?lang=vi", "/search?q=quy+hoach", f"/articles/{number}", "/search/builder", "/browse"):
        told = client.get(address).get_data(as_text=True)
        assert not any(sign in told for sign in NEW), address
    assert client.get("/browse/department").status_code == 404


def test_an_archive_without_departments_shows_nothing_of_them(app: Flask, archive: Archive) -> None:
    number = archive.put(Article(title="Quy hoạch chung", body=RELEASE, address="https://a.test/1"))[0]
    client, admin = app.test_client(), walk.signed_in(app, archive.store, "admin")
    for address in ("/?lang=vi", "/search?q=quy+hoach", f"/articles/{number}", "/search/builder", "/browse"):
        told = client.get(address).get_data(as_text=True)
        assert not any(sign in told for sign in NEW), address
    for address in ("/admin?lang=vi", "/admin/sources", f"/admin/sources/{archive.source.id}", "/admin/people/1"):
        assert "Cơ quan" not in admin.get(address).get_data(as_text=True), address
    assert "a.test" in client.get(f"/articles/{number}/cite.vi").get_data(as_text=True)


def test_a_release_of_several_departments_is_one_group(app: Flask, archive: Archive) -> None:
    numbers = settle(archive)
    client = app.test_client()
    tree = page(client, "/search?q=quy+hoach&lang=vi")
    assert said(tree, ".behind") == "Cùng nội dung: 3 cơ quan"
    told = client.get("/api/v1/search?q=quy+hoach&collapse=1").get_json()["hits"][0]["group"]
    assert told == {"kind": "copies", "more": 2, "departments": 3}
    two = client.get("/api/v1/search?q=quy+hoach&collapse=1&department=-sotc").get_json()["hits"][0]["group"]
    assert two == {"kind": "copies", "more": 1, "departments": 2}
    tree = page(client, f"/articles/{numbers[0]}?lang=vi")
    assert said(tree, ".copies h2") == "Cùng nội dung: 3 cơ quan"
    links = {str(each["href"]) for each in tree.select(".copies a")}
    assert links == {f"/articles/{number}" for number in numbers[1:]}


def test_what_is_not_public_is_not_among_the_copies(app: Flask, archive: Archive) -> None:
    from indexer import access

    numbers = settle(archive)
    with archive.store.write() as connection:
        access.restrict(connection, numbers[2], "admin", "theo yêu cầu")
    tree = page(app.test_client(), f"/articles/{numbers[0]}?lang=vi")
    assert said(tree, ".copies h2") == "Cùng nội dung: 2 cơ quan" and "Tài chính" not in said(tree, ".copies")


def test_citations_and_the_page_name_the_department_in_the_reader_s_language(app: Flask, archive: Archive) -> None:
    number = settle(archive)[1]
    client = app.test_client()
    assert "Sở Y tế" in said(page(client, f"/articles/{number}?lang=vi"), "aside.about dl")
    assert "Department of Health" in said(page(client, f"/articles/{number}?lang=en"), "aside.about dl")
    assert "Department of Health" in client.get(f"/articles/{number}/cite.ris?lang=en").get_data(as_text=True)


def test_a_saved_search_and_a_feed_say_which_department_they_follow(app: Flask, archive: Archive) -> None:
    settle(archive)
    client = walk.signed_in(app, archive.store, "researcher")
    saved = {"name": "Y tế", "question": "q=quy+hoach&department=soyte", "alert": "none"}
    assert client.post("/desk/searches", data=saved).status_code in (302, 303)
    assert "Sở Y tế" in client.get("/desk?lang=vi").get_data(as_text=True)
    feed = app.test_client().get("/feed.atom?department=soyte&lang=vi").get_data(as_text=True)
    assert re.search("<title>[^<]*Sở Y tế</title>", feed)


# What admins do


def test_an_admin_adds_a_department_names_it_anew_and_gives_it_a_logo(app: Flask, archive: Archive) -> None:
    client = walk.signed_in(app, archive.store, "admin")
    typed = {"short": "soxd", "name_vi": "Sở  Xây dựng", "name_en": "", "logo": (io.BytesIO(png(9, 9)), "a.png")}
    assert client.post("/admin/departments/add", data=typed).status_code == 303
    typed = {"name_vi": "Sở Xây dựng Lạng Sơn", "name_en": "Department of Construction"}
    assert client.post("/admin/departments/soxd", data=typed).status_code == 303
    with archive.store.read() as connection:
        found = departments.need(connection, "soxd")
        assert (found.name_vi, found.name_en) == (typed["name_vi"], typed["name_en"]) and found.logo
    assert client.post("/admin/departments/soxd", data=typed | {"no_logo": "1"}).status_code == 303
    assert client.get("/departments/soxd/logo").status_code == 404
    told = client.get("/admin/decisions").get_data(as_text=True)
    assert "department soxd" in told


@pytest.mark.parametrize("typed", [
    {"short": "soxd", "name_vi": ""}, {"short": "Sở XD", "name_vi": "Sở"}, {"short": "co", "name_vi": "Sở"},
    {"short": "new", "name_vi": "Sở", "logo": b"<svg onload='x()'/>"}, {"short": "new", "name_vi": "Sở", "logo": b""},
])  # fmt: skip
def test_a_mistake_is_told_and_nothing_is_lost(app: Flask, archive: Archive, typed: dict[str, object]) -> None:
    client = walk.signed_in(app, archive.store, "admin")
    with archive.store.write() as connection:
        departments.add(connection, "co", "Có rồi")
    logo = typed.pop("logo", None)
    sent = dict(typed) | ({"logo": (io.BytesIO(logo), "a.png")} if isinstance(logo, bytes) else {})
    answered = client.post("/admin/departments/add", data=sent)
    assert answered.status_code == 400
    tree = BeautifulSoup(answered.get_data(as_text=True), "lxml")
    assert tree.select(".mistakes") and tree.select(f'input[name=short][value="{typed["short"]}"]')
    with archive.store.read() as connection:
        assert [each.short for each in departments.every(connection)] == ["co"]


def test_a_source_is_given_to_a_department_on_its_page(app: Flask, archive: Archive) -> None:
    settle(archive)
    client, address = walk.signed_in(app, archive.store, "admin"), f"/admin/sources/{archive.source.id}"
    assert client.post(f"{address}/department", data={"department": "sotc"}).status_code == 303
    told = client.get("/api/v1/search?q=quy+hoach&department=sotc&collapse=0").get_json()
    assert {hit["source"] for hit in told["hits"]} == {"soxd", "sotc"}
    assert client.post(f"{address}/department", data={"department": "nowhere"}).status_code == 400
    assert client.post(f"{address}/department", data={"department": ""}).status_code == 303
    assert client.get("/api/v1/search?q=quy+hoach&source=soxd").get_json()["hits"][0]["department"] is None


def test_who_is_bound_keeps_his_sources_among_his_own_departments(app: Flask, archive: Archive) -> None:
    settle(archive)
    client, address = walk.signed_in(app, archive.store, "admin"), f"/admin/sources/{archive.source.id}"
    with archive.store.write() as connection:
        accounts.add(connection, "chief", walk.PASSWORD, "admin")
        accounts.bind(connection, accounts.need(connection, "admin"), ["soxd", "soyte"])
    assert client.post(f"{address}/department", data={"department": "soyte"}).status_code == 303
    for other in ("sotc", ""):
        assert client.post(f"{address}/department", data={"department": other}).status_code == 400
    offered = [str(each["value"]) for each in page(client, address).select("#department option")]
    assert offered == ["soxd", "soyte"]


def test_an_admin_ticks_what_an_account_looks_after(app: Flask, archive: Archive) -> None:
    settle(archive)
    client = walk.signed_in(app, archive.store, "admin")
    with archive.store.write() as connection:
        number = accounts.add(connection, "lan", walk.PASSWORD, "editor")
        mine = accounts.need(connection, "admin").id
    sent = {"department": ["soxd", "sotc"]}
    assert client.post(f"/admin/people/{number}/departments", data=sent).status_code == 302
    ticked = page(client, f"/admin/people/{number}").select("input[name=department][checked]")
    assert {str(each["value"]) for each in ticked} == {"soxd", "sotc"}
    assert "lan" in said(page(client, "/admin/departments/soxd"), "main")
    refused = client.post(f"/admin/people/{mine}/departments", data=sent)
    assert refused.status_code == 400  # the last admin of the archive


# Logos


def test_a_logo_keeps_nothing_but_the_picture() -> None:
    written = png(3, 3, (b"tEXt", b"Author\0Lan"), (b"eXIf", b"GPS"))
    assert pictures.harmless(written + b"<script>") == png(3, 3)


@pytest.mark.parametrize("given", [
    b"", b"GIF89a", b"<svg/>", pictures.SIGNATURE, png(3, 3)[:-3], png(3, 3).replace(b"IDAT", b"IDAX"), png(0, 3),
    png(1, 1025), png(1, 1) + b"x" * 200_001,
])  # fmt: skip
def test_what_is_no_small_png_is_no_logo(given: bytes) -> None:
    with pytest.raises(KhotinError):
        pictures.harmless(given)
