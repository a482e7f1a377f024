"""Are store and engine watched over, and is the watcher answered when they are not?"""

import signal
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import clock
from indexer.engine.open import engine_of
from indexer.engine.whoosh_index import WhooshEngine
from indexer.settings import Settings
from indexer.store import articles, open_store
from tests import walk
from tests.conftest import Archive
from tests.kept_pages import filled
from tests.servers import postgres
from tests.servers.opensearch import Cluster, settings_for
from tests.test_web_watching import figures, site
from web.shelf import Shelf
from web.vital import SECONDS


def test_the_embedded_store_and_engine_are_told_of(archive: Archive) -> None:
    filled(archive)
    told = figures(site(archive))
    assert told["khotin_store_up", "sqlite"] == told["khotin_engine_up", "whoosh"] == 1
    assert told["khotin_store_bytes", "sqlite"] >= (archive.store.home / "khotin.db").stat().st_size
    assert told["khotin_engine_documents",] == 3 and told["khotin_index_lag",] == 0


def test_the_index_lags_behind_what_it_has_not_taken_up(archive: Archive) -> None:
    filled(archive)
    with archive.store.write() as connection:
        articles.gone(connection, 2, clock.now())
    assert figures(site(archive))["khotin_index_lag",] >= 1


def test_a_cluster_that_hangs_keeps_no_watcher_waiting(archive: Archive) -> None:
    filled(archive)
    with socket.socket() as silent:  # takes connections and never says a word
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = replace(Settings(home=archive.store.home), engine="opensearch", opensearch_hosts=(host,))
        shelf = Shelf(settings, archive.store, engine_of(archive.store, settings))
        app = walk.site(archive.store, shelf)
        for _ in range(2):
            began = time.monotonic()
            told = figures(app)
            assert time.monotonic() - began < 3 * SECONDS + 5  # store, engine, lag; and a busy machine
            kept_in = archive.store.engine.dialect.name
            assert told["khotin_engine_up", "opensearch"] == 0 and told["khotin_store_up", kept_in] == 1
            assert ("khotin_index_lag",) not in told and any(name == "khotin_articles" for name, *_ in told)


@pytest.mark.cluster
def test_a_server_of_the_store_is_told_of_and_so_is_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.running() as server:
        monkeypatch.setenv("KHOTIN_STORE", server.address)
        store = open_store(tmp_path / "data", create=True)
        archive = Archive(store, WhooshEngine(store.index))
        filled(archive)
        app = site(archive)
        told = figures(app)
        assert told["khotin_store_up", "postgresql"] == 1 and told["khotin_store_bytes", "postgresql"] > 100_000
        assert told["khotin_store_connections", "active"] >= 1
        server.stop(signal.SIGQUIT)
        told = figures(app)
        assert told["khotin_store_up", "postgresql"] == 0 and told["khotin_engine_up", "whoosh"] == 1
        server.start()
        assert figures(app)["khotin_store_up", "postgresql"] == 1
        store.close()


@pytest.mark.cluster
def test_a_cluster_tells_its_nodes_shards_and_articles(archive: Archive, cluster: Cluster) -> None:
    settings = settings_for(cluster, archive.store.home)
    archive.engine = engine_of(archive.store, settings)  # type: ignore[assignment]
    filled(archive)
    told = figures(walk.site(archive.store, Shelf(settings, archive.store, archive.engine)))
    assert told["khotin_engine_up", "opensearch"] == 1 and told["khotin_engine_nodes",] == 3
    assert told["khotin_engine_shards", "active"] >= settings.opensearch_shards
    assert told["khotin_engine_documents",] == 3 and told["khotin_engine_bytes",] > 0
    assert told["khotin_index_lag",] == 0
