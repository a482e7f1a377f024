"""What does a cluster cost beside the embedded engine?  One archive in both, on one machine, asked the same in turn."""

import time
from collections.abc import Iterator
from pathlib import Path

from indexer import build
from indexer.engine.opensearch.engine import OpenSearchEngine
from indexer.glossary import load
from indexer.store import Store, open_store
from tests.bench import asked, ours
from tests.bench.building import MEGABYTE
from tests.bench.contest import Contest, Measured
from tests.bench.searching import WARMING, WARMING_SEED, WHOLE, reading, up_to_date
from tests.bench.table import Row, milliseconds, tell, timed, times_its_time
from tests.servers.opensearch import Cluster, running, settings_for

# As OpenSearch is set up by itself; the nodes of the tests are smaller, and start sooner for a slower Java.
JAVA = ("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:G1ReservePercent=25", "-XX:InitiatingHeapOccupancyPercent=30")
MANY = 500
AFAR = "the cluster"


def measure(home: Path, many: int, seed: int) -> list[Row]:
    """The archive in ``home`` is indexed into a new cluster of three nodes, and asked there and here."""
    store = open_store(home)
    try:
        up_to_date(store)
        with running(java=JAVA) as cluster:
            engine = OpenSearchEngine(settings_for(cluster, home, opensearch_shards=3), store)
            tell("three nodes stand; now the index")
            articles, seconds = timed(lambda: build.rebuild(store, engine, every_thousand))
            built = Row(
                f"index of {articles} articles into three nodes, two copies of each",
                f"{seconds:.0f} s, {articles / seconds:.0f} articles/s",
            )
            return [built, size_of(cluster, engine), *searches(store, engine, many, seed)]
    finally:
        store.close()


def every_thousand(done: int) -> None:
    if done % 1000 == 0:
        tell(f"{done} articles")


def size_of(cluster: Cluster, engine: OpenSearchEngine) -> Row:
    cluster.ask("POST", f"/{engine.name_published()}/_flush")  # what is in memory alone has no size yet
    told = cluster.ask("GET", f"/{engine.name_published()}/_stats/store")
    size = told["_all"]["primaries"]["store"]["size_in_bytes"]
    return Row("size of one copy of the index", f"{size / MEGABYTE:.0f} MB")


def searches(store: Store, engine: OpenSearchEngine, many: int, seed: int) -> Iterator[Row]:
    glossary, columns = load(), ours.opened(store)
    ways = [ours.Whole(WHOLE, store, columns, glossary), ours.Whole(AFAR, store, engine.reading(), glossary)]
    contest = Contest(ways, [], *reading(store, columns, glossary), time.perf_counter)
    contest.ask(asked.questions(store, columns, glossary, WARMING, WARMING_SEED), {})
    tell("warm; now the questions")
    measured = contest.ask(asked.questions(store, columns, glossary, many, seed), {})
    yield compared(measured)
    for kind in dict.fromkeys(each.kind for each in measured.questions):
        yield compared(measured, kind)
    yield Row("questions with the same total", f"{measured.agreement(WHOLE, AFAR):.1%}", wanted="100.0%")


def compared(measured: Measured, kind: str = "") -> Row:
    near, far = measured.of(WHOLE, kind), measured.of(AFAR, kind)
    name = f"whole search on {AFAR} : embedded, {kind or 'all'} ({len(far)})"
    return Row(name, milliseconds(far), milliseconds(near), times_its_time(far, near))
