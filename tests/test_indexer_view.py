"""What do searches keep of a generation?  No more than its bound, however little each thing holds."""

import numpy as np

from indexer.article import Article
from indexer.ranking import Held
from indexer.view import BESIDE, MOST_KEPT, view_of
from tests.conftest import Archive


def test_things_that_hold_nothing_are_forgotten_as_well(archive: Archive) -> None:
    """Millions of made-up words find nothing; each takes its place all the same."""
    archive.put(Article("http://x/1", title="Cát"))
    view, nothing = view_of(archive.engine.columns()), Held(np.empty(0, dtype=np.int64), np.empty(0))
    for number in range(MOST_KEPT // BESIDE + 100):
        view.held(f"made-up {number}", lambda: nothing)
    assert len(view.kept) <= MOST_KEPT // BESIDE
    assert "made-up 0" not in view.kept and f"made-up {number}" in view.kept
