"""What does the end of a round ring or calm?  A round that failed, a source gone quiet, pages that were rebuilt."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from indexer import alarms
from indexer.store import Store, articles, sources


def heed(store: Store, source_id: int, report: Mapping[str, Any]) -> None:
    """Ring and calm by a round's report; one that was stopped or joined to another says nothing."""
    with store.write() as connection:
        source = sources.get(connection, source_id)
        if report["state"] == "failed":
            cause = report.get("cause") or {"message": report.get("problem", "")}
            message = "The crawl of “%(source)s” failed: %(problem)s"
            alarms.ring(connection, f"failed round of source {source_id}", message, source=source.name, problem=cause)
        elif report["state"] == "done" and report.get("round"):  # what is only read again says nothing of the site
            alarms.calm(connection, f"failed round of source {source_id}")
            if not report.get("retry"):
                hear_doubts(connection, source_id, source.name, report)


def hear_doubts(connection: Connection, source_id: int, name: str, report: Mapping[str, Any]) -> None:
    """What the round's own judgement says; a quiet source speaks again when articles come, not when it is forgotten."""
    doubts = report.get("doubts", ())
    for about in ("quiet", "changed"):
        cause = f"{about} source {source_id}"
        found = next((each for each in doubts if each.get("about") == about), None)
        if found:
            doubt = {"message": found["message"], "values": found["values"]}
            alarms.ring(connection, cause, "%(source)s: %(doubt)s", source=name, doubt=doubt)
        elif about != "quiet" or speaks_again(connection, cause, source_id):
            alarms.calm(connection, cause)


def speaks_again(connection: Connection, cause: str, source_id: int) -> bool:
    known = alarms.of_cause(connection, cause)
    return known is not None and any(at > known.began_at for at in articles.arrivals(connection, source_id))
