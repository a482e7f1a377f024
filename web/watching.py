"""What does a monitor ask?  Whether the site can answer, and figures of the archive and of all processes."""

import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from indexer import alarms, backup, clock, fixity
from indexer.errors import KhotinError
from indexer.jobs import SILENCE_SECONDS
from indexer.settings import Settings
from indexer.store import articles, health
from web import metrics, vital
from web.shelf import Shelf, shelf

watching = Blueprint("watching", __name__)

# A proxy that hands a request on says so in one of these.
HANDED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@watching.get("/healthz")
def healthy() -> ResponseReturnValue:
    """Whether this site can answer: for a monitor, so in no language. A silent worker is told, and no failure of it."""
    told: dict[str, object] = {
        **{"store": "ok", "index": "ok", "articles": None, "indexed": None, "generation": None},
        "worker_seconds": None,
    }
    here = shelf()
    try:
        with here.store.read() as connection:
            told["articles"] = articles.count(connection)
            told["worker_seconds"] = seconds_since_sign(connection)
    except (SQLAlchemyError, KhotinError):
        told["store"] = "unreadable"
    try:
        columns = here.columns()
        told |= {"indexed": columns.held, "generation": columns.generation}
    except KhotinError:
        told["index"] = "missing"
    well = told["store"] == told["index"] == "ok"
    return {"status": "ok" if well else "failing", **told}, 200 if well else 503


def seconds_since_sign(connection: Connection) -> float | None:
    """How long ago a worker gave its last sign of life; None when none ever did, or all ended as they should."""
    until = next(iter(health.workers(connection)), None)
    return (clock.now() - until).total_seconds() + SILENCE_SECONDS if until else None


@watching.get("/metrics")
def figures() -> ResponseReturnValue:
    """For Prometheus, asked from this machine or with the token."""
    here = shelf()
    if not (is_local(here.settings) or has_token(here.settings)):
        abort(403)
    text, media_type = metrics.written(every_family(here))
    return Response(text, content_type=media_type)


def is_local(settings: Settings) -> bool:
    """Whether this machine itself asks, and not somebody else through a proxy on it."""
    by_proxy = any(name in request.headers for name in HANDED_ON)
    return is_loopback(request.remote_addr or "") and is_loopback(name_of(request.host)) and not by_proxy


def name_of(host: str) -> str:
    """A host without its port; empty when it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def has_token(settings: Settings) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return bool(settings.metrics_token) and secrets.compare_digest(given, settings.metrics_token.encode())


def every_family(here: Shelf) -> Iterator[Any]:
    yield from metrics.counted()
    told = list(vital.families(here))
    if any(name == "store_bytes" for name, *_ in told):  # else there is nobody to ask
        with here.store.read() as connection:
            told += of_archive(connection)
    for name, sentence, labels, values in told:
        yield gauge(name, sentence, labels, values)
    for name, sentence, value in of_machine(here):
        yield gauge(name, sentence, (), {(): value})


Values = dict[tuple[str, ...], float]


def gauge(name: str, sentence: str, labels: tuple[str, ...], values: Values) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"khotin_{name}", sentence, labels=labels)
    for names, value in values.items():
        family.add_metric(names, value)
    return family


def of_archive(connection: Connection) -> Iterator[tuple[str, str, tuple[str, ...], Values]]:
    """(name, what it is, labels, values) of what the database knows."""
    states = health.states_of_articles(connection)
    yield "articles", "Articles.", ("state",), {(state,): count for state, count in states.items()}
    yield "captures", "Fetched pages and files that are kept.", (), {(): health.count_captures(connection)}
    jobs: Values = {(kind, state): float(count) for kind, state, count in health.states_of_jobs(connection)}
    yield "jobs", "Jobs that are remembered.", ("kind", "state"), jobs
    yield "alarms", "Alarms that ring.", (), {(): len(alarms.ringing(connection))}
    silent = seconds_since_sign(connection)
    yield "worker_silent_seconds", "Since a worker's last sign of life.", (), {} if silent is None else {(): silent}
    rounds = health.last_rounds(connection)
    ended: Values = {(source, state): at.timestamp() for source, state, at, _ in rounds}
    yield "round_ended_timestamp_seconds", "When the last round of a source ended.", ("source", "state"), ended
    took: Values = {(source,): seconds for source, _, _, seconds in rounds}
    yield "round_seconds", "How long the last round of a source took.", ("source",), took
    last = fixity.last_ended(connection)
    damaged: Values = {(): float(len(last.damaged))} if last else {}
    yield "damaged_records", "Damaged records that the last check of all found.", (), damaged
    checked: Values = {(): timestamp(last.ended_at)} if last else {}
    yield "fixity_timestamp_seconds", "When all records were checked last.", (), checked


def timestamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def of_machine(here: Shelf) -> Iterator[tuple[str, str, float]]:
    yield "disk_free_bytes", "Free on the disk of the archive.", shutil.disk_usage(here.store.home).free
    if here.settings.backup_folder:
        made = backup.made_in(Path(here.settings.backup_folder))
        yield "backup_timestamp_seconds", "When the last backup was made.", made[-1].stat().st_mtime if made else 0.0
