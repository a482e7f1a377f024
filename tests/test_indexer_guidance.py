"""When are readers told that rules may have changed?"""

from datetime import UTC, date, datetime

import pytest

from indexer.article import Article
from indexer.guidance import may_have_changed

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("title", "year", "told"),
    [
        ("Thủ tục cấp giấy phép xây dựng nhà ở riêng lẻ", 2023, True),
        ("THỦ TỤC CẤP GIẤY PHÉP XÂY DỰNG", 2023, True),
        ("Thủ tục cấp giấy phép xây dựng nhà ở riêng lẻ", 2026, False),
        ("Construction permit procedures for houses", 2020, True),
        ("Khởi công dự án nhà ở xã hội", 2012, False),
        ("Thủ tục cấp giấy phép xây dựng", None, False),
    ],
)
def test_old_guidance_is_told_from_news_and_from_what_has_no_date(title: str, year: int | None, told: bool) -> None:
    published = datetime(year, 3, 12, tzinfo=UTC) if year else None
    assert may_have_changed(Article("", title=title, published=published), TODAY) is told
