"""Which titles are of one series?"""

import pytest

from indexer.series import series_key

PRICES = "Công bố giá vật liệu xây dựng tháng 9/2024"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PRICES, "Công bố giá vật liệu xây dựng tháng 10/2024"),
        (PRICES, "CÔNG BỐ giá vật liệu xây dựng tháng 09 năm 2024"),
        (PRICES, "Công bố giá vật liệu xây dựng quý III năm 2024"),
        (PRICES, "Công bố giá vật liệu xây dựng tháng mười hai năm 2023"),
        (PRICES, "Công bố giá vật liệu xây dựng tháng Giêng"),
        ("Lịch tiếp công dân tháng 3", "Lịch tiếp công dân tháng 4 năm 2025"),
        ("Lịch làm việc tuần 12 (từ 18/3 đến 22/3/2024)", "Lịch làm việc tuần 13 (từ 25/3 đến 29/3/2024)"),
        ("Tổng kết công tác năm 2023 ngành Xây dựng", "Tổng kết công tác năm 2022 ngành Xây dựng"),
        ("Kết quả sát hạch chứng chỉ hành nghề đợt 2", "Kết quả sát hạch chứng chỉ hành nghề đợt III"),
        ("Hội thi tay nghề ngành Xây dựng lần thứ ba", "Hội thi tay nghề ngành Xây dựng lần thứ tư"),
        ("Thông báo số 05/TB-SXD về giá nhân công", "Thông báo số 17/TB-SXD về giá nhân công"),
        ("Building material prices, September 2024", "Building material prices, October 2024"),
    ],
)
def test_titles_that_differ_in_dates_and_numbers_are_of_one_series(one: str, other: str) -> None:
    assert series_key(one) == series_key(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PRICES, "Công bố giá nhân công xây dựng tháng 9/2024"),
        ("Khánh thành cầu Ba Xã", "Khánh thành cầu Hai Xã"),
        ("Hội nghị giao ban tháng 3", "Hội nghị tổng kết tháng 3"),
    ],
)
def test_titles_that_differ_in_words_are_not(one: str, other: str) -> None:
    assert series_key(one) != series_key(other)


@pytest.mark.parametrize(
    "title", ["", "788", "Quyết định số 788/QĐ-UBND", "Thông báo tháng 3", "Kế hoạch 12/KH-UBND năm 2024", "Năm 2024"]
)
def test_a_title_that_says_little_by_itself_names_no_series(title: str) -> None:
    assert series_key(title) == ()
