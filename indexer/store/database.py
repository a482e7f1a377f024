"""How is the database opened, written and brought up to date?"""

import errno
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from indexer import clock
from indexer.errors import KhotinError, NotNowError
from indexer.lasting import sync
from indexer.settings import pages_address, store_address
from indexer.store import postgres, tables
from indexer.store.bucket import Bucket

FILE_NAME = "khotin.db"
MIGRATIONS = Path(__file__).parent / "migrations"
# A writer waits this long for the one before it; no write may last longer than 100 ms, so a hundred fit in.
WAIT_SECONDS = 10
# Whose turn it is to begin; held only until the writer before has ended.
TURN_FILE, LOOK_SECONDS = "khotin.turn", 0.005


@dataclass(frozen=True, slots=True)
class Store:
    """One archive: its data folder, its database (a file in it, or on a server) and its name."""

    home: Path
    engine: Engine
    id: str

    pages: Path | Bucket | None = None  # elsewhere than in the data folder

    @property
    def warc(self) -> Path | Bucket:
        return self.pages or self.home / "warc"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def is_served(self) -> bool:
        """Is the database on a server, and no file of ours?"""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database from its first statement on."""
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(postgresql_readonly=True)
                with connection.begin():
                    yield connection
        except DBAPIError as problem:
            raise told(problem, self.engine, self.home) from problem

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One short transaction (≤ 100 ms: no network, pyvi or Whoosh inside); all of it or nothing is kept."""
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(writes=True)
                with nullcontext() if self.is_served else turn(self.home):
                    begun = connection.begin()
                with begun:
                    yield connection
        except DBAPIError as problem:
            raise told(problem, self.engine, self.home) from problem

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def turn(home: Path) -> Iterator[None]:
    """Writers begin one after the other. SQLite alone lets one that writes again and again starve those that wait."""
    try:
        file = (home / TURN_FILE).open("ab")
    except OSError:  # a full disk or one that is not ours: the database itself will say so
        yield
        return
    with file:
        over = time.monotonic() + WAIT_SECONDS
        while not is_taken(file):
            if time.monotonic() > over:
                raise busy(home)
            time.sleep(LOOK_SECONDS)
        yield


def is_taken(file: BinaryIO) -> bool:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def busy(home: Path) -> NotNowError:
    return NotNowError(
        "Another Khotin process has been writing to %(home)s for %(seconds)s seconds. Try again later.",
        home=home,
        seconds=WAIT_SECONDS,
    )


def told(problem: DBAPIError, engine: Engine, home: Path) -> Exception:
    if engine.dialect.name == "postgresql":
        return postgres.told_plainly(problem, postgres.shown(engine))
    return told_plainly(problem, home) if isinstance(problem, OperationalError) else problem


def told_plainly(problem: OperationalError, home: Path) -> Exception:
    """A full disk and a busy database are the operator's to mend; everything else is ours."""
    told = str(problem.orig)
    if "disk is full" in told or "disk I/O" in told:
        return NotNowError(
            "The disk that holds %(home)s is full. Nothing was lost; free space and start again.",
            home=home,
        )
    if "locked" in told:
        return busy(home)
    return problem


def has_archive(home: Path) -> bool:
    """Raises NotNowError when the server that would know does not answer."""
    address = store_address(home)
    if not address:
        return (home / FILE_NAME).exists()
    engine = postgres.connect(address, home)
    try:
        with engine.connect() as connection:
            return postgres.has_archive(connection)
    except DBAPIError as problem:
        raise told(problem, engine, home) from problem
    finally:
        engine.dispose()


def open_store(home: Path, create: bool = False) -> Store:
    """Open the archive in ``home``, bringing an older one up to date.

    Raises KhotinError when the folder holds no archive (and ``create`` is off), a foreign file or a newer archive.
    """
    return replace(identified(prepared(home, store_address(home), create)), pages=pages_of(home))


def pages_of(home: Path) -> Path | Bucket | None:
    """Where the settings say that fetched pages are kept; None for the data folder itself."""
    told, endpoint = pages_address(home)
    if "://" in told:
        return Bucket(told, endpoint)
    if told and not Path(told).is_dir():  # a shared folder that is not mounted must not be taken for an empty one
        raise KhotinError("The folder of fetched pages %(folder)s is not there. Mount it, or make it.", folder=told)
    return Path(told) if told else None


def open_file(home: Path) -> Store:
    """Open the file in ``home``, wherever the settings say that archives are kept."""
    return identified(prepared(home, ""))


def prepared(home: Path, address: str, create: bool = False) -> Store:
    """The database in its newest shape, on the server at an address or in the folder; yet without its name."""
    make = on_server if address else in_file
    return Store(home, make(home, address, create), "")


def identified(store: Store) -> Store:
    with opening(store.engine, store.home):
        return replace(store, id=identity(store))


@contextmanager
def opening(engine: Engine, home: Path) -> Iterator[None]:
    """What cannot be opened is left, and told why."""
    try:
        yield
    except DBAPIError as problem:
        engine.dispose()
        raise unusable(problem, engine, home) from problem
    except BaseException:
        engine.dispose()
        raise


def on_server(home: Path, address: str, create: bool) -> Engine:
    engine = postgres.connect(address, home)
    with opening(engine, home):
        with engine.connect() as connection:
            exists = postgres.has_archive(connection)
        if not exists and not create:
            raise no_archive(postgres.shown(engine))
        make_folder(home)
        if not exists:
            postgres.make_room(engine, home, address)
        migrate(engine)
    return engine


def in_file(home: Path, _: str, create: bool) -> Engine:
    path = home / FILE_NAME
    if not path.exists() and not create:
        raise no_archive(home)
    make_folder(home)
    engine = connect(path)
    with opening(engine, home):
        migrate(engine)
    return engine


def unusable(problem: DBAPIError, engine: Engine, home: Path) -> Exception:
    """Why a database could not be opened."""
    plain, path = told(problem, engine, home), home / FILE_NAME
    if plain is not problem or engine.dialect.name != "sqlite" or isinstance(problem, OperationalError):
        return plain
    if not isinstance(problem, DatabaseError):  # not about what the file holds
        return plain
    if "malformed" in str(problem.orig):
        sentence = "The database %(file)s is damaged. Bring the archive back from a backup: khotin restore FILE"
        return KhotinError(sentence, file=path)
    return KhotinError("%(file)s is no Khotin database. Move it away or choose another folder with --home.", file=path)


def no_archive(place: Path | str) -> KhotinError:
    return KhotinError(
        "There is no Khotin archive in %(home)s. Name its folder with --home, "
        "or make one with `khotin source add` or `khotin import`.",
        home=place,
    )


def make_folder(home: Path) -> None:
    try:
        if not home.exists():
            home.mkdir(parents=True, exist_ok=True)
            sync(home.parent)
        (home / "warc").mkdir(exist_ok=True)
    except OSError as problem:
        raise KhotinError(
            "%(home)s cannot be used as a data folder: %(problem)s.", home=home, problem=problem.strerror
        ) from None


def connect(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def connect_alone(path: Path) -> Engine:
    """A copy that nobody else opens: one file, without the journal beside it."""
    return create_engine(f"sqlite:///{path}")


def copy_to(store: Store, target: Path) -> None:
    """Write the database as it is now into a new file, without its free pages; others go on reading and writing.

    Raises OSError when it cannot be written.
    """
    if store.is_served:
        copy_into_file(store, target)
        return
    connection = sqlite3.connect(store.home / FILE_NAME, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as problem:
        raise OSError(errno.EIO, str(problem)) from problem
    finally:
        connection.close()


def copy_into_file(store: Store, target: Path) -> None:
    """The rows of a server as they are now, in the file that an archive without a server would have."""
    from indexer.store import copying

    engine = connect(target)
    try:
        migrate(engine)
        with store.read() as rows, engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                copying.copy(rows, connection)
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA journal_mode = DELETE")  # nothing of it is to lie beside it
        raw.close()
    except (OperationalError, sqlite3.Error) as problem:
        raise OSError(errno.EIO, str(problem)) from problem
    finally:
        engine.dispose()


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
        connection = connection.execution_options(writes=True, shapes=True)
        if engine.dialect.name == "postgresql":  # it sees what the one before it, for whom it waited, has done
            connection = connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            upgrade(connection)
            if engine.dialect.name == "postgresql":
                postgres.widen(connection)


def revision(connection: Connection) -> str | None:
    """The number of the migration that the database was brought to last; None when it never was."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def newest_revision() -> str:
    """The number that the last migration's file begins with."""
    return max(file.name for file in MIGRATIONS.glob("versions/*.py")).partition("_")[0]


def identity(store: Store) -> str:
    """The archive's name; the first who opens it gives it one."""
    with store.read() as connection:
        found = connection.scalar(select(tables.archive.c.store_id))
    if found:
        return str(found)
    with store.write() as connection:
        name = connection.scalar(select(tables.archive.c.store_id))
        if name is None:
            name = secrets.token_hex(8)
            connection.execute(insert(tables.archive).values(store_id=name, made_at=clock.now()))
    return str(name)
