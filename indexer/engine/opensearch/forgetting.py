"""How does what was taken out leave the cluster's files?  Every copy is written anew without it, and that is proved."""

import time
from collections.abc import Collection

from indexer.engine.opensearch.connect import told_lines
from indexer.engine.opensearch.written import Written, proved_copies
from indexer.errors import NotNowError

# A copy keeps what was deleted until all others have said that they know of it, which they do twice a minute.
PATIENCE_SECONDS, PAUSE_SECONDS = 150.0, 2.0
GREEN_SECONDS = 30


def forget(written: Written, numbers: Collection[int]) -> None:
    """Take the articles out, and wait until no file holds them. Raises NotNowError when that is not so: a node that is
    away would bring them back."""
    cluster, name = written.cluster, written.name
    if not is_complete(written):
        raise NotNowError("A node of the search cluster is away; what is to be destroyed is destroyed when it is back.")
    told = written.told()
    version = sum(told[0].lanes.values()) if told else 0
    lines = [line for number in numbers for line in told_lines("delete", number, version)]
    if lines:
        cluster.bulk(f"/{written.door}", lines)
        written.refresh()
        if told:
            written.tell(told[0], told)  # readers look again
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        written.refresh()
        proved_copies(cluster.ask("POST", f"/{name}/_flush", params={"force": "true"}, seconds=PATIENCE_SECONDS))
        expunge = {"only_expunge_deletes": "true"}
        proved_copies(cluster.ask("POST", f"/{name}/_forcemerge", params=expunge, seconds=PATIENCE_SECONDS))
        written.refresh()
        if not deleted(written):
            return
        if time.monotonic() > end:
            raise NotNowError("The search cluster still holds what was taken out; it is tried again.")
        time.sleep(PAUSE_SECONDS)


def is_complete(written: Written) -> bool:
    """Are all copies there?  Those of an index that was just made are waited for."""
    asked = {"wait_for_status": "green", "timeout": f"{GREEN_SECONDS}s"}
    try:
        told = written.cluster.ask("GET", f"/_cluster/health/{written.name}", params=asked, seconds=2 * GREEN_SECONDS)
    except NotNowError:  # it says so with an error of its own when the time is over
        return False
    return bool(told["status"] == "green")


def deleted(written: Written) -> int:
    """How many documents the files of all copies hold that are taken out."""
    told = written.cluster.ask("GET", f"/{written.name}/_stats/docs")
    proved_copies(told)
    return int(told["_all"]["total"]["docs"]["deleted"])
