"""Is a round's pace told truly, and its end only when it can be known?"""

import pytest

from crawler.tempo import WINDOW, Look, Tempo, lately, tempo


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ([], Tempo()),
        ([Look(0, 0, 100)], Tempo()),
        ([Look(0, 0, 100), Look(5, 5, 95)], Tempo()),  # too early
        ([Look(0, 0, 100), Look(60, 40, 60)], Tempo(40.0, 90)),
        ([Look(0, 0, 10), Look(60, 40, 200)], Tempo(40.0, None)),  # its lists bring more than is taken
        ([Look(0, 0, 100), Look(60, 40, 63)], Tempo(40.0, 94)),  # a few more pages do no harm
        ([Look(0, 40, 60), Look(60, 40, 60)], Tempo()),  # it stands still
        ([Look(0, 0, 40), Look(60, 40, 0)], Tempo(40.0, 0)),
    ],
)
def test_pace_and_remainder(looks: list[Look], told: Tempo) -> None:
    assert tempo(looks) == told


def test_only_the_last_minutes_count() -> None:
    looks = [Look(second, second, 0) for second in range(0, 400, 50)]
    assert [each.second for each in lately(looks)] == [250, 300, 350]
    assert lately(looks)[0].second >= 350 - WINDOW and lately([]) == []
