"""Are days and moments read as Vietnam writes them?"""

from datetime import UTC, date, datetime

import pytest

from crawler.dates import event_day, read_moment, sane
from indexer.clock import VIETNAM


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=VIETNAM).astimezone(UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thứ ba - 30/01/2024 15:20", local(2024, 1, 30, 15, 20)),
        ("Thứ năm, 20/11/2025 | 14:24", local(2025, 11, 20, 14, 24)),
        ("30-01-2024 02:15 PM", local(2024, 1, 30, 14, 15)),
        ("30.01.2024", local(2024, 1, 30)),
        ("4/7/2024", local(2024, 7, 4)),
        ("07/9/2021 2:00:23 AM", local(2021, 9, 7, 2, 0, 23)),
        ("02/10/2020 08:20 SA", local(2020, 10, 2, 8, 20)),
        ("02/10/2020 08:20 CH", local(2020, 10, 2, 20, 20)),
        ("14h30 30/01/2024", local(2024, 1, 30, 14, 30)),
        ("15:20 | 30/01/2024", local(2024, 1, 30, 15, 20)),
        ("15 giờ 20 ngày 30/01/2024", local(2024, 1, 30, 15, 20)),
        ("Ngày tạo: 10/05/2020 14:05", local(2020, 5, 10, 14, 5)),
        ("Posted Date: 20/07/2011", local(2011, 7, 20)),
        ("ngày 30 tháng 01 năm 2024", local(2024, 1, 30)),
        ("Lạng Sơn, ngày 5 tháng 9 năm 2022", local(2022, 9, 5)),
        ("30 Tháng 1, 2024", local(2024, 1, 30)),
        ("30 Th1 2024", local(2024, 1, 30)),
        ("30 Tháng Giêng 2024", local(2024, 1, 30)),
        ("Tháng Mười Hai 30, 2024", local(2024, 12, 30)),
        ("January 30, 2024", local(2024, 1, 30)),
        ("30 January 2024", local(2024, 1, 30)),
        ("Tue, 30 Jan 2024 15:20:00 +0000", datetime(2024, 1, 30, 15, 20, tzinfo=UTC)),
        ("8/15/2026 4:04:00 PM", local(2026, 8, 15, 16, 4)),
        ("30/01/2024 15:20 (GMT+7)", local(2024, 1, 30, 15, 20)),
        ("2024-01-30T15:20:00+07:00", local(2024, 1, 30, 15, 20)),
        ("2024-01-30T17:30:00Z", datetime(2024, 1, 30, 17, 30, tzinfo=UTC)),
        ("2024-01-30T15:20:00.123Z", datetime(2024, 1, 30, 15, 20, tzinfo=UTC)),
        ("2024-01-30 15:20", local(2024, 1, 30, 15, 20)),
        ("2024-01-30+0715:20:00", local(2024, 1, 30, 15, 20)),
        ("2024-01-30ICT15:20:00", local(2024, 1, 30, 15, 20)),
        ("nga\u0300y 30 tha\u0301ng 01 n\u0103m 2024", local(2024, 1, 30)),
    ],
)
def test_every_form_of_a_date_is_read_day_first(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "giai đoạn 2018-2023",
        "153/160 nhiệm vụ",
        "Nghị định 15/2021/NĐ-CP",
        "Thông tư 13/2021/TT-BXD",
        "Km 12/QL1A",
        "tỷ lệ 1/500",
        "31/02/2024",
        "30/01/1968",
        "năm 2024",
        "1.250.000 đồng",
        "Giá 15.000/kg",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_a_moment_after_tomorrow_is_no_publishing_date() -> None:
    now = local(2024, 1, 30, 12)
    assert sane(local(2024, 1, 31), now) is not None
    assert sane(local(2024, 2, 2), now) is None


@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("Chiều ngày 30 tháng 01 năm 2024, Sở Xây dựng tổ chức Hội nghị.", date(2024, 1, 30)),
        ("Sáng ngày 15/3/2023, tại huyện Chi Lăng, đoàn công tác kiểm tra.", date(2023, 3, 15)),
        ("Sáng 15/3/2023, Sở họp.", date(2023, 3, 15)),
        ("Ngày 10/01/2023, Sở Xây dựng tổ chức Hội nghị.", date(2023, 1, 10)),
        ("Vừa qua, ngày 12/6/2020, Sở họp.", date(2020, 6, 12)),
        ("(Lạng Sơn) - Chiều thứ Ba, ngày 4/7/2023, Sở họp.", date(2023, 7, 4)),
        ("Trong hai ngày 14 và 15/3/2023, Sở tổ chức tập huấn.", date(2023, 3, 14)),
        ("Từ ngày 14 đến ngày 16/3/2023, đoàn thanh tra làm việc.", date(2023, 3, 14)),
        ("Thực hiện kế hoạch, sáng ngày 20/5/2022 Sở họp giao ban.", date(2022, 5, 20)),
        ("On 30 January 2024, the Department held a conference.", date(2024, 1, 30)),
        ("On the afternoon of January 30, 2024, the Department met.", date(2024, 1, 30)),
        ("UBND tỉnh vừa có Quyết định số 1126/QĐ-UBND ngày 12/7/2022 công bố giá.", None),
        ("Sở Xây dựng công bố giá vật liệu tháng 9 năm 2024.", None),
        ("", None),
    ],
)
def test_the_day_of_an_event_stands_in_the_dateline(lead: str, day: date | None) -> None:
    assert event_day(lead) == day


def test_a_day_without_a_year_takes_the_last_one_before_publishing() -> None:
    assert event_day("Chiều ngày 28/12, Sở họp.", local(2024, 1, 3)) == date(2023, 12, 28)
    assert event_day("Chiều ngày 28/12, Sở họp.") is None
