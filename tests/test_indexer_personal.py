"""Is personal data told from what only looks so, and hidden without moving a letter?"""

import json
from pathlib import Path

import pytest

from indexer.article import Article, Attachment
from indexer.personal import masked, screen, veiled
from tests.bench.people_pages import WITH, WITHOUT, pages
from tests.bench.personal import SEED, flagged, recall

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())["personal"]
LIST = "\n".join(f"{at} | {name} | {1950 + at} | Tam Thanh" for at, name in enumerate(
    ("Nông Văn Thử", "Hứa Thị Mẫu", "Vi Văn Giả", "Lê Lan", "GIÀNG A PÁO"), start=1))  # fmt: skip
BIRTH = "Bà Hứa Thị Mẫu, sinh ngày 03/04/1975"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ông Nông Văn Thử, CCCD số 020080001234", ["id"]),
        ("Nông Văn Thử 020080001234", ["id"]),
        ("Giấy CMND số: 080 123 456", ["id"]),
        ("Hộ chiếu số B1234567", ["id"]),
        ("Chị Hoa: 0912.345.678", ["phone"]),
        ("Phòng Hành chính (gặp chị Yến: 0912 345 678)", ["phone"]),
        ("Nhà riêng chủ hộ: 0205 3812 345", ["phone"]),
        ("STK 0491000123456 Vietcombank, Nông Văn Thử", ["account"]),
        (BIRTH, ["birth"]),
        ("Họ và tên: Nông Văn Thử\nNgày sinh: 3 tháng 4 năm 1975", ["birth"]),
        ("Gửi bà Hứa Thị Mẫu, email: mau.75@gmail.com", ["email"]),
        (LIST, ["people"]),
        ("Đường dây nóng: 0912 345 678", []),
        ("Sở Xây dựng, điện thoại (0205) 3812 345, 0912345678, fax 0205 3812 346", []),
        ("Tổng đài 1900 1234", []),
        ("Mã số thuế: 0312345678; mã hồ sơ 000.00.19.H37-240103-0001", []),
        ("Tổng mức đầu tư 125.000.000.000 đồng, dự phòng 123456789 đồng", []),
        ("Số tài khoản 3751.0.1089173 tại Kho bạc Nhà nước", []),
        ("Quyết định 788/QĐ-UBND ngày 12/03/1980, ông Nông Văn Thử ký", []),
        ("Tọa độ 21.853056, 106.761111; ISBN 978-604-1-12345-6", []),
        ("\n".join(LIST.splitlines()[:4]), []),
        ("Email: soxd@gmail.com", []),
        ("", []),
    ],
)
def test_each_rule_by_its_example(text: str, kinds: list[str]) -> None:
    assert [each.kind for each in screen(text)] == kinds


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Ông Nông Văn Thử, CCCD 020080001234.", "Ông Nông Văn Thử, CCCD 0200••••••34."),
        ("Chị Hoa: 0912.345.678", "Chị Hoa: 0912.•••.•78"),
        (BIRTH, "Bà Hứa Thị Mẫu, sinh ngày ••/••/1975"),
        ("Bà Hứa Thị Mẫu: mau.75@gmail.com", "Bà Hứa Thị Mẫu: ma••••@gmail.com"),
        ("Giá cát 125.000 đồng/m3", "Giá cát 125.000 đồng/m3"),
    ],
)
def test_what_is_hidden_leaves_every_letter_in_its_place(text: str, hidden: str) -> None:
    assert masked(text) == hidden and masked(hidden) == hidden


def test_an_article_leaves_with_the_numbers_of_all_its_texts_hidden() -> None:
    number = "Chị Hoa: 0912345678"
    file = Attachment("http://soxd.replica.test/a.pdf", "a.pdf", text=number)
    told = veiled(Article("http://soxd.replica.test/1", number, number, number, (number,), (file,)))
    texts = (told.title, told.lead, told.body, *told.captions, told.attachments[0].text)
    assert set(texts) == {"Chị Hoa: 0912••••78"}


def test_the_screen_finds_as_much_as_it_did_and_is_not_alarmed_oftener() -> None:
    good, bad = pages(SEED, 60, WITH), pages(SEED, 140, WITHOUT)
    assert recall(good) >= FLOORS["recall"]
    assert flagged(good) >= FLOORS["pages"]
    assert flagged(bad) <= FLOORS["false_alarms"]


def test_a_long_line_is_read_as_far_as_it_counts() -> None:
    for part in ("0" * 50, "0912345678 ", "020080001234 | ", "Nguyễn ", "sinh ngày 1/1/1980 ", "a@", "(0"):
        screen(part * 500)
