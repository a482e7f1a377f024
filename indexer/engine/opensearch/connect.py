"""How is the cluster asked?  The only file that speaks to OpenSearch; what it cannot answer whole is no answer.

A cluster that cannot be reached, that has lost a shard or its manager, or that answers for a part of its shards, is
"not now": the same question is answered when the cluster is in order again.
"""

import contextlib
import json
import logging
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from indexer.engine.columns import IndexMissingError
from indexer.errors import KhotinError, NotNowError
from indexer.settings import Settings

# What the cluster says when it is not in order, or when it has no room: tried again later.
NOT_NOW = {403, 408, 429, 500, 502, 503, 504}
# A question is asked of another node when one does not answer; a whole one so often.
TRIES = 3
# It is not in disorder, only written to faster than it can: its memory or its queues are full.
BUSY = 429
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds before a writer sends once more what was refused


class ConflictError(KhotinError):
    """Somebody else wrote in between."""


class BusyError(NotNowError):
    """Less at a time, or later."""


class Cluster:
    """The cluster that the settings name; shared by the threads of a process.

    ``pauses`` are for those who write: many articles, sent as fast as they are cut, are more than a cluster takes at
    times, and hours of work are not given up for that. Who reads is refused at once.
    """

    def __init__(self, settings: Settings, pauses: Sequence[float] = ()) -> None:
        self.settings, self.hosts, self.pauses = settings, settings.opensearch_hosts, pauses
        self.lock, self.known = threading.Lock(), None
        self.is_deaf = False  # a node did not hear of the last change

    @property
    def client(self) -> Any:
        with self.lock:
            if self.known is None:
                self.known = client_of(self.settings)
        return self.known

    def ask(
        self, method: str, path: str, body: Any = None, params: Mapping[str, Any] | None = None, seconds: float = 0
    ) -> Any:
        """What the cluster answers. Raises NotNowError when it cannot; IndexMissingError for what is not there."""
        return self.patiently(lambda: self.ask_once(method, path, body, params, seconds))

    def patiently(self, ask: Callable[[], Any]) -> Any:
        """What ``ask`` returns. Raises BusyError when the cluster is still busy after the last pause."""
        for pause in self.pauses:
            with contextlib.suppress(BusyError):
                return ask()
            time.sleep(pause)
        return ask()

    def ask_once(self, method: str, path: str, body: Any, params: Mapping[str, Any] | None, seconds: float) -> Any:
        client = self.client
        from opensearchpy import exceptions

        waiting = {"timeout": seconds or self.settings.opensearch_timeout_seconds}
        try:
            return client.transport.perform_request(method, path, {**(params or {})}, body, **waiting)
        except exceptions.NotFoundError:
            raise IndexMissingError("There is no index yet. Make it with `khotin index rebuild`.") from None
        except exceptions.ConflictError as problem:
            raise ConflictError("The index is being written by somebody else.") from problem
        except exceptions.SSLError as problem:
            raise NotNowError(
                "The certificate of the search cluster is not trusted (%(problem)s). Name the one that signs it in "
                "opensearch_ca.",
                problem=problem.info or problem.error,
            ) from problem
        except exceptions.ConnectionError as problem:
            raise NotNowError(
                "The search cluster cannot be reached (%(problem)s). Nothing is lost; look whether OpenSearch runs on "
                "%(hosts)s.",
                problem=type(problem.info or problem).__name__,
                hosts=", ".join(self.hosts),
            ) from problem
        except exceptions.AuthenticationException as problem:
            raise NotNowError(
                "The search cluster refuses the name or the password of the settings (opensearch_user, "
                "opensearch_password)."
            ) from problem
        except exceptions.TransportError as problem:
            if problem.status_code in NOT_NOW:
                raise disordered(problem.error, problem.status_code) from problem
            raise

    def search(self, path: str, body: Any, params: Mapping[str, Any] | None = None, seconds: float = 0) -> Any:
        """What a search answers, whole. Raises NotNowError when a shard is missing from the answer."""
        whole = {"allow_partial_search_results": "false", **(params or {})}
        return proved(self.ask("POST", path, body, whole, seconds))

    def bulk(self, path: str, lines: Sequence[str]) -> list[Mapping[str, Any]]:
        """Write what ``lines`` say; those of them that a later writing has overtaken are left as they are."""
        items: list[Mapping[str, Any]] = self.patiently(lambda: self.bulk_once(path, lines))
        return items

    def bulk_once(self, path: str, lines: Sequence[str]) -> list[Mapping[str, Any]]:
        params = {"require_alias": "true", "timeout": "10s"}
        told = self.ask_once("POST", f"{path}/_bulk", "\n".join(lines) + "\n", params, seconds=120)
        items = [result for item in told["items"] for result in item.values()]
        for each in items:
            if each["status"] >= 300 and each["status"] not in (404, 409):
                kind = each.get("error", {}).get("type", each["status"])
                if each["status"] in NOT_NOW:
                    raise disordered(kind, each["status"])
                raise ValueError(json.dumps(each)[:1000])
            if each["status"] == 404 and "error" in each:
                raise IndexMissingError("There is no index yet. Make it with `khotin index rebuild`.")
        return items


def disordered(problem: object, status: int = 0) -> NotNowError:
    kind = BusyError if status == BUSY else NotNowError
    return kind(
        "The search cluster is not in order (%(problem)s). Nothing is lost; it is tried again. "
        "What is wrong: `_cluster/health` of OpenSearch.",
        problem=problem,
    )


def proved(told: Any) -> Any:
    """An answer of all shards, in time, as it is. Raises NotNowError for any other."""
    shards = told.get("_shards", {})
    if told.get("timed_out") or shards.get("failed") or shards.get("successful", 0) < shards.get("total", 0):
        raise disordered(f"{shards.get('successful')}/{shards.get('total')} shards")
    return told


@lru_cache(maxsize=8)
def cluster_of(settings: Settings, pauses: Sequence[float] = ()) -> Cluster:
    """One for all that a process asks: connections are kept."""
    return Cluster(settings, pauses)


def client_of(settings: Settings) -> Any:
    """Raises KhotinError when the library is not installed."""
    try:
        from opensearchpy import OpenSearch
    except ImportError:
        raise KhotinError(
            "OpenSearch is chosen in the settings, and what speaks to it is not installed: pip install khotin[cluster]"
        ) from None
    logging.getLogger("opensearch").setLevel(logging.ERROR)  # what was not there is no warning
    secured: dict[str, Any] = {}
    if any(each.startswith("https:") for each in settings.opensearch_hosts):
        verify = settings.opensearch_verify
        secured = {"verify_certs": verify, "ssl_show_warn": verify, "ca_certs": settings.opensearch_ca or None}
    if settings.opensearch_user:  # written here: the library's own way knows Latin letters alone
        told = f"{settings.opensearch_user}:{settings.opensearch_password}".encode()
        secured["headers"] = {"authorization": f"Basic {b64encode(told).decode()}"}
    return OpenSearch(
        hosts=list(settings.opensearch_hosts),
        timeout=settings.opensearch_timeout_seconds,
        max_retries=TRIES,
        retry_on_timeout=True,
        pool_maxsize=8,
        dead_timeout=5,
        **secured,
    )


def told_lines(action: str, number: int, version: int, body: Any = None) -> Iterable[str]:
    """What `bulk` writes for one document."""
    head = {action: {"_id": str(number), "version": version, "version_type": "external_gte"}}
    yield json.dumps(head)
    if body is not None:
        yield json.dumps(body, ensure_ascii=False)
