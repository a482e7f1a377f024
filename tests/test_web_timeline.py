"""When was it written about?"""

from itertools import pairwise

import pytest

from web.timeline import LOWEST, MOST_MONTHS, Row, draw


def months(first: int, last: int) -> list[Row]:
    return [(f"{year}-{month:02}", 1, 4) for year in range(first, last + 1) for month in range(1, 13)]


def test_hits_stand_in_front_of_the_archive_s_own_volume() -> None:
    drawn = draw([("2023-11", 0, 4), ("2023-12", 2, 8), ("2024-01", 8, 8), ("", 3, 5)])
    assert drawn
    assert [(bar.hits_height, bar.everything_height) for bar in drawn.bars] == [(0, 50), (25, 100), (100, 100)]
    assert drawn.found == "M10 100v-25h8v25zM20 100v-100h8v100z"
    assert drawn.volume.startswith("M0 100v-50h8v50z") and drawn.width == 30
    assert (drawn.hits, drawn.undated.hits, drawn.undated.everything) == (10, 3, 5)
    assert (drawn.undated.hits_height, drawn.undated.everything_height) == (37.5, 62.5)
    assert drawn.peak and drawn.peak.span == "2024-01"


def test_a_single_article_among_thousands_is_still_seen() -> None:
    drawn = draw([("2024-01", 1, 10), ("2024-02", 500, 5000), ("2024-03", 0, 0)])
    assert drawn and [bar.hits_height for bar in drawn.bars] == [LOWEST, 50, 0]


@pytest.mark.parametrize(("hits", "times"), [(0, 1), (1, 50), (2, 20), (7, 10), (30, 2), (80, 1), (100, 1)])
def test_few_hits_are_drawn_taller_by_a_round_number(hits: int, times: int) -> None:
    drawn = draw([("2024-01", hits, 100)])
    assert drawn and drawn.enlarged == times


@pytest.mark.parametrize("rows", [[], [("", 2, 3)]])
def test_without_a_dated_article_nothing_is_drawn(rows: list[Row]) -> None:
    assert draw(rows) is None


def test_without_hits_there_is_no_peak() -> None:
    drawn = draw([("2024-01", 0, 3)])
    assert drawn and drawn.peak is None


@pytest.mark.parametrize(("first", "last"), [(2024, 2024), (2012, 2025), (1990, 2025)])
def test_labels_fit_beside_each_other_on_a_desktop_and_on_a_phone(first: int, last: int) -> None:
    drawn = draw(months(first, last))
    assert drawn
    wide, narrow = drawn.labels, [label for label in drawn.labels if not label.minor]
    assert 1 <= len(narrow) <= 5 and len(wide) <= 16
    assert all(right.x - left.x >= 4.5 for left, right in pairwise(wide))
    assert all(label.x <= 91 for label in narrow)


def test_a_first_year_of_one_month_gives_its_place_to_the_next() -> None:
    drawn = draw([("2019-12", 1, 1), *months(2020, 2025)])
    assert drawn and drawn.labels[0].year == "2020"


def test_the_table_holds_each_year_s_months() -> None:
    drawn = draw([("2023-12", 2, 2), ("2024-01", 3, 3)])
    assert drawn and dict(drawn.years) == {"2023": (0,) * 11 + (2,), "2024": (3,) + (0,) * 11}
    assert (drawn.first, drawn.last) == ("2023", "2024")


def test_a_very_long_archive_is_drawn_by_years() -> None:
    rows = months(1900, 2025)
    assert len(rows) > MOST_MONTHS
    drawn = draw(rows)
    assert drawn and len(drawn.bars) == 126
    assert drawn.bars[0].span == "1900" and drawn.bars[0].hits == 12
    assert drawn.years[0] == ("1900", (12,))


def test_more_undated_articles_than_any_month_has_fill_their_own_bar() -> None:
    drawn = draw([("2024-01", 1, 2), ("", 2, 40)])
    assert drawn and (drawn.undated.hits_height, drawn.undated.everything_height) == (5, 100)
