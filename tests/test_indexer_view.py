"""What do searches keep of a generation?  No more than its bound, however little each thing holds."""

import numpy as np

from indexer.article import Article
from indexer.ranking import Held
from indexer.view import BESIDE, MOST_KEPT, view_of
from tests.conftest import Archive

NOTHING = Held(np.empty(0, dtype=np.int64), np.empty(0))


def test_things_that_hold_nothing_are_forgotten_as_well(archive: Archive) -> None:
    """Millions of made-up words find nothing; each takes its place all the same."""
    archive.put(Article("http://x/1", title="Cát"))
    view = view_of(archive.engine.columns())
    for number in range(MOST_KEPT // BESIDE + 100):
        view.held(f"made-up {number}", lambda: NOTHING)
    assert len(view.kept) <= MOST_KEPT // BESIDE
    assert "made-up 0" not in view.kept and f"made-up {number}" in view.kept


def test_one_view_alone_keeps_what_was_worked_out_however_often_articles_are_hidden(archive: Archive) -> None:
    archive.put(Article("", title="Cát", external_id="1"), Article("", title="Đá", external_id="2"))
    columns, views = archive.engine.columns(), []
    for hidden in (frozenset[int](), frozenset({1}), frozenset({2})):
        views.append(view_of(columns, hidden))
        for number in range(10):
            views[-1].held(f"made-up {number}", lambda: NOTHING)
    assert [len(each.kept) for each in views] == [0, 0, 10]
    assert views[0].room == MOST_KEPT
