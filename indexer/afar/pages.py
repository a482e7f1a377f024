"""How is an order of the cluster's read from any place on?  Beyond its window over one point in time, step by step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from indexer.afar.far import Far
from indexer.errors import NotNowError

# The cluster gives no page that lies behind so many entries; what does is reached by walking.
WINDOW = 10_000
KEEP_ALIVE = "5m"

Entry = Mapping[str, Any]


def entries(far: Far, body: Mapping[str, Any], start: int, end: int) -> list[Entry]:
    """Those from the first to before the last, in the order that ``body`` sorts them by."""
    if start >= end:
        return []
    if end <= WINDOW:
        found: list[Entry] = far.ask([{**body, "from": start, "size": end - start}])[0]["hits"]["hits"]
        return found
    with point_in_time(far) as pit:
        numbers = islice(walked(far, {**body, "_source": False}, pit), start, end)
        wanted = [int(each["_id"]) for each in numbers]
        asked = {"query": {"terms": {"id": wanted}}, "size": len(wanted), "_source": body["_source"], "pit": pit}
        known = {int(each["_id"]): each for each in searched(far, asked)}
    return [known[number] for number in wanted if number in known]


def walked(far: Far, body: Mapping[str, Any], pit: dict[str, str], size: int = WINDOW) -> Iterator[Entry]:
    """All entries of one point in time, one after the other."""
    asked = {**body, "size": size, "pit": pit, "track_total_hits": False}
    asked.pop("from", None)
    while hits := searched(far, asked):
        yield from hits
        asked["search_after"] = hits[-1]["sort"]


def searched(far: Far, body: Mapping[str, Any]) -> list[Entry]:
    params = {"search_type": "dfs_query_then_fetch"}
    hits: list[Entry] = far.cluster.search("/_search", body, params)["hits"]["hits"]
    return hits


@contextmanager
def point_in_time(far: Far) -> Iterator[dict[str, str]]:
    """The index as it is now, whatever is written meanwhile."""
    params = {"keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false"}
    opened = far.cluster.ask("POST", f"/{far.name}/_search/point_in_time", params=params)
    try:
        yield {"id": opened["pit_id"], "keep_alive": KEEP_ALIVE}
    finally:
        with suppress(NotNowError):  # it ends by itself
            far.cluster.ask("DELETE", "/_search/point_in_time", {"pit_id": [opened["pit_id"]]})
