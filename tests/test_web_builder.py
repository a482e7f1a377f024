"""Does the form write the question, and the question fill the form?"""

import pytest

from indexer.glossary import load
from indexer.question import understand
from web.builder import Boxes, boxes_of, line_of

FORMS = [
    (Boxes(), ""),
    (Boxes(all="giấy phép xây dựng"), "giấy phép xây dựng"),
    (Boxes(any="nhà ở xã hội, NOXH, chung cư"), "(nhà ở xã hội OR NOXH OR chung cư)"),
    (Boxes(phrase="cát nghiền từ đá vôi"), '"cát nghiền từ đá vôi"'),
    (Boxes(none="thanh tra, xử phạt, cát"), '-"thanh tra" -"xử phạt" -cát'),
    (Boxes(near="cầu khánh thành", within="8"), '"cầu khánh thành"~8'),
    (Boxes(title="quy hoạch"), "title:(quy hoạch)"),
    (Boxes(title="NOXH"), "title:NOXH"),
    (Boxes(sections="Quản lý nhà ở"), 'section:"Quản lý nhà ở"'),
    (Boxes(sections="Quản lý nhà ở, Thông báo"), '(section:"Quản lý nhà ở" OR section:"Thông báo")'),
    (Boxes(first="2023-01", last="2024-06"), "date:2023-01..2024-06"),
    (Boxes(first="2024"), "date:2024.."),
    (Boxes(last="2024-03-15"), "date:..2024-03-15"),
    (Boxes(first="2024", last="2024"), "date:2024"),
    (
        Boxes("giá vật liệu", "cát, đá", "xi măng", "thép", "công bố giá", "3", "tháng 9", "Thông báo", "2023", "2024"),
        '(cát OR đá) "xi măng" "công bố giá"~3 -thép title:(tháng 9) section:"Thông báo" date:2023..2024',
    ),
]


@pytest.mark.parametrize(("boxes", "line"), FORMS, ids=lambda part: part if isinstance(part, str) else "")
def test_boxes_write_a_line_that_fills_them_again(boxes: Boxes, line: str) -> None:
    written = line_of(boxes)
    assert written.endswith(line)
    assert boxes_of(written) == boxes
    assert not understand(written, load()).problems


@pytest.mark.parametrize(
    "line",
    [
        "nhà ở OR chung cư",
        "cát AND đá",
        "cát (đá OR (sỏi cát))",
        'title:"quy hoạch chung"',
        "title:(quy)",
        "number:788/QĐ-UBND place:(Mẫu Sơn)",
        "-(cát đá) xi măng",
        '-"cát"',
        '"a b" "c d"',
        '("nhà ở" OR chung)',
        "(title:a OR body:b)",
        "(a OR section:b)",
        "date:mai",
        "Số: 788/QĐ-UBND",
        "nh* cát~",
        'section:"a, b"',
        "section:a section:b",
        "và/hoặc - không?",
    ],
)
def test_no_line_asks_for_something_else_when_it_went_through_the_boxes(line: str) -> None:
    again = line_of(boxes_of(line))
    assert sorted(again.split()) == sorted(line.replace("section:a ", 'section:"a" ').split())
    assert len(line_of(boxes_of(again)).split()) == len(again.split())


@pytest.mark.parametrize(
    ("boxes", "line"),
    [
        (Boxes(all='cát "đá', phrase="xi măng"), 'cát đá "xi măng"'),
        (Boxes(all="cát OR", title="đá"), "cát or title:đá"),
        (Boxes(all="(cát", title="đá"), "cát title:đá"),
        (Boxes(any="OR, (a), title:b"), "(or OR a OR title b)"),
        (Boxes(none="-cát, , (đá)"), "-cát -đá"),
        (Boxes(phrase='a "b" c'), '"a b c"'),
        (Boxes(near="a b", within="x"), '"a b"~5'),
        (Boxes(near="a b", within="99999999999"), '"a b"~5'),
        (Boxes(near="a b", within="0"), '"a b"~1'),
        (Boxes(first="03/2024", last="15/4/2024"), "date:2024-03..2024-04-15"),
    ],
)
def test_signs_in_a_box_break_nothing(boxes: Boxes, line: str) -> None:
    assert line_of(boxes) == line
    assert not understand(line, load()).problems


@pytest.mark.parametrize(
    ("first", "last", "right"),
    [("", "", True), ("2024", "", True), ("2024-05", "2024-03", False), ("mai", "", False), ("13/2024", "", False)],
)
def test_days_that_cannot_be_are_told(first: str, last: str, right: bool) -> None:
    assert Boxes(first=first, last=last).in_order is right
