"""Which dates, quarters, measures and amounts are found, however they are written?"""

import pytest

from indexer.language.keys import find_keys


def keys(text: str) -> list[str]:
    return sorted(key.key for key in find_keys(text))


@pytest.mark.parametrize(
    "text",
    [
        "tháng 9/2024", "tháng 09 năm 2024", "tháng 9-2024", "tháng 9 năm 2024", "T9/2024", "T9-2024", "th 9/2024",
        "thang 9/2024", "THÁNG 9/2024", "September 2024", "Sept. 2024", "9/2024", "09/2024", "tháng 9–2024",
        "thg 9/2024", "kế hoạch 9/2024", "Sở Xây dựng 9/2024", "sở 9/2024",
    ],
)  # fmt: skip
def test_a_month_is_one_month_however_written(text: str) -> None:
    assert keys(text) == ["m:2024-09"]


@pytest.mark.parametrize(
    "text",
    [
        "30/01/2024", "30-1-2024", "30.01.2024", "ngày 30 tháng 01 năm 2024", "ngày 30 tháng 1-2024", "30 January 2024",
        "January 30, 2024", "30th of January 2024", "ngày 30/1/2024", "30 tháng 01 năm 2024", "30 tháng 1/2024",
        "Thứ ba - 30/01/2024 15:20", "Thứ ba, 30/01/2024 | 14:24", "30-01-2024 02:15", "30/01/2024 2:00:23 AM",
        "30/01/2024 08:20 SA", "14h30 30/01/2024", "15:20 | 30/01/2024", "Đăng ngày 30/1/2024", "Ngày tạo: 30/01/2024",
        "Cập nhật lúc 30/01/2024", "Posted Date: 30/01/2024", "Chiều ngày 30 tháng 01 năm 2024",
        "Lạng Sơn, ngày 30 tháng 01 năm 2024",
    ],
)  # fmt: skip
def test_a_day_is_one_day_and_in_its_month_however_written(text: str) -> None:
    assert keys(text) == ["d:2024-01-30", "m:2024-01"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tháng 7, 8 và 9/2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("tháng 7-9/2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("từ tháng 7 đến tháng 9/2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("từ tháng 7 đến hết tháng 9 năm 2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("July to September 2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("ngày 30 và 31/01/2024", ["d:2024-01-30", "d:2024-01-31", "m:2024-01"]),
        ("ngày 5-7/6/2024", ["d:2024-06-05", "d:2024-06-06", "d:2024-06-07", "m:2024-06"]),
        ("ngày 5 và ngày 6 tháng 6 năm 2024", ["d:2024-06-05", "d:2024-06-06", "m:2024-06"]),
        ("quý I và II năm 2024", ["q:1", "q:2", "q:2024-1", "q:2024-2"]),
        ("quý 1, 2/2024", ["q:1", "q:2", "q:2024-1", "q:2024-2"]),
        ("quý I-III/2024", ["q:1", "q:2", "q:2024-1", "q:2024-2", "q:2024-3", "q:3"]),
        ("quý I và quý II năm 2024", ["q:1", "q:2", "q:2024-1", "q:2024-2"]),
        ("Q1, Q2/2024", ["q:1", "q:2", "q:2024-1", "q:2024-2"]),
        ("first and second quarters of 2024", ["q:1", "q:2", "q:2024-1", "q:2024-2"]),
        ("quý I và II", ["q:1", "q:2"]),
        ("quý 1, 2 dự án", ["q:1"]),
        ("tháng 7—9/2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("tháng 8, tháng 9/2024", ["m:2024-08", "m:2024-09"]),
        ("T7-T9/2024", ["m:2024-07", "m:2024-08", "m:2024-09"]),
        ("July and August 2024", ["m:2024-07", "m:2024-08"]),
        ("tháng 12-1/2025", ["m:2024-12", "m:2025-01"]),
        ("từ tháng 11/2024 đến tháng 2/2025", ["m:2024-11", "m:2024-12", "m:2025-01", "m:2025-02"]),
        ("từ tháng 1/2016 đến tháng 12/2020", ["m:2016-01", "m:2020-12"]),
        ("từ ngày 5 đến hết ngày 7/6/2024", ["d:2024-06-05", "d:2024-06-06", "d:2024-06-07", "m:2024-06"]),
        ("từ ngày 31/5 đến ngày 1/6/2024", ["d:2024-05-31", "d:2024-06-01", "m:2024-05", "m:2024-06"]),
        ("31/5/2024 - 01/6/2024", ["d:2024-05-31", "d:2024-06-01", "m:2024-05", "m:2024-06"]),
        ("từ ngày 01/01/2023 đến ngày 31/12/2024", ["d:2023-01-01", "d:2024-12-31", "m:2023-01", "m:2024-12"]),
        ("5-7 June 2024", ["d:2024-06-05", "d:2024-06-06", "d:2024-06-07", "m:2024-06"]),
        ("June 5-7, 2024", ["d:2024-06-05", "d:2024-06-06", "d:2024-06-07", "m:2024-06"]),
    ],
)
def test_lists_and_spans_name_every_one(text: str, found: list[str]) -> None:
    assert keys(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "quý III năm 2024", "quý 3/2024", "quý 3-2024", "quí III/2024", "qúy III/2024", "Quý III-2024", "quy 3 2024",
        "Q3/2024", "Q3 2024", "third quarter of 2024", "the third quarter 2024", "quý III/2024", "Quý 3, 2024",
        "Q3-2024", "3rd quarter of 2024", "quarter III/2024",
    ],
)  # fmt: skip
def test_a_quarter_is_one_quarter_however_written(text: str) -> None:
    assert keys(text) == ["q:2024-3", "q:3"]


@pytest.mark.parametrize(
    "text",
    [
        "Số 9/2024", "số: 9/2024", "No. 9/2024", "đợt 2/2024", "khóa 3/2023", "lần 5/2024", "phiên 4/2024", "lô 7/2024",
        "kỳ 5/2024", "kì 5/2024", "khoá 3/2023", "tổ 3/2024", "thửa 3/2024", "nghị định 9/2024", "NĐ 9/2024", "1/2000",
        "9-2024", "6 tháng đầu năm 2024", "8/15/2026", "ngày 30/1", "tháng 7 và 8", "ngày 28-31/6/2024", "30.000/2024",
        "13/2024", "9/2024/NĐ-CP", "31/02/2024", "quỹ 1", "quy định 3", "788/QĐ-UBND", "2018-2023", "năm 2023", "may",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert [key for key in keys(text) if key[0] in "dmq"] == []


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["1.250.000", "1250000", "1,250,000"], "a:1250000"),
        (["1.000", "1000", "1,000"], "a:1000"),
        (["12,5", "12.5", "12,50"], "a:12.5"),
        (["m²", "m2", "M2"], "u:m2"),
        (["m³", "m3"], "u:m3"),
        (["km2", "km²"], "u:km2"),
    ],
)
def test_amounts_and_measures_are_the_same_however_written(texts: list[str], key: str) -> None:
    assert {tuple(keys(text)) for text in texts} == {(key,)}


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["2.000 tỷ", "2000 tỷ", "2,000 tỉ", "2000 ty"], "a:2000"),
        (["2020 ha", "2.020ha"], "a:2020"),
        (["2.024 đồng", "2024đồng", "2024 dong"], "a:2024"),
        (["500 m²", "500m2", "500m²", "500 m2"], "a:500"),
        (["5 triệu", "5 trieu"], "a:5"),
    ],
)
def test_a_figure_before_a_unit_is_an_amount(texts: list[str], key: str) -> None:
    assert [text for text in texts if key not in keys(text)] == []


@pytest.mark.parametrize("text", ["năm 2024 Hà Nội", "2024 động thổ", "2024 tỵ nạn", "12 hạ"])
def test_what_looks_like_a_unit_without_its_accents_is_none(text: str) -> None:
    assert [key for key in keys(text) if key[0] == "a"] == []


@pytest.mark.parametrize("text", ["2024", "788", "12", "1999", "0912", "0205.3812.345"])
def test_a_year_and_a_count_are_no_amounts(text: str) -> None:
    assert keys(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("giá T9/2024 tăng", "T9/2024"),
        ("họp từ tháng 7 đến tháng 9/2024 tại", "từ tháng 7 đến tháng 9/2024"),
        ("trong quý I và II năm 2024,", "quý I và II năm 2024"),
        ("sáng ngày 30/01/2024 tại", "ngày 30/01/2024"),
        ("giá từ tháng 9/2024", "tháng 9/2024"),
    ],
)
def test_every_key_covers_all_the_words_that_say_it(text: str, said: str) -> None:
    assert {text[key.start : key.end] for key in find_keys(text)} == {said}


@pytest.mark.parametrize(
    "piece",
    [
        "12, ", "12 và ", "tháng 7, ", "ngày 7, ", "quý I và ", "Q1 và ", "July and ", "first and ", "June 5 to ", "7-",
        "từ ngày 5 ", "5/6 - ", "1.000.000 | ", "1", " ", "1/",
    ],
)  # fmt: skip
def test_a_long_table_is_read_to_its_end(piece: str) -> None:
    found = find_keys("5 " + piece * (100_000 // len(piece)) + "; quý III năm 2019")
    assert "q:2019-3" in {key.key for key in found}
