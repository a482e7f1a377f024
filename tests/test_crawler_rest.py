"""Are pages that never change left in peace, and is what does change still noticed?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.replica.content import many
from crawler.replica.server import serve
from indexer.store.addresses import LONGEST_REST, rest
from tests.conftest import add_site, one_round

BEGUN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
SHOWN = many(8)


@pytest.mark.parametrize(
    ("same_for", "left_for"),
    [
        (timedelta(0), None),
        (timedelta(hours=9), None),
        (timedelta(days=10), timedelta(days=1)),
        (timedelta(days=100), timedelta(days=10)),
        (timedelta(days=2_000), LONGEST_REST),
    ],
)
def test_a_page_rests_for_a_tenth_of_the_time_it_has_been_the_same(
    same_for: timedelta, left_for: timedelta | None
) -> None:
    until = rest(BEGUN - same_for, BEGUN)
    assert until == (BEGUN + left_for if left_for else None)


def test_pages_at_rest_are_not_asked_for_while_new_ones_are_found_and_changes_seen_in_time(
    tmp_path: Path, set_clock: Callable[[datetime], None]
) -> None:
    home = tmp_path / "data"

    def round_on(day: int, **options: object) -> dict[str, object]:
        set_clock(BEGUN + timedelta(days=day))
        replica.log.clear()
        return one_round(home, replica, **options)

    with serve(shown=SHOWN) as replica:
        add_site(home, replica)
        paths = {urlsplit(replica.address(each.node)).path for each in SHOWN}
        assert round_on(0)["resting"] == 0
        assert paths <= {each.path for each in replica.log}
        assert round_on(50)["resting"] == 0
        replica.edit(3, lead="Một câu mới, để thấy bao giờ thay đổi này được nhận ra.")
        replica.add(many(9)[8])
        third = round_on(52)
        assert (third["new"], third["changed"], third["resting"]) == (1, 0, len(SHOWN))
        assert not paths & {each.path for each in replica.log}
        assert round_on(57)["changed"] == 1
        replica.edit(4, lead="Thay đổi thứ hai được nhận ra ngay khi tải lại toàn bộ.")
        assert round_on(58, full=True)["changed"] == 1
