"""Is an article found on a page of a system that nobody described?  Eight layouts, each with a site's whole clutter."""

import json
import re
import statistics
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extract import Extraction, extract
from crawler.page import Page
from crawler.profiles import named
from indexer.article import Article

FOLDER = Path(__file__).parent / "pages" / "layouts"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["extraction"]
NOW = datetime(2024, 4, 6, tzinfo=UTC)
TITLE = "Sở Xây dựng sơ kết công tác quý và triển khai nhiệm vụ trọng tâm"
LEAD = "Chiều ngày 29 tháng 01 năm 2024, Sở Xây dựng tổ chức hội nghị sơ kết công tác và bàn nhiệm vụ của quý tới."
PARAGRAPHS = (
    "Tham dự hội nghị có Ban Giám đốc, lãnh đạo các phòng chuyên môn và các đơn vị trực thuộc; đại diện phòng quản lý"
    " đô thị các huyện, thành phố cùng dự qua cầu truyền hình.",
    "Trong quý, Sở đã thẩm định 61 hồ sơ thiết kế, cấp 180 chứng chỉ hành nghề, kiểm tra 17 công trình đang thi công"
    " và hoàn thành 75/80 nhiệm vụ được giao…",
    "Tại hội nghị, các đại biểu nêu khó khăn trong giải phóng mặt bằng, trong việc bố trí bãi đổ thải và trong quản lý"
    " giá vật liệu xây dựng ở vùng sâu.",
    "Giám đốc Sở đề nghị từng phòng rà soát lại thủ tục, công khai thời hạn trả kết quả, chấm dứt việc để hồ sơ quá hạn"
    " mà không có thư xin lỗi.",
    "Kết luận hội nghị, lãnh đạo Sở giao Văn phòng theo dõi, đôn đốc và báo cáo kết quả thực hiện trước ngày 25 hằng"
    " tháng.",
)
CAPTIONS = (
    "Toàn cảnh hội nghị sơ kết tại hội trường cơ quan",
    "Trưởng phòng Quy hoạch trình bày báo cáo tham luận",
    "Các đại biểu dự hội nghị chụp ảnh lưu niệm",
)
BYLINE = "Lương Gia Phúc - Văn phòng Sở"
FILES = ("Báo cáo sơ kết.pdf", "Phụ lục biểu mẫu.docx")
# How each layout shows a picture with its caption, and how it sets a paragraph.
PICTURES = {
    "drupal": '<figure class="caption"><img src="/a.jpg" alt="1"><figcaption>%s</figcaption></figure>',
    "liferay": '<p><img src="/a.jpg" alt="35"></p><p style="text-align: center;"><i>%s</i></p>',
    "sharepoint": '<p><img src="/a.jpg" alt="DSC_0012"><br><em>%s</em></p>',
    "nukeviet": '<figure class="image"><img src="/a.jpg" alt="image002"><figcaption>%s</figcaption></figure>',
    "dnn": '<table><tr><td><img src="/a.jpg" alt="2"></td></tr><tr><td>%s</td></tr></table>',
    "wordpress": '<div class="wp-caption"><img src="/a.jpg" alt="3"><p class="wp-caption-text">%s</p></div>',
    "tables": '<TABLE><TR><TD><IMG SRC="/a.jpg"></TD></TR><TR><TD ALIGN=center><I>%s</I></TD></TR></TABLE>',
    "divs": '<div><img src="/a.jpg" alt="1"></div><div style="text-align:center">%s</div>',
}
LAYOUTS = tuple(PICTURES)
CLUTTER = re.compile(
    r"phát triển đô thị xanh|trường học vùng cao|bổ ích|Giấy phép|Bản quyền|tiếp công dân|Nhảy đến|Skip|Chia sẻ"
    r"|Trang chủ|Hôm nay|Đánh giá|Tổng số điểm|truy cập|trực tuyến qua cổng|Giới thiệu|secured browser|Page Content",
    re.I,
)
PRICES = "".join(
    f"<tr><td>{row}</td><td>Xi măng PCB{row}</td><td>tấn</td><td>1.{row:03}.000</td></tr>" for row in range(1, 16)
)


def text_of(layout: str) -> str:
    wrap = "<div>%s</div>" if layout in ("divs", "dnn") else "<p>%s</p>"
    parts = [wrap % paragraph for paragraph in PARAGRAPHS]
    for place, caption in zip((1, 3, 5), CAPTIONS, strict=True):
        parts.insert(place, PICTURES[layout] % caption)
    return "".join(parts)


def shown(layout: str, text: str, lead: str = LEAD, byline: str = BYLINE, **more: str) -> Extraction:
    told = {"title": TITLE, "lead": lead, "text": text, "byline": byline}
    html = (FOLDER / f"{layout}.html").read_text(encoding="utf-8") % told
    for old, new in more.items():
        html = html.replace(old, new)
    page = Page(f"https://sxd.example.vn/tin/{layout}", 200, {"content-type": "text/html"}, html.encode())
    return extract(page, named("generic"), now=NOW)


def article(layout: str, text: str, lead: str = LEAD, byline: str = BYLINE) -> Article:
    found = shown(layout, text, lead, byline).article
    assert found is not None
    return found


def words(*texts: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", " ".join(texts).lower()))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The token F1 of two bags of words."""
    return 2 * (one & other).total() / (one.total() + other.total())


def everything(found: Article) -> tuple[str, ...]:
    return (found.lead, found.body, *found.captions, found.author, found.unit)


def test_the_text_of_every_layout_is_found_whole() -> None:
    meant = words(LEAD, *PARAGRAPHS, *CAPTIONS, BYLINE)
    like = {layout: likeness(words(*everything(article(layout, text_of(layout)))), meant) for layout in LAYOUTS}
    assert min(like.values()) >= FLOORS["layouts_worst"], like
    assert statistics.mean(like.values()) >= FLOORS["layouts_mean"], like


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_of_a_layout_is_right(layout: str) -> None:
    found = article(layout, text_of(layout))
    assert found.title == TITLE
    assert found.lead == LEAD
    assert found.captions == CAPTIONS
    assert (found.author, found.unit) == ("Lương Gia Phúc", "Văn phòng Sở")
    assert tuple(each.name for each in found.attachments) == FILES
    assert found.published == datetime(2024, 1, 30, 8, 20, tzinfo=UTC)
    assert not CLUTTER.search("\n".join(everything(found)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_of_prices_keeps_its_rows_and_cells(layout: str) -> None:
    found = article(layout, f"<table border=1>{PRICES}</table>")
    rows = [line for line in found.body.splitlines() if re.fullmatch(r"\d+ \| Xi măng PCB\d+ \| tấn \| [\d.]+", line)]
    assert len(rows) == 15


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_body_of_one_sentence_is_kept_alone(layout: str) -> None:
    only = "Chi tiết xem tại văn bản đính kèm."
    found = article(layout, f"<p>{only}</p>", lead="", byline="")
    noise = words(*everything(found)) - words(only)
    assert only in (found.lead, found.body)
    assert noise.total() <= 5, noise


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_empty_body_stays_empty(layout: str) -> None:
    found = shown(layout, '<p><img src="/scan.jpg" alt="1"></p>', lead="", byline="").article
    assert found is None or words(*everything(found)).total() == 0
