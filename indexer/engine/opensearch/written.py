"""How is one index of the cluster written?  In bulks that may be written twice, then the state that they amount to.

A writer that was killed has written documents and no state: the next one writes the same again. Every document carries
how far its writer had come as its version, so that a writer who lost his turn and goes on late overwrites nothing.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.engine import Document, State
from indexer.engine.built import state_of, state_told
from indexer.engine.columns import IndexMissingError
from indexer.engine.opensearch.connect import DISORDERED, Cluster, ConflictError, proved, told_lines
from indexer.engine.shape import KEPT, body_of, document_of
from indexer.errors import NotNowError

# What is sent in one piece: some hundred articles, as few as keep the cluster's memory small.
MOST_CHARACTERS = 4_000_000
# What is read in one piece.
SLICE = 500
SECONDS_TO_REFRESH = 60.0

Told = tuple[State, int, int]  # a state, and what tells whether somebody wrote another in between


@dataclass(frozen=True, slots=True)
class Written:
    """One index: its name, and where its state is kept."""

    cluster: Cluster
    name: str
    states: str

    @property
    def door(self) -> str:
        """Under which name it is written: an alias, so that what was deleted does not come into being again, unbidden
        and without our fields."""
        return f"{self.name}-door"

    def told(self) -> Told | None:
        """The state, as it was written last."""
        with contextlib.suppress(IndexMissingError):
            found = self.cluster.ask("GET", f"/{self.states}/_doc/{self.name}", params={"preference": "_primary"})
            return state_of(found["_source"]), found["_seq_no"], found["_primary_term"]
        return None

    def state(self) -> State | None:
        told = self.told()
        return told[0] if told else None

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> int:
        before = self.told()
        written = self.send(documents, removed, state)
        if written is not None:
            self.refresh()
        self.tell(state, before)
        return written or 0

    def send(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> int | None:
        """Write, so that nobody sees it before `refresh`; how many documents, None when there was nothing at all."""
        version = sum(state.lanes.values())
        written, lines, size = 0, list[str](), 0
        sent = False
        for each in documents:
            lines += told_lines("index", each.id, version, body_of(each))
            written, size = written + 1, size + len(lines[-1])
            if size > MOST_CHARACTERS:
                self.cluster.bulk(f"/{self.door}", lines)
                lines, size, sent = [], 0, True
        for number in removed:
            lines += told_lines("delete", number, version)
        if lines:
            self.cluster.bulk(f"/{self.door}", lines)
        return written if sent or lines else None

    def refresh(self) -> None:
        """From now on what was written is found, by whichever copy is asked."""
        proved_copies(self.cluster.ask("POST", f"/{self.name}/_refresh", seconds=SECONDS_TO_REFRESH))

    def tell(self, state: State, before: Told | None) -> None:
        """Say how far it has come. Raises ConflictError when another writer has said so meanwhile."""
        unless = {"if_seq_no": before[1], "if_primary_term": before[2]} if before else {"op_type": "create"}
        path, told = f"/{self.states}/_doc/{self.name}", state_told(state)
        try:
            self.cluster.ask("PUT", path, told, {**unless, "refresh": "true"})
        except ConflictError:  # our own, when the answer to the first try was lost
            if self.state() != state:
                raise

    def fill(self, documents: Iterable[Document], state: State) -> int:
        return self.write(documents, (), state)

    def take_over(self, held: Iterable[Document], state: State) -> None:
        self.fill(held, state)

    def held(self) -> Iterator[Document]:
        """All documents, as they were when the reading began."""
        for hit in self.read(list(KEPT)):
            yield document_of(hit["_source"])

    def numbers(self) -> set[int]:
        """The numbers of all articles that it holds."""
        return {int(hit["_id"]) for hit in self.read(False, 10_000)}

    def read(self, source: Any, size: int = SLICE) -> Iterator[Mapping[str, Any]]:
        """All documents in the order of their numbers, over one point in time."""
        opened = self.cluster.ask("POST", f"/{self.name}/_search/point_in_time", params={"keep_alive": "5m"})
        asked = {"size": size, "sort": [{"id": "asc"}], "_source": source, "track_total_hits": False}
        asked["pit"] = {"id": opened["pit_id"], "keep_alive": "5m"}
        try:
            while hits := self.cluster.search("/_search", asked)["hits"]["hits"]:
                yield from hits
                asked["search_after"] = hits[-1]["sort"]
        finally:
            with contextlib.suppress(NotNowError):  # it ends by itself
                self.cluster.ask("DELETE", "/_search/point_in_time", {"pit_id": [opened["pit_id"]]})

    def size(self) -> int:
        return int(proved(self.cluster.ask("GET", f"/{self.name}/_count"))["count"])


def proved_copies(told: Any) -> None:
    """Raises NotNowError when a copy of a shard that is there did not do what was asked."""
    if told["_shards"]["failed"]:
        raise NotNowError(DISORDERED, problem=f"{told['_shards']['failed']} shards")
