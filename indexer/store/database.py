"""How is the database opened, written and brought up to date?"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError, OperationalError

from indexer import clock
from indexer.errors import KhotinError
from indexer.store import tables

FILE_NAME = "khotin.db"
MIGRATIONS = Path(__file__).parent / "migrations"
# A writer waits this long for the one before it; no write may last longer than 100 ms, so a hundred fit in.
WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Store:
    """One archive: its data folder, its database and its name."""

    home: Path
    engine: Engine
    id: str

    @property
    def warc(self) -> Path:
        return self.home / "warc"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database from its first statement on."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One short transaction (≤ 100 ms: no network, pyvi or Whoosh inside); all of it or nothing is kept."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            try:
                with connection.begin():
                    yield connection
            except OperationalError as problem:
                raise told_plainly(problem, self.home) from problem

    def close(self) -> None:
        self.engine.dispose()


def told_plainly(problem: OperationalError, home: Path) -> Exception:
    """A full disk and a busy database are the operator's to mend; everything else is ours."""
    told = str(problem.orig)
    if "disk is full" in told or "disk I/O" in told:
        return KhotinError(
            "The disk that holds %(home)s is full. Nothing was lost; free space and start again.",
            home=home,
        )
    if "locked" in told:
        return KhotinError(
            "Another Khotin process has been writing to %(home)s for %(seconds)s seconds. Try again later.",
            home=home,
            seconds=WAIT_SECONDS,
        )
    return problem


def has_archive(home: Path) -> bool:
    return (home / FILE_NAME).exists()


def open_store(home: Path, create: bool = False) -> Store:
    """Open the archive in ``home``, bringing an older one up to date.

    Raises KhotinError when the folder holds no archive (and ``create`` is off), a foreign file or a newer archive.
    """
    path = home / FILE_NAME
    if not path.exists() and not create:
        raise KhotinError(
            "There is no Khotin archive in %(home)s. Name its folder with --home, "
            "or make one with `khotin source add` or `khotin import`.",
            home=home,
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "warc").mkdir(exist_ok=True)
    except OSError as problem:
        raise KhotinError(
            "%(home)s cannot be used as a data folder: %(problem)s.", home=home, problem=problem.strerror
        ) from None
    engine = connect(path)
    try:
        migrate(engine)
        return Store(home, engine, identity(engine))
    except DatabaseError as problem:
        engine.dispose()
        if isinstance(problem, OperationalError):
            raise told_plainly(problem, home) from problem
        raise KhotinError(
            "%(file)s is no Khotin database. Move it away or choose another folder with --home.", file=path
        ) from problem
    except BaseException:
        engine.dispose()
        raise


def connect(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def prepare(connection: sqlite3.Connection, _: Any) -> None:
    # The driver's own transaction handling would begin late and deferred; `begin` below does it.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a kept page must survive a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted leaves nothing in the file's free places


def begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the database to the newest shape; a database from a newer Khotin is left alone."""
    with engine.connect() as connection:
        present = revision(connection)
        foreign = present is None and inspect(connection).get_table_names()
    if foreign:
        raise KhotinError(
            "%(file)s is the database of another program. Choose another folder with --home.",
            file=engine.url.database,
        )
    if present == newest_revision():
        return
    from indexer.store.migrate import upgrade  # here: Alembic takes a quarter of a second to import, for nothing mostly

    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            upgrade(connection)


def revision(connection: Connection) -> str | None:
    """The number of the migration that the database was brought to last; None when it never was."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def newest_revision() -> str:
    """The number that the last migration's file begins with."""
    return max(file.name for file in MIGRATIONS.glob("versions/*.py")).partition("_")[0]


def identity(engine: Engine) -> str:
    with engine.connect() as connection, connection.begin():
        found = connection.scalar(select(tables.archive.c.store_id))
    if found:
        return str(found)
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            name = connection.scalar(select(tables.archive.c.store_id))
            if name is None:
                name = secrets.token_hex(8)
                connection.execute(insert(tables.archive).values(store_id=name, made_at=clock.now()))
    return str(name)
