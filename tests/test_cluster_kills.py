"""What if a node of the cluster is killed?  Nobody reads a wrong answer, nothing is lost, what cannot be is told so."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from indexer.engine import Document
from indexer.engine.opensearch.engine import OpenSearchEngine
from indexer.errors import NotNowError
from indexer.store import Store
from tests.servers.opensearch import Cluster, Node, settings_for
from tests.test_indexer_engine import document, rebuild, state

pytestmark = pytest.mark.cluster

ALL_HOLD = "cát"  # every document has it
SECONDS_UNTIL_WRITTEN = 120.0


@pytest.fixture
def engine(cluster: Cluster, store: Store) -> OpenSearchEngine:
    return OpenSearchEngine(settings_for(cluster, store.home, opensearch_shards=3), store)


def text(number: int) -> Document:
    return document(number, f"{ALL_HOLD} số {number}")


def total(engine: OpenSearchEngine) -> int:
    """How many hold the word that all hold."""
    asked = {"size": 0, "track_total_hits": True, "query": {"term": {"all_written": ALL_HOLD}}}
    return int(engine.cluster.search(f"/{engine.alias}/_search", asked)["hits"]["total"]["value"])


@dataclass
class Load:
    """One who writes and two who search, all the time; each refusal and each answer is noted."""

    engine: OpenSearchEngine
    tried: int = 0
    written: int = 0
    answers: int = 0
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        while not self.ended.is_set():
            self.tried = self.written + 1
            if self.whole(lambda: self.engine.write([text(self.tried)], (), state(self.tried))) is not None:
                self.written = self.tried

    def search(self) -> None:
        while not self.ended.is_set():
            before, found = self.written, self.whole(lambda: total(self.engine))
            if found is not None:
                self.answers += 1
                if found < before or found > self.tried:
                    self.wrong.append(f"{found} found, {before} written, {self.tried} tried")
            time.sleep(0.02)

    def whole(self, work: Callable[[], int]) -> int | None:
        """Do it; a refusal in our own words is noted, anything else is wrong."""
        try:
            return work()
        except NotNowError as problem:
            self.refused.append(str(problem))
            time.sleep(0.2)
        except Exception as problem:
            self.wrong.append(repr(problem))
        return None

    def goes_on(self) -> float:
        """Until something new was written and a search answered; how long that took."""
        began, written, answers = time.monotonic(), self.written, self.answers
        while self.written == written or self.answers == answers:
            assert time.monotonic() - began < SECONDS_UNTIL_WRITTEN, (self.refused[-1:], self.wrong)
            time.sleep(0.05)
        return time.monotonic() - began


@contextmanager
def loaded(engine: OpenSearchEngine) -> Iterator[Load]:
    load = Load(engine)
    threads = [threading.Thread(target=each) for each in (load.write, load.search, load.search)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.ended.set()
        for thread in threads:
            thread.join()


def settled(cluster: Cluster, load: Load) -> None:
    """All nodes are back, green, and every copy holds all that was written."""
    engine = load.engine
    cluster.heal()
    assert engine.check() == []
    cluster.wait()
    held = engine.state()
    assert held in (state(load.written), state(load.tried))  # the answer to the last write may have been lost
    for node in cluster.nodes:
        told = cluster.ask("GET", f"/{engine.alias}/_count", {"query": {"term": {"all_written": ALL_HOLD}}}, node)
        assert told["count"] in (load.written, load.tried)
    assert engine.numbers() >= set(range(1, load.written + 1))


@pytest.mark.parametrize("of_manager", [False, True], ids=["data node", "manager"])
def test_a_node_is_killed_under_searches_and_writes(
    cluster: Cluster, engine: OpenSearchEngine, of_manager: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    rebuild(engine, [], state(0))
    cluster.wait()
    with loaded(engine) as load:
        load.goes_on()
        manager = cluster.manager()
        killed = manager if of_manager else next(each for each in cluster.nodes if each is not manager)
        before = load.written
        cluster.kill(killed)
        away = load.goes_on()
        refused = len(load.refused)
        cluster.wait("yellow", nodes=2)
        began = time.monotonic()
        cluster.heal()
        green = time.monotonic() - began
        load.goes_on()
    assert load.wrong == []
    assert load.written > before
    settled(cluster, load)
    with capsys.disabled():
        print(
            f"\nkilled {killed.name}: writes and searches after {away:.1f} s, {refused} refused, green {green:.0f} s "
            f"after its start; {load.written} writes, {load.answers} answers"
        )


def test_with_two_of_three_nodes_killed_all_is_refused_and_nothing_is_lost(
    cluster: Cluster, engine: OpenSearchEngine
) -> None:
    rebuild(engine, [text(1), text(2)], state(2))
    cluster.wait()
    for node in cluster.nodes[:2]:
        cluster.kill(node)
    with pytest.raises(NotNowError):
        total(engine)
    with pytest.raises(NotNowError):
        engine.write([text(3)], (), state(3))
    with pytest.raises(NotNowError):  # not "none": who reads that makes a new one
        engine.state()
    cluster.heal()
    assert (total(engine), engine.state()) == (2, state(2))


def test_a_lost_shard_makes_no_half_answer(cluster: Cluster, store: Store) -> None:
    alone = settings_for(cluster, store.home, opensearch_shards=3, opensearch_replicas=0)
    engine = OpenSearchEngine(alone, store)
    rebuild(engine, map(text, range(1, 31)), state(30))
    holding = cluster.ask("GET", f"/_cat/shards/{engine.alias}?format=json&h=node")
    manager = cluster.manager()
    lost = min((cluster.node(each["node"]) for each in holding), key=lambda node: node is manager)
    cluster.kill(lost)
    for refused in (lambda: total(engine), engine.size, engine.numbers, engine.check):
        with pytest.raises(NotNowError):
            refused()
    with pytest.raises(NotNowError):
        engine.write(map(text, range(1, 31)), (), state(31))
    assert engine.state() == state(30)
    cluster.heal()
    assert (total(engine), engine.check()) == (30, [])


def test_an_index_is_rebuilt_while_a_node_is_away(cluster: Cluster, engine: OpenSearchEngine) -> None:
    rebuild(engine, [text(1)], state(1))
    cluster.wait()
    cluster.kill(cluster.nodes[0])
    until_done(lambda: rebuild(engine, map(text, range(1, 301)), state(300)))
    assert (total(engine), engine.state()) == (300, state(300))
    cluster.heal()
    assert (total(engine), engine.numbers(), engine.check()) == (300, set(range(1, 301)), [])


def test_a_node_is_killed_in_the_middle_of_a_rebuild(cluster: Cluster, engine: OpenSearchEngine) -> None:
    rebuild(engine, [text(1)], state(1))
    cluster.wait()

    def killing(victim: Node) -> Iterator[Document]:
        for number in range(1, 2001):
            if number == 1000 and victim.process:
                cluster.kill(victim)
            yield text(number)

    def made_anew() -> None:
        try:
            rebuild(engine, killing(cluster.nodes[2]), state(2000))
        except NotNowError:
            assert total(engine) == 1  # the published one is as it was
            raise

    until_done(made_anew)
    assert (total(engine), engine.state()) == (2000, state(2000))
    cluster.heal()
    assert engine.numbers() == set(range(1, 2001))
    assert len(engine.names()) == 2  # the one before is kept a while for its readers


def until_done(work: Callable[[], object], seconds: float = 180.0) -> None:
    """Try again while it is refused, as the worker does."""
    end = time.monotonic() + seconds
    while True:
        try:
            work()
            return
        except NotNowError:
            if time.monotonic() > end:
                raise
            time.sleep(1)
