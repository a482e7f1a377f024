"""What is a generation that an engine on other machines holds?  It stands where columns stand, and holds no arrays.

Whatever asks it for an array is told that this cannot be answered now: nothing is answered wrongly for want of one.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np

from indexer.engine import State
from indexer.engine.columns import Columns
from indexer.engine.opensearch.connect import Cluster, disordered, proved
from indexer.engine.opensearch.written import Written
from indexer.engine.places import ZONES
from indexer.errors import NotNowError
from indexer.ranking import Weights
from indexer.store import Store
from indexer.store.departments import Departments
from indexer.view import View, Whole

log = logging.getLogger("khotin.index")
Body = Mapping[str, Any]
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
NOT_HERE = (
    "This needs the words of the whole archive on one machine; with an index in a search cluster it is not offered. "
    "Searching, narrowing, counting and taking away are."
)
# Statistics are those of all shards together, else the same article would weigh more in one than in another.
WHOLE = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}
# A question that the cluster does not understand is our mistake; readers are told to wait all the same.
BAD_REQUEST, MOST_TOLD = 400, 2_000
# So many values a server takes in one list, unless it is told otherwise.
MOST_LISTED = 65_536
# So many numbers and terms of answers are remembered of a generation, some ten megabytes.
MOST_KEPT = 100_000


class Far(Columns):
    """One generation: the name of its index, and how far that had come when it was looked at."""

    def __init__(self, cluster: Cluster, name: str, state: State, generation: str) -> None:
        self.cluster, self.name, self.generation = cluster, name, generation
        self.lesson, self.lanes = state.lesson, state.lanes
        self.kept: dict[bytes, Any] = {}  # what was asked before; nothing changes within a generation
        self.room = MOST_KEPT

    def __getattr__(self, name: str) -> Any:
        raise NotNowError(NOT_HERE)

    def ask(self, bodies: Sequence[Body]) -> list[Any]:
        """The answers to some searches, asked at once. Raises NotNowError when one of them is not whole."""
        if not bodies:
            return []
        # the same copies are asked again, whose statistics are alike: else an article may come on two pages
        head = json.dumps({**WHOLE, "preference": self.generation})
        lines = "".join(f"{head}\n{json.dumps(each, ensure_ascii=False)}\n" for each in bodies)
        told = self.cluster.ask("POST", f"/{self.name}/_msearch", lines)
        return [answer_of(each) for each in told["responses"]]

    def remembered(
        self, names: Sequence[str], questions: Sequence[Asked], ask: Callable[[Sequence[Asked]], Sequence[Answer]]
    ) -> list[Answer]:
        """The answers to some questions, each by its name; only what was never asked in this generation is asked."""
        marks, kept = list(map(mark_of, names)), self.kept
        known = {mark: kept[mark] for mark in marks if mark in kept}
        if fresh := {mark: each for mark, each in zip(marks, questions, strict=True) if mark not in known}:
            told = dict(zip(fresh, ask(list(fresh.values())), strict=True))
            self.keep(told)
            known |= told
        return [known[mark] for mark in marks]

    def keep(self, told: Mapping[bytes, Any]) -> None:
        """Remember some answers, and none from before when that would be too much."""
        more = sum(1 + len(each) if isinstance(each, list) else 1 for each in told.values())
        if more > self.room:
            self.kept, self.room = {}, MOST_KEPT  # a new one: another thread may be reading that from before
        self.kept.update(told)
        self.room -= more

    @property
    def held(self) -> int:
        return self.size

    @cached_property
    def size(self) -> int:
        """How many articles it holds."""
        return int(self.ask([{"size": 0, "track_total_hits": True}])[0]["hits"]["total"]["value"])


def mark_of(question: str) -> bytes:
    """What an answer is remembered by: questions may be long."""
    return blake2b(question.encode(), digest_size=16).digest()


def answer_of(told: Any) -> Any:
    if "error" in told:
        if told.get("status") == BAD_REQUEST:
            log.error("The search cluster does not take what it was asked: %s", json.dumps(told["error"])[:MOST_TOLD])
        raise disordered(told["error"]["type"])
    return proved(told)


def reading(written: Written) -> Far:
    """What readers search of an index: its present state. Raises IndexMissingError when it says none."""
    from indexer.engine.columns import IndexMissingError

    told = written.told()
    if told is None:
        raise IndexMissingError("There is no index yet. Make it with `khotin index rebuild`.")
    return Far(written.cluster, written.name, told[0], f"{written.name}-{told[1]}-{told[2]}")


class FarView(View):
    """What readers see of it: all but the hidden articles."""

    def __init__(
        self,
        far: Far,
        hidden: frozenset[int],
        store: Store | None,
        departments: Departments = (),
        weights: Weights | None = None,
    ) -> None:
        self.columns, self.far, self.hidden, self.store, self.departments = far, far, hidden, store, departments
        self.weights = weights or Weights()

    def __getattr__(self, name: str) -> Any:
        raise NotNowError(NOT_HERE)

    @cached_property
    def whose(self) -> str:
        """What tells the readers of this view from those to whom other articles are hidden."""
        return mark_of(repr(sorted(self.hidden))).hex() if self.hidden else "all"

    @cached_property
    def shown_only(self) -> list[dict[str, Any]]:
        """The clauses that leave out what is hidden."""
        numbers = sorted(self.hidden)
        parts = [numbers[first : first + MOST_LISTED] for first in range(0, len(numbers), MOST_LISTED)]
        return [{"bool": {"must_not": [{"terms": {"id": part}} for part in parts]}}] if parts else []

    @cached_property
    def whole(self) -> Whole:
        """How many articles are shown, and how long their zones usually are."""
        lengths = {zone: {"avg": {"field": f"length_{zone}"}} for zone in ZONES}
        body = {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": self.shown_only}}, "aggs": lengths}
        told = self.far.ask([body])[0]
        usual = [max(told["aggregations"][zone]["value"] or 1, 1) for zone in ZONES]
        return Whole(int(told["hits"]["total"]["value"]), np.array(usual))

    @cached_property
    def size(self) -> int:  # type: ignore[override]
        return self.whole.size


@lru_cache(maxsize=4)  # an old and a new generation may be asked side by side
def far_view(far: Far, hidden: frozenset[int], store: Store, departments: Departments = ()) -> FarView:
    return FarView(far, hidden, store, departments)
