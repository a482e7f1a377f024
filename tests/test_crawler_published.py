"""Which day does a page of an unknown system name as its own?  Forms that departments use, and days that are none."""

from datetime import UTC, date, datetime

import pytest

from crawler.extract import extract
from crawler.page import Page
from crawler.profiles import named
from indexer import clock

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TITLE = "Sở Xây dựng kiểm tra tiến độ các công trình trường học vùng cao"
TEXT = (
    "<p>Đoàn công tác đã đi thực địa tại bốn xã, làm việc với nhà thầu và ghi nhận kiến nghị của giáo viên về mái che,"
    " sân chơi và đường vào trường.</p><p>Lãnh đạo Sở yêu cầu chủ đầu tư lập tiến độ chi tiết từng hạng mục, cử cán bộ"
    " thường trực tại công trường và báo cáo hằng tuần.</p>"
)
DAY = date(2024, 1, 30)
# What stands between the title and the text -> the day, and the time where one is told (UTC hours are seven less).
LINES: list[tuple[str, date, str]] = [
    ("Thứ Ba, 30/01/2024 | 15:20", DAY, "15:20"),
    ("Thứ ba - 30/01/2024 15:20", DAY, "15:20"),
    ("30-01-2024 02:15 PM", DAY, "14:15"),
    ("30.01.2024", DAY, ""),
    ("30/01/2024", DAY, ""),
    ("30/1/2024 15:20", DAY, "15:20"),
    ("15:20 | 30/01/2024", DAY, "15:20"),
    ("14h30 30/01/2024", DAY, "14:30"),
    ("15h20 ngày 30/01/2024", DAY, "15:20"),
    ("15 giờ 20, ngày 30 tháng 01 năm 2024", DAY, "15:20"),
    ("Đăng ngày 30/1/2024", DAY, ""),
    ("Ngày đăng: 30/01/2024 15:20", DAY, "15:20"),
    ("Ngày tạo: 30/01/2024", DAY, ""),
    ("Ngày đăng 18/03/2019 | 04:01 PM", date(2019, 3, 18), "16:01"),
    ("Ngày 30 tháng 01 năm 2024", DAY, ""),
    ("Lạng Sơn, ngày 30 tháng 1 năm 2024", DAY, ""),
    ("Thứ ba, ngày 30 tháng 01 năm 2024", DAY, ""),
    ("30 Tháng 1, 2024", DAY, ""),
    ("30 Tháng Một, 2024", DAY, ""),
    ("Tháng Một 30, 2024", DAY, ""),
    ("30 Th1 2024", DAY, ""),
    ("T3, 30/01/2024 - 15:20", DAY, "15:20"),
    ("07/9/2021 2:00:23 AM", date(2021, 9, 7), "02:00"),
    ("02/10/2020 08:20 SA", date(2020, 10, 2), "08:20"),
    ("02/10/2020 08:20 CH", date(2020, 10, 2), "20:20"),
    ("Posted Date: 20/07/2011", date(2011, 7, 20), ""),
    ("January 30, 2024", DAY, ""),
    ("30 January 2024, 15:20 (GMT+7)", DAY, "15:20"),
    ("Jan 30, 2024", DAY, ""),
    ("1/30/2024 3:20 PM", DAY, "15:20"),
    ("03/04/2024 08:00", date(2024, 4, 3), "08:00"),
    ("4/7/2023", date(2023, 7, 4), ""),
    ("12.06.2023", date(2023, 6, 12), ""),
    ("Nga\u0300y đăng: 30/01/2024", DAY, ""),
    ("<i>Ngày đăng:</i> <b>30/01/2024</b>", DAY, ""),
    ("Lượt xem: 1.234 | 30/01/2024 | Cỡ chữ", DAY, ""),
    ('<time datetime="2024-01-30T15:20:00+07:00">hôm kia</time>', DAY, "15:20"),
    ('<time datetime="2024-01-30T17:30:00Z">30/01</time>', date(2024, 1, 31), "00:30"),
]
# Pages without a day of their own, and what might be taken for one.
UNDATED: list[tuple[str, str, str]] = [
    ("the clock of the site", '<header><div class="date">Thứ Sáu, 05/04/2024 08:15</div></header>', ""),
    ("a clock without a name", "<div>Hôm nay: Thứ Sáu, ngày 05/04/2024</div>", ""),
    ("days of related news", "", "<h3>Tin liên quan</h3><ul><li><a href='/a'>Tin khác của Sở</a> 28/01/2024</li></ul>"),
    ("the day of the licence", "", "<footer>Giấy phép số 12/GP-STTTT ngày 15/08/2019</footer>"),
    ("the year of the copyright", "", "<div>© 2019-2024 Sở Xây dựng. Bản quyền đã được bảo hộ</div>"),
    ("a decree that the text cites", "", "<p>Theo Nghị định số 15/2021/NĐ-CP ngày 03/3/2021 của Chính phủ.</p>"),
    ("a period in the title", "", "<p>Kế hoạch giai đoạn 2018-2023 đã kết thúc.</p>"),
]


def read(
    line: str = "", before: str = "", after: str = "", head: str = "", path: str = "/tin/kiem-tra"
) -> datetime | None:
    html = (
        f"<html><head><title>{TITLE}</title>{head}</head><body>{before}<div class='main'><h1>{TITLE}</h1>"
        f"<div class='info'>{line}</div><div class='text'>{TEXT}</div>{after}</div></body></html>"
    )
    page = Page(f"https://sxd.example.vn{path}", 200, {"content-type": "text/html; charset=utf-8"}, html.encode())
    found = extract(page, named("generic"), now=NOW).article
    assert found is not None
    return found.published


@pytest.mark.parametrize(("line", "day", "time"), LINES)
def test_a_date_line_is_read_in_every_form(line: str, day: date, time: str) -> None:
    found = read(line)
    assert found is not None
    local = found.astimezone(clock.VIETNAM)
    assert local.date() == day
    assert f"{local:%H:%M}" == (time or "00:00")


@pytest.mark.parametrize(("why", "before", "after"), UNDATED)
def test_a_page_without_a_date_gets_none(why: str, before: str, after: str) -> None:
    assert read("", before, after) is None, why


@pytest.mark.parametrize(("why", "before", "after"), UNDATED)
def test_the_page_s_own_date_wins_over_all_others(why: str, before: str, after: str) -> None:
    found = read("30/01/2024 15:20", before, after)
    assert found == datetime(2024, 1, 30, 8, 20, tzinfo=UTC), why


@pytest.mark.parametrize(
    "told",
    ["2024-01-30T15:20:00+07:00", "2024-01-30+0715:20:00", "2024-01-30ICT15:20:00", "2024-01-30T08:20:00Z"],
)
def test_the_head_s_date_is_read_even_when_spoilt(told: str) -> None:
    head = f'<meta property="article:published_time" content="{told}">'
    assert read(head=head) == datetime(2024, 1, 30, 8, 20, tzinfo=UTC)


def test_a_day_in_the_address_is_the_last_resort() -> None:
    found = read(path="/portal/Pages/2024-1-30/kiem-tra.aspx")
    assert found is not None
    assert found.astimezone(clock.VIETNAM).date() == DAY


def test_a_day_to_come_is_none() -> None:
    assert read("30/01/2030") is None
