"""How does the engine do?  Figures for whoever watches; a cluster is asked no longer than a watcher waits."""

from typing import TYPE_CHECKING, NamedTuple

from indexer.engine import Engine
from indexer.engine.whoosh_index import WhooshEngine

if TYPE_CHECKING:  # its library is only there when it is chosen
    from indexer.engine.opensearch.engine import OpenSearchEngine

# All tries together stay below what Prometheus waits for.
SECONDS = 1.0
COLOURS = {"green": 0, "yellow": 1, "red": 2}


class Figures(NamedTuple):
    """By name; ``shards`` by state."""

    kind: str
    values: dict[str, float]
    shards: dict[str, float]


def figures(engine: Engine) -> Figures:
    """Raises KhotinError when there is no index, or when the cluster cannot be asked."""
    if isinstance(engine, WhooshEngine):
        return Figures("whoosh", {"documents": engine.size()}, {})
    from indexer.engine.opensearch.engine import OpenSearchEngine

    assert isinstance(engine, OpenSearchEngine)
    return of_cluster(engine)


def of_cluster(engine: "OpenSearchEngine") -> Figures:
    ask = engine.cluster.ask
    told = ask("GET", "/_cluster/health", seconds=SECONDS)
    held = ask("GET", f"/{engine.alias}/_stats/docs,store", seconds=SECONDS)["_all"]
    shards = {each: told[f"{each}_shards"] for each in ("active", "relocating", "initializing", "unassigned")}
    values = {
        "nodes": told["number_of_nodes"],
        "data_nodes": told["number_of_data_nodes"],
        "status": COLOURS[told["status"]],
        "documents": held["primaries"]["docs"]["count"],
        "bytes": held["total"]["store"]["size_in_bytes"],
    }
    return Figures("opensearch", values, shards)
