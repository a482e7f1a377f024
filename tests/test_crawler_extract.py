"""Is the whole article taken from a page, and nothing of what stands around it?"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.extract import EXTRACTOR, extract
from crawler.page import Page
from crawler.profiles import PROFILES, detect, named
from indexer.article import Article
from indexer.clock import VIETNAM
from indexer.errors import KhotinError

SITE = "https://soxd.example.vn"
PAGES = Path(__file__).parent / "pages"
NOW = datetime(2024, 6, 1, tzinfo=UTC)

TITLE = "Sở Xây dựng tổ chức Hội nghị sơ kết công tác sáu tháng đầu năm 2022"
LEAD = "Chiều ngày 12 tháng 7 năm 2022, Sở Xây dựng tổ chức Hội nghị sơ kết công tác sáu tháng đầu năm."
FIRST = (
    "Tham dự Hội nghị có các đồng chí trong Ban Giám đốc, lãnh đạo các phòng và đơn vị thuộc Sở; đại diện"
    " lãnh đạo các huyện, thành phố đã về dự và trao đổi về công tác quản lý quy hoạch, trật tự xây dựng."
)
SECOND = (
    "Trong sáu tháng, Sở đã thẩm định 61 hồ sơ dự án, kiểm tra 17 công trình, cấp 180 chứng chỉ hành nghề"
    " và hoàn thành 75/80 nhiệm vụ được giao; năm nhiệm vụ còn lại đang thực hiện trong hạn…"
)
CAPTIONS = (
    "Đồng chí Lê Bá Thuần, Giám đốc Sở phát biểu tại Hội nghị",
    "Các đại biểu tham dự Hội nghị sơ kết",
)
BYLINE = "Hoàng Vân Ly - Văn phòng Sở"


def figure(alt: str, caption: str) -> str:
    image = f'<img alt="{alt}" src="/sites/default/files/inline-images/{alt}.jpg">'
    return f'<figure role="group" class="caption">{image}<figcaption>{caption}</figcaption></figure>'


PICTURES = (figure("1", CAPTIONS[0]), figure("35", CAPTIONS[1]))
BODY = f"<p>{LEAD}</p><p>{FIRST}</p>{PICTURES[0]}<p>{SECOND}</p>{PICTURES[1]}<p>{BYLINE}</p>"


def drupal(body: str = BODY, title: str = TITLE, head: str = "", node: str = "", crumb: str = "Tin tức") -> str:
    """A department's Drupal page around an article's body."""
    return (PAGES / "drupal.html").read_text(encoding="utf-8") % {
        "title": title, "head": head, "crumb": crumb, "node": node, "body": body,
    }  # fmt: skip


def page(html: str, path: str = "/index.php/so-ket-cong-tac-sau-thang", status: int = 200) -> Page:
    return Page(SITE + path, status, {"content-type": "text/html; charset=utf-8"}, html.encode())


def article(html: str, path: str = "/index.php/so-ket-cong-tac-sau-thang", **known: datetime) -> Article:
    asked = page(html, path)
    found = extract(asked, detect(asked.soup, asked.headers).profile, now=NOW, **known).article
    assert found is not None
    return found


def test_an_article_of_a_drupal_site_is_taken_whole() -> None:
    found = article(drupal())
    assert found.title == TITLE
    assert found.lead == LEAD
    assert found.body == f"{FIRST}\n{SECOND}"
    assert found.captions == CAPTIONS
    assert (found.author, found.unit, found.section) == ("Hoàng Vân Ly", "Văn phòng Sở", "Tin tức")
    assert (found.event_date, found.published, found.date_source) == (date(2022, 7, 12), None, "")
    assert (found.language, found.kind, found.profile, found.extractor) == ("vi", "article", "drupal", EXTRACTOR)


def test_every_field_says_where_it_came_from() -> None:
    got = extract(page(drupal()), named("drupal"), now=NOW)
    assert got.reasons["title"] == "h1.page-title"
    assert got.reasons["body"] == ".node__content .field--name-body"
    assert got.reasons["author"] == "last line"
    assert got.confidence == "high"


def test_the_page_names_its_own_address_and_its_aliases() -> None:
    got = extract(page(drupal()), named("drupal"), now=NOW)
    assert got.address == f"{SITE}/so-ket-cong-tac-sau-thang"
    assert got.aliases == (f"{SITE}/index.php/so-ket-cong-tac-sau-thang", f"{SITE}/node/41")


@pytest.mark.parametrize("claim", ["https://other.vn/x", SITE + "/"])
def test_a_canonical_link_that_points_elsewhere_is_void(claim: str) -> None:
    html = f'<link rel="canonical" href="{claim}"><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>'
    assert extract(page(html, "/a-b"), named("generic"), now=NOW).address == f"{SITE}/a-b"


@pytest.mark.parametrize(
    "body",
    [
        f'<p><img alt="IMG_12" src="a.jpg"></p><p class="text-align-center"><em>{CAPTIONS[0]}</em></p>',
        f'<p><img alt="2" src="a.jpg"></p><p>{CAPTIONS[0]}</p>',
        f'<p><img alt="2" src="a.jpg"><br>{CAPTIONS[0]}</p>',
        f'<p><img alt="2" src="a.jpg"></p><p>2</p><p style="text-align: center">{CAPTIONS[0]}.</p>',
        f'<table><tr><td><img alt="2" src="a.jpg"></td></tr><tr><td>{CAPTIONS[0]}</td></tr></table>',
    ],
)
def test_a_caption_is_known_by_its_picture(body: str) -> None:
    found = article(drupal(f"<p>{LEAD}</p><p>{FIRST}</p>{body}<p>{SECOND}</p>"))
    assert found.captions[0].rstrip(".") == CAPTIONS[0]
    assert found.body == f"{FIRST}\n{SECOND}"


def test_a_paragraph_after_a_picture_stays_text() -> None:
    picture = '<p><img alt="1" src="a.jpg"></p>'
    body = f"<p>{LEAD}</p>{picture}<p>{FIRST}</p>{picture}<p>{BYLINE}</p>"
    found = article(drupal(body))
    assert (found.captions, found.body, found.author) == ((), FIRST, "Hoàng Vân Ly")


@pytest.mark.parametrize(
    ("line", "author", "unit"),
    [
        ("Vi Minh Khuê - Phòng Quy hoạch - Kiến trúc", "Vi Minh Khuê", "Phòng Quy hoạch - Kiến trúc"),
        ("Vi Minh Khuê – Thanh tra Sở", "Vi Minh Khuê", "Thanh tra Sở"),
        ("Tin, ảnh: Vi Minh Khuê - Trung tâm Kiểm định", "Vi Minh Khuê", "Trung tâm Kiểm định"),
        ("(Tác giả: Vi Minh Khuê)", "Vi Minh Khuê", ""),
        ("Vi Minh Khue - Office of the Department", "Vi Minh Khue", "Office of the Department"),
        ("Vi Minh Khue - Housing Management Division", "Vi Minh Khue", "Housing Management Division"),
    ],
)
def test_the_last_line_names_author_and_unit(line: str, author: str, unit: str) -> None:
    found = article(drupal(f"<p>{LEAD}</p><p>{FIRST}</p><p>{line}</p>"))
    assert (found.author, found.unit, found.body) == (author, unit, FIRST)


@pytest.mark.parametrize(
    "line",
    [
        "Công tác quản lý - Phòng ngừa rủi ro được quan tâm.",
        "Sở Xây dựng - Phòng Quy hoạch đã kiểm tra, rà soát",
    ],
)
def test_a_sentence_is_no_signature(line: str) -> None:
    assert article(drupal(f"<p>{LEAD}</p><p>{FIRST}</p><p>{line}</p>")).author == ""


PRICES = "<tr><th>Vật liệu</th><th>Đơn vị</th><th>Giá</th></tr><tr><td>Cát nghiền</td><td></td><td>250.000</td></tr>"


def test_rows_of_a_table_keep_their_cells_apart() -> None:
    found = article(
        drupal(f"<p>{LEAD}</p><table>{PRICES}</table><ul><li>Mục a</li></ul><ol><li>x y</li><li>z</li></ol>")
    )
    assert found.body.splitlines() == [
        "Vật liệu | Đơn vị | Giá",
        "Cát nghiền |  | 250.000",
        "- Mục a",
        "1. x y",
        "2. z",
    ]


def test_words_are_neither_glued_nor_torn_by_markup() -> None:
    body = "<div>quản<br>lý <span>xây</span><b> dự</b>ng\nđô thị<br><br>Đoạn hai</div><p>khẩn&nbsp;trương</p>"
    assert article(drupal(f"<p>{LEAD}</p>{body}")).body.splitlines() == [
        "quản lý xây dựng đô thị",
        "Đoạn hai",
        "khẩn trương",
    ]


def test_a_lead_field_repeated_in_the_body_is_stored_once() -> None:
    node = f'<div class="field field--name-field-sapo">{LEAD}</div>'
    found = article(drupal(node=node))
    assert (found.lead, found.body) == (LEAD, f"{FIRST}\n{SECOND}")
    other = article(drupal(f"<p>{FIRST}</p><p>{SECOND}</p>", node=node))
    assert (other.lead, other.body) == (LEAD, f"{FIRST}\n{SECOND}")


@pytest.mark.parametrize(
    ("head", "node", "source", "moment"),
    [
        ("", '<div class="node__meta">Ngày tạo: 13/07/2022 09:05</div>', "profile", (2022, 7, 13, 9, 5)),
        ("", '<time datetime="2022-07-13T02:05:00Z">13/07</time>', "profile", (2022, 7, 13, 9, 5)),
        (
            '<meta property="article:published_time" content="2022-07-13+0709:05:00">',
            "",
            "meta",
            (2022, 7, 13, 9, 5),
        ),
        ("", "<p><b>Đăng ngày</b> 13/7/2022</p>", "near-title", (2022, 7, 13)),
    ],
)
def test_a_date_is_taken_from_where_the_page_says_it(
    head: str, node: str, source: str, moment: tuple[int, ...]
) -> None:
    found = article(drupal(head=head, node=node))
    assert found.date_source == source
    assert found.published == datetime(*moment, tzinfo=VIETNAM).astimezone(UTC)  # type: ignore[misc]


def test_an_edit_date_is_no_publishing_date() -> None:
    found = article(drupal(node='<div class="node__meta">Cập nhật lúc 14/07/2022 10:00</div>'))
    assert (found.published, found.updated) == (None, datetime(2022, 7, 14, 3, tzinfo=UTC))


def test_the_date_of_the_list_counts_when_the_page_has_none() -> None:
    listed = datetime(2022, 7, 13, tzinfo=UTC)
    found = article(drupal(), listed=listed)
    assert (found.published, found.date_source) == (listed, "list")


def test_attachments_are_found_by_link_field_and_viewer() -> None:
    body = (
        '<p>Xem <a href="/sites/default/files/bang%20gia.pdf">Bảng giá</a></p><iframe src="/v?file=/f/b.docx"></iframe>'
    )
    node = '<div class="field--name-field-tep"><span class="file"><a href="/f/c.xlsx">Phụ lục</a></span></div>'
    names = [(each.address, each.name) for each in article(drupal(BODY + body, node=node)).attachments]
    assert sorted(names) == [
        (f"{SITE}/f/b.docx", "b.docx"),
        (f"{SITE}/f/c.xlsx", "Phụ lục"),
        (f"{SITE}/sites/default/files/bang%20gia.pdf", "Bảng giá"),
    ]


def test_an_empty_article_takes_nothing_from_its_neighbours() -> None:
    found = article(drupal('<a href="/f/quyet-dinh.pdf">quyet-dinh.pdf</a>'))
    assert found.body in ("", "quyet-dinh.pdf")
    assert [each.name for each in found.attachments] == ["quyet-dinh.pdf"]


def test_a_notice_of_one_sentence_is_body() -> None:
    found = article(drupal("<p>Chi tiết xem tại văn bản đính kèm.</p>"))
    assert (found.lead, found.body) == ("", "Chi tiết xem tại văn bản đính kèm.")


def test_tags_stand_in_their_own_field() -> None:
    node = '<div class="field--name-field-tags"><a href="/t/1">sơ kết</a><a href="/t/2">quy hoạch</a></div>'
    assert article(drupal(node=node)).tags == ("sơ kết", "quy hoạch")


def test_english_is_known_by_the_text_and_not_by_the_address() -> None:
    english = (
        "<p>On 12 July 2022, the Department of Construction held its mid-year review conference.</p>"
        "<p>The conference discussed planning, construction permits and the quality of public works.</p>"
    )
    html = drupal(english, title="Department of Construction holds its mid-year review")
    assert article(html, "/tin").language == "en"
    assert article(html, "/tin").event_date == date(2022, 7, 12)
    assert article(drupal(), "/en/news").language == "vi"


ROW = (
    '<div class="views-row"><article class="node--view-mode-teaser"><h2 class="node__title">'
    '<a rel="bookmark" href="/a%d">Tin số %d của Sở Xây dựng</a></h2></article></div>'
)
SHEET = (
    f"<h1>{TITLE}</h1><table><tr><td>Số ký hiệu</td><td>12/QĐ-SXD</td></tr>"
    f"<tr><td>Ngày ban hành</td><td>1/2/2022</td></tr><tr><td>Trích yếu</td><td>{TITLE}</td></tr></table>"
)


@pytest.mark.parametrize(
    ("html", "path", "status", "kind"),
    [
        (drupal(), "/x", 200, "article"),
        (drupal(), "/", 200, "list"),
        (drupal(), "/x", 404, "other"),
        ("<title>Không tìm thấy trang</title><p>x</p>", "/x", 200, "other"),
        ("%PDF-1.4", "/x", 200, "other"),
        ("", "/x", 200, "other"),
        ("".join(ROW % (n, n) for n in range(5)), "/tin-tuc", 200, "list"),
        (SHEET, "/x", 200, "document"),
    ],
)  # fmt: skip
def test_only_articles_and_documents_pass_the_gate(html: str, path: str, status: int, kind: str) -> None:
    assert extract(page(html, path, status), named("drupal"), now=NOW).kind == kind


GENERIC = (PAGES / "generic.html").read_text(encoding="utf-8")


def test_a_page_of_an_unknown_system_is_read_by_its_densest_block() -> None:
    found = article(GENERIC, "/tin-tuc/cap-phep-xay-dung-1234.html")
    assert found.profile == "generic"
    assert found.title == "Rà soát thủ tục cấp giấy phép xây dựng nhà ở riêng lẻ"
    assert found.lead.startswith("Ngày 05/4/2023, Sở Xây dựng")
    assert found.body.splitlines()[0].startswith("Theo báo cáo của Phòng")
    assert len(found.body.splitlines()) == 3
    assert found.captions == ("Cán bộ một cửa hướng dẫn người dân nộp hồ sơ",)
    assert (found.author, found.unit) == ("Nông Thị Hằng", "Phòng Quản lý xây dựng")
    assert found.published == datetime(2023, 4, 6, 1, 30, tzinfo=UTC)
    assert found.date_source == "near-title"
    assert [each.name for each in found.attachments] == ["Công văn hướng dẫn"]


@pytest.mark.parametrize(
    "word", ["Đăng nhập", "Tin liên quan", "Giấy phép", "Lượt xem", "Bình luận", "Skip", "23/11/2026"]
)
def test_no_furniture_gets_into_an_article(word: str) -> None:
    for html in (GENERIC, drupal()):
        found = article(html, "/tin-tuc/x-y-1234.html")
        assert word not in "\n".join((found.title, found.lead, found.body, *found.captions))


def test_deeply_nested_markup_is_read() -> None:
    found = article(drupal("<div>" * 3_000 + f"<p>{FIRST}</p><p>{SECOND}</p>" + "</div>" * 3_000))
    assert SECOND in found.lead + found.body


@pytest.mark.parametrize(
    "mark", ['<meta name="Generator" content="Drupal 9 (x)">', '<img src="/sites/default/files/a.jpg">']
)
def test_drupal_is_known_by_its_marks(mark: str) -> None:
    asked = page(mark)
    assert detect(asked.soup, {}).profile.name == "drupal"
    assert detect(page("<p>x</p>").soup, {"X-Generator": "Drupal 10"}).profile.name == "drupal"
    assert detect(page("<p>x</p>").soup, {}).profile is PROFILES[-1]


def test_a_source_may_state_selectors_of_its_own() -> None:
    profile = named("generic", 'title = ["#t"]\nbody = "#b"\nquery_keep = ["tc"]')
    assert (profile.title, profile.body, profile.query_keep) == (("#t",), ("#b",), ("tc",))


@pytest.mark.parametrize(
    ("name", "toml", "words"),
    [
        ("drupl", "", "drupal, nukeviet"),
        ("drupal", "title = [", "TOML"),
        ("drupal", 'titel = ["h1"]', "titel"),
        ("drupal", "title = [1]", "list of texts"),
        ("drupal", 'title = ["h1["]', "h1["),
        ("drupal", 'article_url = ["("]', "article_url"),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_with_the_reason(name: str, toml: str, words: str) -> None:
    with pytest.raises(KhotinError) as refused:
        named(name, toml)
    assert words in str(refused.value)
