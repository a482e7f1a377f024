"""Is somebody who cannot be answered now told so, and everybody else answered, while another program writes?"""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import Connection, event

from indexer import leases
from indexer.article import Article
from indexer.errors import NotNowError
from indexer.settings import Settings
from indexer.store import Store, articles, database, open_store
from tests.conftest import Archive
from web.app import create_app


def locked(archive: Archive) -> sqlite3.Connection | Connection:
    """Another program is writing to the database, and takes its time."""
    if archive.store.is_served:
        served = archive.store.engine.connect()
        served.exec_driver_sql("LOCK TABLE archive IN EXCLUSIVE MODE")
        return served
    other = sqlite3.connect(archive.store.home / database.FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def make_impatient(archive: Archive) -> None:
    """Wait for a moment only; ten seconds are too long for a test."""
    archive.store = open_store(archive.store.home)
    wish = "SET SESSION lock_timeout = 50" if archive.store.is_served else "PRAGMA busy_timeout = 50"
    event.listen(archive.store.engine, "connect", lambda raw, _: (raw.execute(wish), raw.commit()))
    archive.store.engine.dispose()


def test_searches_go_on_and_a_form_is_put_off(archive: Archive) -> None:
    archive.put(Article("http://soxd.replica.test/1", title="Cát nghiền"))
    make_impatient(archive)
    app = create_app(Settings(home=archive.store.home), archive.store, archive.engine)
    app.config["WTF_CSRF_ENABLED"] = False
    with closing(locked(archive)):
        assert app.test_client().get("/api/v1/search?q=cát").get_json()["total"] == 1
        answered = app.test_client().post("/sign-in?lang=en", data={"name": "lan", "password": "sai"})
    assert answered.status_code == 503
    assert "Try again later" in answered.get_data(as_text=True)
    archive.store.close()


def test_a_writer_is_told_who_is_in_the_way_and_nothing_of_it_is_kept(archive: Archive) -> None:
    make_impatient(archive)
    with closing(locked(archive)), pytest.raises(NotNowError, match="has been writing"):
        archive.put(Article("http://soxd.replica.test/1", title="Cát nghiền"))
    with archive.store.read() as connection:
        assert articles.count(connection) == 0
    archive.store.close()


def test_one_that_writes_again_and_again_does_not_starve_the_others(store: Store) -> None:
    stop, written = threading.Event(), 0

    def write_on() -> None:
        nonlocal written
        mine = open_store(store.home)
        while not stop.is_set():
            with mine.write() as connection:
                leases.take(connection, "a", "a", 60)
                time.sleep(0.02)
            written += 1
        mine.close()

    greedy = threading.Thread(target=write_on)
    greedy.start()
    for turn in range(4):
        while written < turn:
            time.sleep(0.001)
        before = written
        with store.write() as connection:
            leases.take(connection, "b", "b", 60)
        assert written - before <= 2
    stop.set()
    greedy.join()
