"""Which dates, quarters, measures and amounts are found, however they are written?"""

import pytest

from indexer.language.keys import find_keys


def keys(text: str) -> list[str]:
    return sorted(key.key for key in find_keys(text))


@pytest.mark.parametrize(
    "text",
    [
        "tháng 9/2024", "tháng 09 năm 2024", "tháng 9-2024", "tháng 9 năm 2024", "T9/2024", "T9-2024", "th 9/2024",
        "thang 9/2024", "THÁNG 9/2024", "September 2024", "Sept. 2024", "9/2024", "09/2024",
    ],
)  # fmt: skip
def test_a_month_is_one_month_however_written(text: str) -> None:
    assert keys(text) == ["m:2024-09"]


@pytest.mark.parametrize(
    "text",
    [
        "30/01/2024", "30-1-2024", "30.01.2024", "ngày 30 tháng 01 năm 2024", "ngày 30 tháng 1-2024", "30 January 2024",
        "January 30, 2024", "30th of January 2024", "ngày 30/1/2024",
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
    ],
)
def test_lists_and_spans_name_every_one(text: str, found: list[str]) -> None:
    assert keys(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "quý III năm 2024", "quý 3/2024", "quý 3-2024", "quí III/2024", "qúy III/2024", "Quý III-2024", "quy 3 2024",
        "Q3/2024", "Q3 2024", "third quarter of 2024", "the third quarter 2024",
    ],
)  # fmt: skip
def test_a_quarter_is_one_quarter_however_written(text: str) -> None:
    assert keys(text) == ["q:2024-3", "q:3"]


@pytest.mark.parametrize(
    "text",
    [
        "Số 9/2024", "số: 9/2024", "No. 9/2024", "đợt 2/2024", "khóa 3/2023", "lần 5/2024", "phiên 4/2024", "lô 7/2024",
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
        (["12,5", "12.5"], "a:12.5"),
        (["m²", "m2", "M2"], "u:m2"),
        (["m³", "m3"], "u:m3"),
        (["km2", "km²"], "u:km2"),
    ],
)
def test_amounts_and_measures_are_the_same_however_written(texts: list[str], key: str) -> None:
    assert {tuple(keys(text)) for text in texts} == {(key,)}


@pytest.mark.parametrize("text", ["2024", "788", "12", "1999"])
def test_a_year_and_a_count_are_no_amounts(text: str) -> None:
    assert keys(text) == []


@pytest.mark.parametrize("text", ["giá T9/2024 tăng", "từ tháng 7 đến tháng 9/2024", "quý I và II năm 2024"])
def test_a_key_covers_all_the_words_that_say_it(text: str) -> None:
    key = find_keys(text)[0]
    assert text[key.start : key.end] in ("T9/2024", "tháng 7 đến tháng 9/2024", "quý I và II năm 2024")
