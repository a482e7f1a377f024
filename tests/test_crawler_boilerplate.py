"""Are lines that stand on most of a site's articles told from what the articles say?"""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.boilerplate import shared_lines
from crawler.replica.content import many
from crawler.replica.server import serve
from indexer.store import articles, open_store
from tests.conftest import add_site, kept_articles, one_round

NOTICE = "Trang này được cập nhật hằng ngày, mời bạn đọc theo dõi."
SHOWN = [replace(each, body=f"{each.body}\n\n{NOTICE}", author="") for each in many(12)]


def texts(count: int, *lines: str) -> list[str]:
    return ["\n".join((f"Câu riêng của bài số {number}.", *lines)) for number in range(count)]


@pytest.mark.parametrize(
    ("given", "shared"),
    [
        (texts(10, NOTICE), {NOTICE}),
        (texts(9, NOTICE), set()),
        (texts(7, NOTICE) + texts(3), {NOTICE}),
        (texts(6, NOTICE) + texts(4), set()),
        (texts(10, "Đơn vị tính | đồng"), set()),
        (texts(10, "Vũ Thị Hạ - Văn phòng Sở"), set()),
        (texts(10, "Một đoạn dài. " * 20), set()),
        ([], set()),
    ],
)
def test_a_line_is_shared_when_most_of_many_articles_hold_it(given: list[str], shared: set[str]) -> None:
    assert shared_lines(given) == shared


def test_a_line_on_most_articles_is_left_out_of_all_and_makes_no_new_version(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with serve(shown=SHOWN) as replica:
        add_site(home, replica)
        one_round(home, replica)
        learnt = {each.id: each.article for each in kept_articles(home)}
        assert len(learnt) == len(SHOWN)
        assert not [each for each in learnt.values() if NOTICE in each.body]
        assert all("Hồ sơ lưu số" in each.body for each in learnt.values())
        replica.edit(1, title="Một đầu đề khác của bài viết thứ nhất")
        again = one_round(home, replica)
    assert (again["changed"], again["new"]) == (1, 0)
    assert not [each for each in kept_articles(home) if NOTICE in each.article.body]
    store = open_store(home)
    with store.read() as connection:
        kept = {each.id: articles.history(connection, each.id) for each in kept_articles(home)}
    store.close()
    assert sorted(map(len, kept.values())) == [1] * (len(SHOWN) - 1) + [2]
    assert not [each for every in kept.values() for each in every if NOTICE in each.body]
