"""What do the tests stand on?  A real archive in a temporary folder, with articles written by us.

With TEST_STORE=postgresql in the environment every archive of every test is on a real PostgreSQL server.
"""

import os
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crawler import process
from crawler.replica.server import Replica
from indexer import build, clock, moving, pictures
from indexer.article import Article, Kept
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import load
from indexer.query import Query
from indexer.search import Results, search
from indexer.store import Store, articles, departments, open_store, sources
from indexer.store.database import prepared
from tests.servers import postgres
from tests.servers.only_sqlite import ONLY_SQLITE
from tests.servers.opensearch import cluster, opensearch  # noqa: F401  (fixtures)

ON_POSTGRES = os.environ.get("TEST_STORE") == "postgresql"


def png(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """A picture that is white all over; ``more``: parts that no picture needs."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    parts = ((b"IHDR", head), *more, (b"IDAT", rows), (b"IEND", b""))
    return pictures.SIGNATURE + b"".join(pictures.written(*each) for each in parts)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests about the file that SQLite writes are left out when there is none."""
    if ON_POSTGRES:
        left_out = [each for each in items if each.nodeid.removeprefix("tests/").partition("[")[0] in ONLY_SQLITE]
        items[:] = [each for each in items if each not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session", autouse=True)
def kept_on() -> Iterator[postgres.Postgres | None]:
    """The server that keeps the archives of this run's tests, if one does; each data folder has a schema of its own."""
    if not ON_POSTGRES:
        yield None
        return
    with postgres.running() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_STORE", running.apart)
        yield running


@pytest.fixture(scope="session")
def on_a_server(kept_on: postgres.Postgres | None) -> Iterator[postgres.Postgres]:
    """A PostgreSQL server, whatever keeps the archives of the other tests."""
    if kept_on:
        yield kept_on
        return
    with postgres.running() as running:
        yield running


@pytest.fixture
def served(on_a_server: postgres.Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[postgres.Postgres]:
    """The archives of this test are on the server."""
    before = on_a_server.schemas()
    monkeypatch.setenv("KHOTIN_STORE", on_a_server.apart)
    yield on_a_server
    on_a_server.drop(on_a_server.schemas() - before)


@pytest.fixture(autouse=True)
def swept(kept_on: postgres.Postgres | None) -> Iterator[None]:
    """What a test put on the server goes with the test, as its folder does."""
    before = kept_on.schemas() if kept_on else set()
    yield
    if kept_on:
        kept_on.drop(kept_on.schemas() - before)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database has every table and no row: a copy of it spares a test all migrations."""
    home = tmp_path_factory.mktemp("empty") / "data"
    prepared(home, address="", create=True).close()
    return home


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Iterator[Store]:
    home = tmp_path / "data"
    if not ON_POSTGRES:
        shutil.copytree(empty, home)
    opened = open_store(home, create=True)
    yield opened
    opened.close()


@pytest.fixture
def engine(store: Store) -> WhooshEngine:
    return WhooshEngine(store.index)


class Archive:
    """An archive to fill and to ask: `put` articles, then `ask`."""

    def __init__(self, store: Store, engine: WhooshEngine) -> None:
        self.store, self.engine = store, engine
        with store.write() as connection:
            self.source = sources.add(connection, "soxd", "http://soxd.replica.test/")

    def put(self, *given: Article) -> list[int]:
        """Keep the articles and index them; their numbers."""
        with self.store.write() as connection:
            numbers = [articles.save(connection, self.source.id, each, clock.now()).id for each in given]
        build.update(self.store, self.engine)
        return numbers

    def divide(self, name: str = "Sở Xây dựng") -> None:
        """Two departments: one with our source and a logo, and one with nothing."""
        with self.store.write() as connection:
            own, _ = (departments.add(connection, short, name) for short in ("soxd", "soyte"))
            departments.set_logo(connection, own, pictures.harmless(png(4, 4)))
            sources.change(connection, self.source.id, department_id=own.id)

    def ask(self, q: str, **more: object) -> Results:
        return search(Query(q=q, **more), self.store, self.engine.columns(), load())  # type: ignore[arg-type]

    def titles(self, q: str, **more: object) -> list[str]:
        """The titles of the counted hits, best first."""
        return [hit.kept.article.title for hit in self.ask(q, **more).hits if hit.counted]


@pytest.fixture
def archive(store: Store, engine: WhooshEngine) -> Archive:
    return Archive(store, engine)


@pytest.fixture
def set_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the time for this process and those it starts."""
    file = tmp_path / "clock"
    put_clock(file, datetime(2026, 1, 5, 8, 0, tzinfo=UTC))
    monkeypatch.setenv("KHOTIN_CLOCK_FILE", str(file))
    return partial(put_clock, file)


def put_clock(file: Path, moment: datetime) -> None:
    """At once: another process reads it meanwhile."""
    aside = file.with_name(f"{file.name}.new")
    aside.write_text(moment.isoformat())
    aside.replace(file)


def copy_archive(home: Path, target: Path) -> None:
    """The whole data folder, with its rows, wherever they are kept."""
    shutil.copytree(home, target)
    address = os.environ.get("KHOTIN_STORE", "")
    if address:
        moving.move(moving.Side(home, address), moving.Side(target, address))


def add_site(home: Path, replica: Replica, **options: Any) -> None:
    """A data folder whose only source, "site", is a replica."""
    store = open_store(home, create=not home.exists())
    with store.write() as connection:
        sources.add(connection, "site", replica.url, **({"delay_seconds": 0.0} | options))
    store.close()


def edit_site(home: Path, **options: Any) -> None:
    store = open_store(home)
    with store.write() as connection:
        sources.change(connection, sources.need(connection, "site").id, **options)
    store.close()


def one_round(home: Path, replica: Replica, **options: Any) -> dict[str, Any]:
    """One round over the site, in a process of its own as the worker makes it; its report."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_RESOLVE", replica.resolve)
        return process.run(home, "site", options, lambda event: None)


def kept_articles(home: Path) -> list[Kept]:
    store = open_store(home)
    with store.read() as connection:
        found = articles.after(connection, 0, 10_000)
    store.close()
    return found
