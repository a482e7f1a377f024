"""Which document numbers stand in a text, what does it state of them, and which does a question ask for?"""

from datetime import date

import pytest

from indexer.language.numbers import find_number_patterns, find_numbers, matches_bare, stated


def canonical(text: str) -> list[str]:
    return [number.canonical for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Quyết định 788/QĐ-UBND", ["788/QĐ-UBND"]),
        ("Thông tư 13/2019/TT-BXD", ["13/2019/TT-BXD"]),
        ("Giấy phép 12/GPXD-SXD", ["12/GPXD-SXD"]),
        ("số 28/GP-SoXD", ["28/GP-SoXD"]),
        ("Văn bản 1637/SXD-ĐKHĐ", ["1637/SXD-ĐKHĐ"]),
        ("24/VBHN-BXD", ["24/VBHN-BXD"]),
        ("Nghị định 42/2022/NĐ-CP", ["42/2022/NĐ-CP"]),
        ("Luật Nhà ở số 27/2023/QH15", ["27/2023/QH15"]),
        ("Thông tư liên tịch 14/2008/TTLT/BXD-BNV", ["14/2008/TTLT/BXD-BNV"]),
        ("22-NQ/TU và 126-KL/TW", ["22-NQ/TU", "126-KL/TW"]),
        ("1.250/QĐ-UBND", ["1250/QĐ-UBND"]),
        ("234/SXD-QLN&TTBĐS", ["234/SXD-QLN&TTBĐS"]),
        ("12/QĐ - UBND", ["12/QĐ-UBND"]),
        ("788 /QĐ-UBND", ["788/QĐ-UBND"]),
        ("788/QĐ–UBND", ["788/QĐ-UBND"]),
        ("788a/QĐ-UBND; 15bis/QĐ-UBND", ["788a/QĐ-UBND", "15bis/QĐ-UBND"]),
        ("12, 13 và 14/QĐ-UBND", ["12/QĐ-UBND", "13/QĐ-UBND", "14/QĐ-UBND"]),
        ("338/QĐ-TTg", ["338/QĐ-TTg"]),
        ("05/CBGVLXD-SXD", ["05/CBGVLXD-SXD"]),
        ("theo 788/qđ-ubnd và 15/2021/nđ-cp", ["788/QĐ-UBND", "15/2021/NĐ-CP"]),
        ("QCVN 06:2022/BXD, TCVN 5574:2018", ["QCVN 06:2022/BXD", "TCVN 5574:2018"]),
        ("qcvn06:2022/bxd", ["QCVN 06:2022/BXD"]),
        ("tỷ lệ 1/500, 1/2.000 và 1:5000", ["1/500", "1/2000", "1/5000"]),
        ("chứng chỉ BXD-00012345", ["BXD-00012345"]),
        ("Tỷ lệ 1:500; 1:25.000", ["1/500", "1/25000"]),
        ("12-CTr/TU, 22-nq/tu", ["12-CTr/TU", "22-NQ/TU"]),
        ("1637/sxd-đkhđ", ["1637/SXD-ĐKHĐ"]),
        ("1637 / SXD – ĐKHĐ", ["1637/SXD-ĐKHĐ"]),
        ("234/SXD-QLN & TTBĐS", ["234/SXD-QLN&TTBĐS"]),
        ("01/2014/UBTVQH13", ["01/2014/UBTVQH13"]),
        ("TCVN 5574-2018", ["TCVN 5574-2018"]),
        ("788/QĐ-UBND - Về việc", ["788/QĐ-UBND"]),
        ("788/QĐ-UBND - UBND tỉnh", ["788/QĐ-UBND"]),
        ("788/QĐ-UBND-về việc", ["788/QĐ-UBND"]),
        ("788/QĐ-UBND.Căn cứ", ["788/QĐ-UBND"]),
        ("788/QĐ-UBND.Theo đó", ["788/QĐ-UBND"]),
        ("số 12, số 13 và số 14/QĐ-UBND", ["12/QĐ-UBND", "13/QĐ-UBND", "14/QĐ-UBND"]),
        ("năm 2024, 14/QĐ-UBND", ["14/QĐ-UBND"]),
    ],
)
def test_every_kind_of_number_is_found_whole_however_it_is_written(text: str, numbers: list[str]) -> None:
    assert canonical(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Km 12/QL1A", "5/Khối 3", "12/Trần Đăng Ninh", "15.000/Kg", "153/160", "30/01/2024", "2018-2023", "1:30",
        "24/7", "11:500", "1/3 diện tích", "km/h", "số nhà 12/TT", "và/hoặc", "18/30 hộ", "http://x.vn/12/tin-tuc",
        "tháng 1/2024", "1/2024", "tháng 1/2000", "1:150", "thép 10/CB240-T", "5.000/USD-VND", "2/tb-xh", "3/ba-be",
        "12/kg", "5/ha",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert canonical(text) == []


def test_numbers_of_one_line_keep_their_order_and_their_characters() -> None:
    line = "Căn cứ 15/2021/NĐ-CP; QCVN 06:2022/BXD; 12 và 14/QĐ-UBND."
    spans = [line[number.start : number.end] for number in find_numbers(line)]
    assert spans == ["15/2021/NĐ-CP", "QCVN 06:2022/BXD", "12", "14/QĐ-UBND"]


@pytest.mark.parametrize(
    ("text", "number", "year", "kind", "issuer"),
    [
        ("788/QĐ-UBND", "788", None, "qd", "ubnd"),
        ("0788a/QĐ-UBND", "0788a", None, "qd", "ubnd"),
        ("15/2021/NĐ-CP", "15", 2021, "nd", "cp"),
        ("14/2008/TTLT/BXD-BNV", "14", 2008, "ttlt", "bxd/bnv"),
        ("1637/SXD-ĐKHĐ", "1637", None, "", "sxd/dkhd"),
        ("22-NQ/TU", "22", None, "nq", "tu"),
        ("27/2023/QH15", "27", 2023, "qh", "qh15"),
        ("QCVN 06:2022/BXD", "6", 2022, "qcvn", "bxd"),
        ("TCVN 7957-1:2018", "7957", 2018, "tcvn", ""),
        ("788/QĐ", "788", None, "qd", ""),
        ("BXD-00012345", "12345", None, "", "bxd"),
        ("tỷ lệ 1/2000", "1", None, "", ""),
    ],
)
def test_a_number_tells_its_figures_year_kind_and_issuer(
    text: str, number: str, year: int | None, kind: str, issuer: str
) -> None:
    found = find_numbers(text)[0]
    assert (found.number, found.year, found.type, found.issuer) == (number, year, kind, issuer)


@pytest.mark.parametrize(
    ("line", "day", "issuer"),
    [
        ("788/QĐ-UBND ngày 15/4/2023 của UBND tỉnh Lạng Sơn về quy hoạch", date(2023, 4, 15), "UBND tỉnh Lạng Sơn"),
        ("788/QĐ-UBND, ngày 15 tháng 4 năm 2023", date(2023, 4, 15), ""),
        ("788/QĐ-UBND (15/4/2023)", date(2023, 4, 15), ""),
        ("15/2021/NĐ-CP ban hành ngày 03/3/2021 của Chính phủ quy định chi tiết", date(2021, 3, 3), "Chính phủ"),
        ("338/QĐ-TTg của Thủ tướng Chính phủ ngày 03/4/2023", date(2023, 4, 3), "Thủ tướng Chính phủ"),
        ("13/2019/TT-BXD do Bộ Xây dựng ban hành", None, "Bộ Xây dựng"),
        ("Decision 788/QĐ-UBND dated 15 April 2023 of the Provincial People's Committee approving a plan",
         date(2023, 4, 15), "Provincial People's Committee"),
        ("788/QĐ-UBND và 123/QĐ-UBND ngày 15/4/2023", None, ""),
        ("788/QĐ-UBND đã được niêm yết từ ngày 15/4/2023", None, ""),
        ("788/QĐ-UBND.", None, ""),
        ("788/QĐ-UBND ngày 15-17/4/2023", None, ""),
        ("788/QĐ-UBND (15/4/2023 - 17/4/2023)", None, ""),
        ("788/QĐ-UBND ngày 15/4/2023 đến ngày 17/4/2023", None, ""),
        ("788/QĐ-UBND về nhà ở ngày 15/4/2023 của UBND tỉnh", None, ""),
        ("788/QĐ-UBND của tỉnh", None, ""),
        ("788/QĐ-UBND của Luật Xây dựng", None, ""),
        ("28/GP-SoXD ngày 30/02/2024", None, ""),
        ("788/QĐ-UBND ngày ký: 15/4/2023", date(2023, 4, 15), ""),
        ("338/QĐ-TTg ngày 03/4/2023 do Thủ tướng Chính phủ ban hành", date(2023, 4, 3), "Thủ tướng Chính phủ"),
        ("01/TT-BXD do Bộ Xây dựng quản lý", None, ""),
        ("22-NQ/TU ngày 5/6/2024 của Tỉnh uỷ khoá XVII", date(2024, 6, 5), "Tỉnh uỷ"),
        ("5/2024/TT-BTNMT của Bộ Tài nguyên và Môi trường hướng dẫn", None, "Bộ Tài nguyên và Môi trường"),
        ("5/2024/TT-BVHTTDL của Bộ Văn hóa, Thể thao và Du lịch, quy định", None, "Bộ Văn hóa, Thể thao và Du lịch"),
        ("5/2024/TT-BLĐTBXH của Bộ Lao động - Thương binh và Xã hội về", None, "Bộ Lao động - Thương binh và Xã hội"),
        ("5/2024/TT-BNG của Bộ Ngoại giao quy định", None, "Bộ Ngoại giao"),
        ("5/2024/TT-BXD của Bộ Xây dựng và Bộ Tài chính", None, "Bộ Xây dựng"),
        ("788/QĐ-UBND của UBND tỉnh giao nhiệm vụ", None, "UBND tỉnh"),
        ("788/QĐ-UBND của Ban quản lý dự án huyện Cao Lộc phê duyệt", None, "Ban quản lý dự án huyện Cao Lộc"),
        ("788/QĐ-UBND NGÀY 15/4/2023 CỦA UBND TỈNH LẠNG SƠN PHÊ DUYỆT", date(2023, 4, 15), "UBND TỈNH LẠNG SƠN"),
        ("788/QD-UBND ngay 15/4/2023 cua UBND tinh Lang Son ve viec", date(2023, 4, 15), "UBND tinh Lang Son"),
        ("788/QD-UBND issued by the Prime Minister on 15 April 2023", date(2023, 4, 15), "Prime Minister"),
        ("788/QD-UBND of 15 April 2023 of the Government on housing", date(2023, 4, 15), "Government"),
        ("788/QD-UBND of the Ministry of Natural Resources and Environment and Circular 5", None,
         "Ministry of Natural Resources and Environment"),
    ],
)  # fmt: skip
def test_a_text_states_the_day_and_the_issuer_right_behind_a_number(line: str, day: date | None, issuer: str) -> None:
    assert stated(line, find_numbers(line)[0]) == (day, issuer)


def test_a_day_behind_a_list_is_that_of_every_number_in_it() -> None:
    line = "12, 13 và 14/QĐ-UBND ngày 05/6/2024 của UBND huyện"
    assert {stated(line, number) for number in find_numbers(line)} == {(date(2024, 6, 5), "UBND huyện")}


MET = {
    "788/QĐ-UBND": "788/qd/ubnd", "338/QĐ-TTg": "338/qd/ttg", "15/2021/NĐ-CP": "15/2021/nd/cp",
    "15/2021/TT-BXD": "15/2021/tt/bxd", "14/2008/TTLT/BXD-BNV": "14/2008/ttlt/bxd/bnv", "22-NQ/TU": "22/nq/tu",
    "1637/SXD-ĐKHĐ": "1637/sxd/dkhd", "05/CBGVLXD-SXD": "5/cbgvlxd/sxd", "27/2023/QH15": "27/2023/qh15",
    "QCVN 06:2022/BXD": "qcvn/6/2022/bxd", "TCVN 5574:2018": "tcvn/5574/2018", "QCVN 15:2021/BXD": "qcvn/15/2021/bxd",
    "BXD-00012345": "bxd/12345", "1/500": "1/500",
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "met"),
    [
        ("788/QĐ-UBND", ["788/QĐ-UBND"]),
        ("788 /qd - ubnd", ["788/QĐ-UBND"]),
        ("338 qd ttg", ["338/QĐ-TTg"]),
        ("338 qd ttg lang son", ["338/QĐ-TTg"]),
        ("nghị định 15/2021", ["15/2021/NĐ-CP"]),
        ("NĐ 15/2021", ["15/2021/NĐ-CP"]),
        ("nghi dinh so 15/2021", ["15/2021/NĐ-CP"]),
        ("thông tư 15/2021", ["15/2021/TT-BXD"]),
        ("thong tu 14/2008", ["14/2008/TTLT/BXD-BNV"]),
        ("15/2021", ["15/2021/NĐ-CP", "15/2021/TT-BXD"]),
        ("luật 27/2023", ["27/2023/QH15"]),
        ("22-nq/tu", ["22-NQ/TU"]),
        ("22 nq tu", ["22-NQ/TU"]),
        ("22-NQ/TU 5 năm", ["22-NQ/TU"]),
        ("nghị quyết 22–nq/tu 5 năm", ["22-NQ/TU"]),
        ("22/NQ-TU", ["22-NQ/TU"]),
        ("1637 SXD DKHD", ["1637/SXD-ĐKHĐ"]),
        ("công văn 1637/SXD-ĐKHĐ", ["1637/SXD-ĐKHĐ"]),
        ("Số: 05/CBGVLXD-SXD", ["05/CBGVLXD-SXD"]),
        ("số 5 cbgvlxd sxd", ["05/CBGVLXD-SXD"]),
        ("qd-ubnd", ["788/QĐ-UBND"]),
        ("QCVN 06", ["QCVN 06:2022/BXD"]),
        ("qcvn06:2022/bxd", ["QCVN 06:2022/BXD"]),
        ("tcvn 5574:2018", ["TCVN 5574:2018"]),
        ("788 /QĐ-UBND", ["788/QĐ-UBND"]),
        ("788 qd-ubnd", ["788/QĐ-UBND"]),
        ("qd-ubnd 788", ["788/QĐ-UBND"]),
        ("QĐ-UBND số 788", ["788/QĐ-UBND"]),
        ("qd ubnd 788", ["788/QĐ-UBND"]),
        ("788 qd ubnd tinh lang son", ["788/QĐ-UBND"]),
        ("15 2021 nd cp", ["15/2021/NĐ-CP"]),
        ("nđ-cp 15/2021", ["15/2021/NĐ-CP"]),
        ("tt 14/2008", ["14/2008/TTLT/BXD-BNV"]),
        ("thông tư liên tịch 14/2008", ["14/2008/TTLT/BXD-BNV"]),
        ("nghị quyết 27/2023", ["27/2023/QH15"]),
        ("công văn 15/2021", []),
        ("cv 1637/SXD", ["1637/SXD-ĐKHĐ"]),
        ("788/qd", ["788/QĐ-UBND"]),
        ("nghị định 9/2024", []),
        ("15a/2021", []),
        ("BXD-00012345", ["BXD-00012345"]),
        ("tỷ lệ 1:500", ["1/500"]),
    ],
)
def test_a_question_asks_for_a_number_however_it_is_typed(question: str, met: list[str]) -> None:
    patterns = find_number_patterns(question)
    assert len(patterns) == 1
    assert [shown for shown, bare in MET.items() if matches_bare(patterns[0], bare)] == met


@pytest.mark.parametrize(
    "question",
    [
        "sở gd-đt", "tc-kh", "đá - cát", "3 ba be", "10 tb moi", "covid-19", "2 ct moi", "khu 5 ha noi", "quy 3 2024",
        "788", "9/2024", "30/01/2024", "2018-2023", "tháng 9/2024", "nhà ở xã hội", "5 - ba be", "10 - ha noi",
        "12/tran dang ninh", "12/ba dinh", "km 12/ql1a", "15.000/kg", "tháng 1/2024", "1/2024", "kế hoạch 9/2024",
        "2023/2024", "2 tb tp lang son", "5 nd kh", "da-tu", "3 bà bế", "10 ct tu van", "3 ct ban hanh", "5/ha",
        "kinh tế - xã hội", "hữu nghị - chi lăng", "và/hoặc", "1000 đồng", "nam 2023 lang son",
    ],
)  # fmt: skip
def test_ordinary_words_ask_for_no_number(question: str) -> None:
    assert find_number_patterns(question) == []


def test_a_list_in_a_question_asks_for_each_of_its_numbers() -> None:
    patterns = find_number_patterns("12, 13 và 14/QĐ-UBND")
    assert [pattern.parts for pattern in patterns] == [(number, "qd", "ubnd") for number in ("12", "13", "14")]


@pytest.mark.parametrize(
    "piece",
    [
        "788/QĐ-UBND ngày 15/4/2023; ", "788/QĐ-UBND, ", "12, ", "12 và ", "1/", "1.", "AB - ", "AB & ", "A&", "AB.",
        "QĐ-", "qd ttg ", "1:", "A", "1/A ", "12/QĐ-UBND của ", "UBND của ", "Sở Tài nguyên và ", " ", "-",
    ],
)  # fmt: skip
def test_a_long_table_is_read_to_its_end(piece: str) -> None:
    table = "12/QĐ-UBND của 1/" + piece * (100_000 // len(piece)) + "; 15/2021/NĐ-CP ngày 03/03/2021"
    *_, last = find_numbers(table)
    assert (last.canonical, stated(table, last).day) == ("15/2021/NĐ-CP", date(2021, 3, 3))
    assert all(0 <= pattern.start < pattern.end <= 10_000 for pattern in find_number_patterns(table[:10_000]))
