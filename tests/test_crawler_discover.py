"""Are articles, lists, files and traps told apart by their links?"""

from datetime import UTC, datetime

import pytest

from crawler.discover import Found, Link, discover
from crawler.page import Page
from crawler.profiles import named

SITE = "https://soxd.example.vn"

LIST = """
<a class="skip-link" href="#main-content">Skip to main content</a>
<nav class="breadcrumb"><ol><li><a href="/">Trang chủ</a></li></ol></nav>
<nav><ul><li><a href="/gioi-thieu">Giới thiệu</a></li><li><a href="/taxonomy/term/7">Quy hoạch</a></li>
<li><a href="/user/login">Đăng nhập</a></li></ul></nav>
<main><div class="view-content">
<div class="views-row"><article class="node--view-mode-teaser">
<a href="/index.php/cap-phep-xay-dung"><img alt="hot news" src="/a.jpg"></a>
<h2 class="node__title">
<a href="/index.php/cap-phep-xay-dung" rel="bookmark"><img alt="2">Cấp phép xây dựng</a></h2>
<time datetime="2023-01-11T09:05:00+07:00">11/01/2023</time>
<ul class="links"><li><a href="/index.php/cap-phep-xay-dung">Xem thêm</a></li></ul></article></div>
<div class="views-row"><div class="post-block"><div class="post-title"><a href="/node/12">Thông báo</a></div>
<div class="post-created">Ngày tạo: 10/05/2020 14:05</div></div></div>
</div>
<nav class="pager"><ul><li><a href="?page=0">1</a></li><li><a href="?page=2">3</a></li>
<li class="pager__item--next"><a rel="next" href="?page=2">
<span class="visually-hidden">Trang sau</span></a></li></ul></nav>
<p><a href="/sites/default/files/bang-gia.pdf">Bảng giá</a> <a href="/v?file=/f/b.docx">Xem</a></p>
<a href="https://other.vn/x">Bộ Xây dựng</a> <a href="mailto:a@b.vn">Thư</a> <a href="/anh.jpg">Ảnh</a>
<a href="/node/12/printable/print">Bản in</a> <a href="/lich-cong-tac?d=2023-01-02">Lịch</a>
<a href="/rss.xml">RSS</a> <a href="javascript:void(0)">Lên đầu trang</a>
<a href="/kiem-tra-trat-tu-xay-dung-tai-chi-lang">Kiểm tra trật tự xây dựng tại huyện Chi Lăng</a>
</main>
"""


def found_on(html: str, profile: str = "drupal", path: str = "/tin-tuc?page=1", **known: frozenset[str]) -> Found:
    page = Page(SITE + path, 200, {"content-type": "text/html"}, html.encode())
    return discover(page, named(profile), **known)


def paths(links: tuple[Link, ...]) -> set[str]:
    return {link.address.removeprefix(SITE) for link in links}


def test_a_drupal_list_leads_to_articles_lists_and_files() -> None:
    found = found_on(LIST)
    slug = "/kiem-tra-trat-tu-xay-dung-tai-chi-lang"
    assert paths(found.articles) == {"/index.php/cap-phep-xay-dung", "/node/12", slug}
    assert paths(found.lists) == {"/", "/gioi-thieu", "/taxonomy/term/7", "/tin-tuc"}
    assert paths(found.files) == {"/sites/default/files/bang-gia.pdf", "/f/b.docx"}
    assert found.next_page == f"{SITE}/tin-tuc?page=2"


def test_a_link_keeps_its_words_and_the_date_beside_it() -> None:
    links = {link.address: link for link in found_on(LIST).articles}
    permit = links[f"{SITE}/index.php/cap-phep-xay-dung"]
    assert (permit.text, permit.date) == ("Cấp phép xây dựng", datetime(2023, 1, 11, 2, 5, tzinfo=UTC))
    assert links[f"{SITE}/node/12"].date == datetime(2020, 5, 10, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://other.vn/x", "another host"),
        (f"{SITE}/anh.jpg", "picture or media"),
        (f"{SITE}/node/12/printable/print", "print view"),
        (f"{SITE}/user/login", "left out by the profile"),
        (f"{SITE}/rss.xml", "left out by the profile"),
    ],
)
def test_what_is_left_out_says_why(address: str, reason: str) -> None:
    assert dict(found_on(LIST).ignored)[address] == reason


def test_no_link_leaves_the_allowed_hosts() -> None:
    found = found_on(LIST, hosts=frozenset({"soxd.example.vn", "other.vn"}))
    assert "https://other.vn/x" in {link.address for link in found.lists}
    addresses = [link.address for link in (*found_on(LIST).lists, *found_on(LIST).articles, *found_on(LIST).files)]
    assert all(address.startswith(SITE + "/") for address in addresses)


def test_growing_relative_links_are_traps() -> None:
    found = found_on('<a href="en/vi/">English</a>', path="/en/vi/en/vi/")
    assert (f"{SITE}/en/vi/en/vi/en/vi/", "repeated segments") in found.ignored


def test_links_follow_the_base_of_the_page() -> None:
    found = found_on('<base href="/vi/"><a href="tin-tuc">Tin tức</a>')
    assert paths(found.lists) == {"/vi/tin-tuc"}


def test_an_unknown_system_is_read_by_the_shape_of_its_links() -> None:
    html = """<ul class="menu"><li>
    <a href="/quan-ly-nha-o-va-bat-dong-san">Quản lý nhà ở và thị trường bất động sản</a></li></ul>
    <div class="list-news"><h3><a href="/tin/cap-phep-1234.html">Cấp phép</a></h3>
    <span class="date">01/02/2023</span></div>
    <a href="/?nid=77">Thông báo</a><a href="/tin?page=2" class="next">Sau</a>
    <a href="/tin/tap-huan-nghiep-vu-cap-phep">Tập huấn nghiệp vụ cấp phép xây dựng</a>"""
    found = found_on(html, "generic", "/tin")
    assert paths(found.articles) == {
        "/tin/cap-phep-1234.html",
        "/?nid=77",
        "/tin/tap-huan-nghiep-vu-cap-phep",
    }
    assert paths(found.lists) == {"/quan-ly-nha-o-va-bat-dong-san"}
    assert found.next_page == f"{SITE}/tin?page=2"
    assert found.articles[0].date == datetime(2023, 1, 31, 17, tzinfo=UTC)


def test_a_page_without_links_leads_nowhere() -> None:
    assert found_on("<p>x</p>") == Found()
