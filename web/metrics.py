"""How much is asked, and how fast is it answered?  Counted in every process, and added up by whichever is asked.

What is counted names nobody: routes as they stand in the route table, never what was asked or who asked.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request

# Where the processes of one site put their counts; web/server.py names it before they part.
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
# Seconds: a page takes some 30 ms, a download seconds; what takes longer than the last is a fault.
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Counts(NamedTuple):
    """What one process counts."""

    registry: Any
    requests: Any
    seconds: Any
    searches: Any
    in_vain: Any


def prepare(app: Flask) -> None:
    """Count every request of this process."""
    from prometheus_client import CollectorRegistry, Counter, Histogram  # here: only a site that runs needs it

    own = CollectorRegistry()
    counts = Counts(
        own,
        Counter("khotin_requests", "Answered requests.", ("route", "status"), registry=own),
        Histogram("khotin_request_seconds", "Until an answer began.", ("route",), buckets=BOUNDS, registry=own),
        Counter("khotin_searches", "Searches that were made.", registry=own),
        Counter("khotin_searches_without_hits", "Those that found nothing.", registry=own),
    )
    app.extensions["counts"] = counts

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        with suppress(OSError):  # counts lie in files, which end with the site: a last answer is given without them
            note(counts, response.status_code)
        return response


def note(counts: Counts, status: int) -> None:
    """Count the request that is being answered."""
    route = str(request.url_rule) if request.url_rule else "none"
    counts.requests.labels(route, str(status)).inc()
    if "began" in g:
        counts.seconds.labels(route).observe(time.perf_counter() - g.began)
    if "hits" in g:
        counts.searches.inc()
        counts.in_vain.inc(g.hits == 0)


def searched(hits: int) -> None:
    """Note for this request how many articles its search found."""
    g.hits = hits


def counted() -> Iterator[Any]:
    """What all processes counted together."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    own: Counts = current_app.extensions["counts"]
    if not os.environ.get(TOGETHER):
        yield from own.registry.collect()
        return
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    yield from everybody.collect()


def written(families: Iterator[Any]) -> tuple[bytes, str]:
    """As Prometheus reads it, with its media type."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    return generate_latest(SimpleNamespace(collect=lambda: families)), CONTENT_TYPE_LATEST
