"""What do readers see of one generation?  The documents that are shown, and what searches worked out about its terms.

What a term weighs in each document depends on the statistics of what is shown; it is worked out when a question first
asks for the term, and kept, up to a bound, until other documents are shown.
"""

import threading
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakSet

from indexer.engine.columns import Columns
from indexer.engine.places import Mask
from indexer.ranking import Held, Scores, Weights, zone_factors
from indexer.store import Store
from indexer.store.departments import Departments

MOST_KEPT = 48_000_000  # bytes; the common syllables of 20,000 articles take about half
BESIDE = 1_300  # bytes, as measured, that a name and two arrays take beside what they hold, however little that is


class Whole(NamedTuple):
    """Of an archive whose columns hold only some articles: how many are shown, and how long zones usually are."""

    size: int
    usual: Scores


class View:
    """One generation with what is shown of it; shared by the threads of a process."""

    def __init__(
        self,
        columns: Columns,
        shown: Mask,
        weights: Weights | None = None,
        store: Store | None = None,
        departments: Departments = (),
        whole: Whole | None = None,
    ) -> None:
        self.columns, self.shown, self.store, self.departments = columns, shown, store, departments
        self.size = whole.size if whole else int(shown.sum())
        self.weights = weights or Weights()
        self.factor: Scores = zone_factors(columns.lengths, shown, self.weights, whole.usual if whole else None)
        self.kept: dict[Hashable, Held] = {}
        self.room = MOST_KEPT
        self.lock = threading.Lock()

    def held(self, name: Hashable, work_out: Callable[[], Held]) -> Held:
        """What is kept under a name, else what ``work_out`` gives."""
        known = self.kept.get(name)
        if known is None:
            known = work_out()
            if known.nbytes < MOST_KEPT // 8:
                self.keep(name, known)
        return known

    def forget(self) -> None:
        """Give up what is kept; it can be worked out again."""
        with self.lock:
            self.kept.clear()
            self.room = MOST_KEPT

    def keep(self, name: Hashable, held: Held) -> None:
        """Keep it; what was kept first makes room."""
        with self.lock:
            if name not in self.kept:
                self.kept[name] = held
                self.room -= held.nbytes + BESIDE
            while self.room < 0:
                self.room += self.kept.pop(next(iter(self.kept))).nbytes + BESIDE


# Those that somebody still holds. One is asked for long, the newest: what the others keep would come on top of it with
# every article that is hidden or shown again.
alive: "WeakSet[View]" = WeakSet()


@lru_cache(maxsize=4)  # an old and a new generation may be asked side by side
def view_of(
    columns: Columns, hidden: frozenset[int] = frozenset(), store: Store | None = None, departments: Departments = ()
) -> View:
    """What readers see of a generation: all live documents but the hidden ones. Without a store it is not known what no
    column holds (see indexer/filters.py)."""
    for each in list(alive):
        each.forget()
    made = View(columns, columns.showing(hidden), store=store, departments=departments)
    alive.add(made)
    return made
