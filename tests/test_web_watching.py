"""Can a monitor tell whether the site answers, and does it learn nothing of who asked what?"""

import re
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from indexer import access, clock, fixity, jobs, leases
from indexer.settings import Settings
from indexer.store import articles, open_store
from tests import walk
from tests.conftest import Archive
from tests.kept_pages import filled
from web.shelf import Shelf


def site(archive: Archive, **more: object) -> Flask:
    return walk.site(archive.store, Shelf(Settings(home=archive.store.home, **more), archive.store, archive.engine))  # type: ignore[arg-type]


def figures(app: Flask, **more: object) -> dict[tuple[str, ...], float]:
    """Each figure by its name and labels."""
    told = app.test_client().get("/metrics", **more)  # type: ignore[arg-type]
    assert told.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told.get_data(as_text=True))
        for sample in family.samples
    }


def test_health_tells_of_store_index_and_worker(archive: Archive) -> None:
    filled(archive)
    client = site(archive).test_client()
    told = client.get("/healthz").get_json()
    assert (told["status"], told["articles"], told["indexed"], told["worker_seconds"]) == ("ok", 3, 3, None)
    with archive.store.write() as connection:
        leases.take(connection, "worker here", "here", jobs.SILENCE_SECONDS)
    assert 0 <= client.get("/healthz").get_json()["worker_seconds"] < 10


def test_a_site_that_cannot_read_its_store_says_503(archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    app = site(archive)
    archive.store.close()
    for each in archive.store.home.glob("khotin.db*"):
        each.unlink()
    (archive.store.home / "khotin.db").write_bytes(b"\xff" * 8192)
    told = app.test_client().get("/healthz")
    assert told.status_code == 503 and told.get_json()["store"] == "unreadable"


def test_figures_of_the_archive_are_those_of_the_store(archive: Archive) -> None:
    filled(archive)
    with archive.store.write() as connection:
        access.restrict(connection, 1, "admin", "theo yêu cầu")
        articles.gone(connection, 2, clock.now())
    fixity.run(archive.store, archive.engine, rest=lambda seconds: None)
    told = figures(site(archive))
    assert [told["khotin_articles", state] for state in ("public", "gone", "restricted", "merged")] == [1, 1, 1, 0]
    assert told["khotin_captures",] == 3 and told["khotin_damaged_records",] == 0
    assert told["khotin_index_lag",] > 0 and told["khotin_disk_free_bytes",] > 0
    assert told["khotin_round_ended_timestamp_seconds", "soxd", "done"] > 0


def test_requests_are_counted_by_route_and_searches_by_whether_they_found_anything(archive: Archive) -> None:
    filled(archive)
    app = site(archive)
    client = app.test_client()
    for asked in (
        "/search?q=cát",
        "/api/v1/search?q=cát",
        "/search?q=zyxquang",
        "/articles/1",
        "/articles/2",
        "/nothing",
    ):
        client.get(asked)
    told = figures(app)
    assert told["khotin_requests_total", "/search", "200"] == 2
    assert told["khotin_requests_total", "none", "404"] == 1
    assert sum(value for key, value in told.items() if key[:2] == ("khotin_requests_total", "/search")) == 2
    assert (told["khotin_searches_total",], told["khotin_searches_without_hits_total",]) == (3, 1)
    assert told["khotin_request_seconds_count", "/search"] == 2
    assert "zyxquang" not in str(told) and not [key for key in told if re.search(r"/articles/\d", str(key))]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, 200),
        ({"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}, 403),
        ({"headers": {"X-Forwarded-For": "192.0.2.7"}}, 403),  # a proxy on this machine hands it on
        ({"headers": {"Host": "tin.example"}}, 403),
        ({"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer một mã"}}, 403),
        ({"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer 5ecret"}}, 200),
    ],
)
def test_figures_are_for_this_machine_and_for_who_holds_the_token(
    archive: Archive, told: dict[str, object], status: int
) -> None:
    assert site(archive, metrics_token="5ecret").test_client().get("/metrics", **told).status_code == status  # type: ignore[arg-type]


def test_without_a_token_set_no_token_opens(archive: Archive) -> None:
    asked = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer "}}
    assert site(archive).test_client().get("/metrics", **asked).status_code == 403  # type: ignore[arg-type]


def test_an_archive_without_anything_has_figures_too(tmp_path: Path, archive: Archive) -> None:
    with closing(open_store(tmp_path / "empty", create=True)) as store:
        app = walk.site(store, Shelf(Settings(home=store.home), store, archive.engine))
        assert figures(app)["khotin_articles", "public"] == 0
