"""From which newspaper was an article copied?"""

import pytest

from indexer.article import Article
from indexer.reprint import newspaper

OURS = "https://soxd.langson.example.gov.vn/tin/1"


@pytest.mark.parametrize(
    ("author", "last_line", "named"),
    [
        ("Báo Lạng Sơn", "", "Báo Lạng Sơn"),
        ("Theo Báo Xây dựng", "", "Báo Xây dựng"),
        ("PV Báo Nhân Dân", "", "Báo Nhân Dân"),
        ("Lan Anh - Tạp chí Quy hoạch", "", "Tạp chí Quy hoạch"),
        ("TTXVN", "", "TTXVN"),
        ("baotinhnha.example.vn", "", "baotinhnha.example.vn"),
        ("", "(Nguồn: baotinhnha.com)", "baotinhnha.com"),
        ("", "Theo Dân trí", "Dân trí"),
        ("", "Huyền Lê (Theo AFP)", "AFP"),
        ("", "(Nguồn: EPA / TTXVN).", "TTXVN"),
        ("", "Nguồn: Báo điện tử Chính phủ (baochinhphu.vn)", "baochinhphu.vn"),
    ],
)
def test_a_named_newspaper_is_found_in_the_byline_and_in_the_last_lines(
    author: str, last_line: str, named: str
) -> None:
    assert newspaper(Article(OURS, author=author, body=f"Sáng nay khởi công.\n{last_line}")) == named


@pytest.mark.parametrize(
    "line",
    [
        "Theo Nghị định 15/2021/NĐ-CP, hồ sơ gồm ba loại giấy tờ.",
        "Theo đó, các đơn vị đang đẩy nhanh tiến độ để sớm hoàn thành.",
        "Nguồn: Báo cáo môi trường năm 2023",
        "Nguồn: Trung tâm dự báo khí tượng thủy văn",
        "Nguồn: soxd.langson.gov.vn",
        "Nguồn: Văn phòng Sở",
        "Theo Báo cáo của Phòng Quản lý nhà",
    ],
)
def test_a_decree_a_report_or_an_office_is_no_newspaper(line: str) -> None:
    assert newspaper(Article(OURS, body=f"Sáng nay khởi công.\n{line}")) == ""
    assert newspaper(Article(OURS, author="Nguyễn Báo An", body="Sáng nay khởi công.")) == ""


def test_a_source_line_is_looked_for_at_the_end_alone() -> None:
    assert newspaper(Article(OURS, body="Theo Dân trí\nĐoạn hai.\nĐoạn ba.")) == ""


def test_a_newspaper_in_its_own_pages_has_copied_nothing() -> None:
    assert newspaper(Article("https://www.baotinhnha.vn/1", author="baotinhnha.vn")) == ""
