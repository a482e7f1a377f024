"""Do the store and the engine answer, and with what figures?  Asked beside the request, which waits only so long."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from indexer import build
from indexer.engine import figures as of_engine
from indexer.errors import KhotinError
from indexer.store import figures as of_store
from web.shelf import Shelf

T = TypeVar("T")
Values = dict[tuple[str, ...], float]
Family = tuple[str, str, tuple[str, ...], Values]

# Prometheus gives up after ten seconds; a store and an engine that both hang leave it an answer that says so.
SECONDS = 3.0
# Who still waits from the last time is asked nothing more: threads that hang must not become many.
waiting: dict[str, "Future[Any]"] = {}
asking = ThreadPoolExecutor(max_workers=8, thread_name_prefix="vital")


def within(name: str, ask: Callable[[], T], seconds: float = SECONDS) -> T | None:
    """The answer; None when there is none in time, or when what is asked is not in order."""
    before = waiting.get(name)
    if before and not before.done():
        return None
    waiting[name] = asking.submit(ask)
    try:
        return waiting[name].result(seconds)  # type: ignore[no-any-return]
    except (TooLate, KhotinError, SQLAlchemyError, OSError):
        return None


def families(here: Shelf) -> Iterator[Family]:
    """(name, what it is, labels, values) of store and engine; of one that does not answer only that."""
    store = within("store", lambda: of_store.figures(here.store))
    kind = "postgresql" if here.store.is_served else "sqlite"
    yield "store_up", "1 while the database answers.", ("kind",), {(kind,): float(store is not None)}
    if store:
        yield "store_bytes", "Size of the database.", ("kind",), {(kind,): store.bytes}
        states: Values = {(state,): count for state, count in store.connections.items()}
        yield "store_connections", "Connections to the database.", ("state",), states
    engine = within("engine", lambda: of_engine.figures(here.engine))
    kind = here.settings.engine
    yield "engine_up", "1 while the engine answers.", ("kind",), {(kind,): float(engine is not None)}
    if engine:
        yield "engine_shards", "Shards of the cluster.", ("state",), {(s,): n for s, n in engine.shards.items()}
        for name, value in engine.values.items():
            yield f"engine_{name}", SENTENCES[name], (), {(): value}
    lag = within("lag", lambda: build.behind(here.store, here.engine)) if store and engine else None
    yield "index_lag", "Changes that the index does not hold yet.", (), {} if lag is None else {(): lag}


SENTENCES = {
    "documents": "Articles in the index.",
    "nodes": "Nodes of the cluster.",
    "data_nodes": "Those of them that hold data.",
    "status": "0 green, 1 yellow (copies are missing), 2 red (articles are missing).",
    "bytes": "Size of the index with all copies.",
}
