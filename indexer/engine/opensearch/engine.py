"""The index of one archive in an OpenSearch cluster: which index is published, how another takes its place.

An alias names the published index; each index's state stands in a small index beside them. Whoever writes holds a lease
of the store, so that there is one writer over all hosts.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from indexer import clock
from indexer.afar.far import reading
from indexer.engine import Document, State
from indexer.engine.built import state_told
from indexer.engine.columns import Columns, IndexMissingError
from indexer.engine.opensearch import forgetting, mapping
from indexer.engine.opensearch.connect import PAUSES, Cluster, cluster_of
from indexer.engine.opensearch.copied import Copy
from indexer.engine.opensearch.written import Written
from indexer.errors import NotNowError
from indexer.settings import Settings
from indexer.speech import say
from indexer.store import Store
from indexer.turns import turn

# A replaced index is kept so long for those who still read it page by page.
KEPT_SECONDS = 600.0


class OpenSearchEngine:
    """The index of one archive in the cluster that the settings name."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.alias, self.states = settings.opensearch_prefix, f"{settings.opensearch_prefix}-state"
        self.copy = Copy()
        self.proved: set[Any] = set()

    @property
    def cluster(self) -> Cluster:
        """For whoever writes, or reads all that there is: a busy cluster is waited for."""
        return cluster_of(self.settings, PAUSES)

    @property
    def asked(self) -> Cluster:
        """For a question, which a busy cluster refuses at once: somebody waits for the page."""
        return cluster_of(self.settings)

    @property
    def path(self) -> Path:
        return self.store.index

    # which index

    def published(self, cluster: Cluster | None = None) -> Written:
        """Raises IndexMissingError when there is none."""
        cluster = cluster or self.cluster
        return Written(cluster, max(cluster.ask("GET", f"/_alias/{self.alias}")), self.states)

    def written(self, name: str) -> Written:
        return Written(self.cluster, name, self.states)

    def state(self) -> State | None:
        try:
            return self.published(self.asked).state()
        except IndexMissingError:
            return None

    def stamp(self) -> object:
        """What tells one published state from the next."""
        try:
            found = self.published(self.asked)
            told = found.told()
        except IndexMissingError:
            return None
        return (found.name, *told[1:]) if told else None

    # writing

    def writing(self) -> AbstractContextManager[None]:
        return turn(self.store, f"index {self.alias} writing")

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> int:
        done = self.published().write(documents, removed, state)
        self.clean()
        return done

    @contextmanager
    def aside(self) -> Iterator[Written]:
        with turn(self.store, f"index {self.alias} rebuilding"):
            self.clean(asides=True)
            written = self.create()
            try:
                yield written
            finally:
                if written.name != self.name_published():
                    self.remove(written.name)

    def create(self) -> Written:
        self.cluster.ask("PUT", "/_cluster/settings", mapping.OF_THE_CLUSTER)
        self.make(self.states, mapping.states_of())
        used = [int(name.rpartition("-")[2]) for name in self.names()]
        written = self.written(f"{self.alias}-{max(used, default=0) + 1:04}")
        self.make(written.name, {**mapping.index_of(self.settings), "aliases": {written.door: {}}})
        return written

    def make(self, name: str, told: Any) -> None:
        """Make an index that is not there; its shards are started when this returns."""
        from opensearchpy import exceptions

        try:
            made = self.cluster.ask("PUT", f"/{name}", told, {"timeout": "30s"}, seconds=60)
        except exceptions.RequestError as problem:
            if problem.error != "resource_already_exists_exception":
                raise
        else:
            if not made["shards_acknowledged"]:
                raise NotNowError("The search cluster has no room for a new index; see that all of its nodes run.")

    def swap(self, aside: Written, state: State) -> None:
        aside.tell(state, aside.told())
        aside.refresh()
        before = self.name_published()
        actions = [{"add": {"index": aside.name, "alias": self.alias}}]
        if before:
            actions.append({"remove": {"index": before, "alias": self.alias}})
        self.cluster.ask("POST", "/_aliases", {"actions": actions}, seconds=60)  # both or none
        if before:
            self.leave(before)

    def leave(self, name: str) -> None:
        """Note when an index was replaced; it is removed when nobody reads it any more."""
        written = self.written(name)
        if told := written.state():
            body = {**state_told(told), "left_at": clock.now().timestamp()}
            self.cluster.ask("PUT", f"/{self.states}/_doc/{name}", body, {"refresh": "true"})

    def clean(self, asides: bool = False, at_once: bool = False) -> None:
        """Remove what was replaced a while ago, and, when no other is being made, what a killed rebuild has left."""
        published = self.name_published()
        for name in self.names():
            left = self.left_at(name)
            gone = left is not None and (at_once or not 0 <= clock.now().timestamp() - left < KEPT_SECONDS)
            if name != published and (gone or (asides and left is None)):
                self.remove(name)

    def left_at(self, name: str) -> float | None:
        with contextlib.suppress(IndexMissingError):
            found = self.cluster.ask("GET", f"/{self.states}/_doc/{name}", params={"preference": "_primary"})
            at: float | None = found["_source"].get("left_at")
            return at
        return None

    def remove(self, name: str) -> None:
        with contextlib.suppress(IndexMissingError):
            self.cluster.ask("DELETE", f"/{self.states}/_doc/{name}", params={"refresh": "true"})
        with contextlib.suppress(IndexMissingError):
            self.cluster.ask("DELETE", f"/{name}", seconds=60)

    def names(self) -> list[str]:
        """All indexes of this archive, oldest first."""
        found = self.cluster.ask("GET", f"/_cat/indices/{self.alias}-*", params={"format": "json", "h": "index"})
        own = (each["index"] for each in found)
        return sorted(name for name in own if name.removeprefix(f"{self.alias}-").isdecimal())

    def name_published(self) -> str | None:
        try:
            return self.published().name
        except IndexMissingError:
            return None

    def forget(self, numbers: Collection[int]) -> None:
        with turn(self.store, f"index {self.alias} rebuilding"), self.writing():
            self.clean(asides=True, at_once=True)
            forgetting.forget(self.published(), numbers)

    # reading

    def columns(self) -> Columns:
        """All that is published, copied to this machine: for learning, and for what is not asked of the cluster."""
        return self.copy.columns(self.published())

    def reading(self) -> Columns:
        return reading(self.published(self.asked))

    def numbers(self) -> set[int]:
        return self.published().numbers()

    def size(self) -> int:
        return self.published().size()

    # looking after it

    def check(self) -> list[str]:
        """Nothing here is damaged unseen: the cluster proves its files itself. Raises NotNowError when a shard is lost;
        copies that are missing are asked for once more (the cluster gives up after some tries)."""
        try:
            written = self.published()
        except IndexMissingError as problem:
            return [str(problem)]
        written.size()
        if self.colour(written.name) != "green":
            self.mend()
        return [] if written.state() else [say("The index does not say how far it has come.")]

    def colour(self, name: str) -> str:
        return str(self.cluster.ask("GET", f"/_cluster/health/{name}")["status"])

    def mend(self) -> None:
        self.cluster.ask("POST", "/_cluster/reroute", params={"retry_failed": "true", "metric": "none"})

    def looks(self) -> dict[str, object]:
        return {}

    def prove(self) -> None:
        """Nothing is to be read before: the files are on other machines."""

    def is_untidy(self) -> bool:
        """Never: the cluster merges its pieces by itself."""
        return False
