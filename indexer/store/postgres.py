"""How is an archive kept on a PostgreSQL server?  How it is reached, written by one after the other, and told of."""

import hashlib
import re
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from indexer.errors import KhotinError, NotNowError

# A writer waits this long for the one before it, as it does with SQLite.
WAIT_SECONDS = 10
# A writer that froze in the middle of its work is cut off after this, else all others would wait for ever; and a
# server, or a host with a writer, that fell silent without a word is given up about as soon.
SILENT_SECONDS = 60
# Nothing here is longer than a screen: a server may take its time, a reader may not.
CONNECT_SECONDS = 10
OPTIONS = {
    "TimeZone": "UTC",
    "lock_timeout": f"{WAIT_SECONDS}s",
    "tcp_keepalives_idle": 20,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 4,
}
# Writers begin one after the other, so that change numbers appear in the order in which they rise. This comes first in
# a transaction, and asking for a lock looks at no row: what a writer sees is of the moment when it is granted.
TURN = f"SET LOCAL idle_in_transaction_session_timeout = '{SILENT_SECONDS}s'; LOCK TABLE archive IN EXCLUSIVE MODE"
# Who brings the shape up to date: there may be no table yet to lock.
SHAPING = "SELECT pg_advisory_xact_lock(hashtext('khotin ' || current_schema()))"
SCHEMA = re.compile(r"\w{1,63}", re.ASCII)
FOLDER = "{folder}"


def connect(address: str, home: Path) -> Engine:
    """The server at an address.  Raises KhotinError for one that cannot be read, or when the driver is missing."""
    url, schema = parted(address, home)
    given = str(url.query.get("options", ""))
    told = OPTIONS | ({"search_path": schema} if schema else {})
    options = " ".join([given, *(f"-c {name}={value}" for name, value in told.items())]).strip()
    arguments: dict[str, Any] = {
        "options": options,
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "khotin",
        "tcp_user_timeout": SILENT_SECONDS * 1000,
    }
    try:
        engine = create_engine(
            url.difference_update_query(["options"]),
            connect_args=arguments,
            isolation_level="REPEATABLE READ",
            execution_options={"preserve_rowcount": True},  # also of inserts: it tells whether one was let in
            pool_pre_ping=True,  # a server that was started again is met as if nothing had been
        )
    except ModuleNotFoundError:
        sentence = "The store is on PostgreSQL, and its driver is missing. Install it with: pip install khotin[cluster]"
        raise KhotinError(sentence) from None
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def parted(address: str, home: Path) -> tuple[URL, str]:
    """An address as the driver reads it, and the schema that it names."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise unreadable() from None
    if url.drivername.partition("+")[0] not in ("postgresql", "postgres") or not url.database:
        raise unreadable()
    schema = str(url.query.get("schema", "")).replace(FOLDER, name_of(home))
    if schema and not SCHEMA.fullmatch(schema):
        raise unreadable()
    return url.set(drivername="postgresql+psycopg").difference_update_query(["schema"]), schema


def unreadable() -> KhotinError:
    return KhotinError(
        "The setting store is no address of a database. Write it as postgresql://USER:PASSWORD@HOST/DATABASE, "
        "or leave it empty to keep the archive in the data folder."
    )


def name_of(home: Path) -> str:
    """A schema for each data folder, by its path."""
    return f"k_{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]}"


def shown(engine: Engine) -> str:
    """The address without its password."""
    url = engine.url.set(drivername="postgresql")
    return url.set(query={}).render_as_string(hide_password=True)


def prepare(connection: Any, _: Any) -> None:
    from psycopg.types.string import StrDumper

    class WithoutNul(StrDumper):
        """PostgreSQL's texts cannot hold the character 0; what reads HTML puts this one in its place too."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\x00", "\ufffd") if "\x00" in obj else obj)

    connection.adapters.register_dumper(str, WithoutNul)
    connection.adapters.register_loader("numeric", as_number())


def as_number() -> Any:
    """Sums are whole numbers here, as they are with SQLite."""
    from psycopg.adapt import Loader

    class Number(Loader):
        def load(self, data: Any) -> int | float:
            told = bytes(data)
            return int(told) if told.lstrip(b"-").isdigit() else float(told)

    return Number


def begin(connection: Connection) -> None:
    wanted = connection.get_execution_options()
    if wanted.get("writes", False):
        connection.exec_driver_sql(SHAPING if wanted.get("shapes", False) else TURN)


def has_archive(connection: Connection) -> bool:
    """Is there an archive where the address leads to?"""
    return connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")) is True


def is_empty(connection: Connection) -> bool:
    return not connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"))


def make_room(engine: Engine, home: Path, address: str) -> None:
    """A schema to put a new archive into.  Raises KhotinError when the database sorts in another way than we do."""
    _, schema = parted(address, home)
    with engine.connect() as connection, connection.begin():
        asked = (
            "SELECT datcollate, datctype, pg_encoding_to_char(encoding) FROM pg_database "
            "WHERE datname = current_database()"
        )
        order, letters, encoding = connection.execute(text(asked)).one()
        if {order, letters} - {"C", "POSIX"} or encoding != "UTF8":
            raise KhotinError(
                "The database %(place)s sorts by the rules of a language, and Khotin needs the order of the "
                "characters. Make it with: CREATE DATABASE %(name)s TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'",
                place=shown(engine),
                name=engine.url.database,
            )
        if schema:  # one after the other: two that make it at once would both find it missing
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": schema})
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))


def widen(connection: Connection) -> None:
    """SQLite's whole numbers have 64 bits: ours get as many, whatever a migration called them."""
    asked = (
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
        "FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'integer'"
    )
    for table, column, sequence in connection.execute(text(asked)).all():
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE bigint'))
        if sequence:
            connection.execute(text(f"ALTER SEQUENCE {sequence} AS bigint"))


def told_plainly(problem: DBAPIError, place: str) -> Exception:
    """What the operator can mend, in a sentence; everything else is ours."""
    state = str(getattr(problem.orig, "sqlstate", None) or "")
    told = str(problem.orig).strip().splitlines()
    values = {"place": place, "problem": told[-1].strip() if told else state}
    if state == "53100":
        sentence = "The disk of the database server of %(place)s is full. Nothing was lost; free space there."
        return NotNowError(sentence, **values)
    if state in ("55P03", "40001", "40P01"):
        sentence = "Another Khotin process has been writing to %(home)s for %(seconds)s seconds. Try again later."
        return NotNowError(sentence, home=place, seconds=WAIT_SECONDS)
    if state == "25006":
        sentence = "The database server of %(place)s lets nobody write. Name the one that does in the setting store."
        return NotNowError(sentence, **values)
    if is_gone(problem, state):
        sentence = (
            "The database %(place)s cannot be reached: %(problem)s. Nothing was lost; "
            "look at its server, and at the setting store."
        )
        return NotNowError(sentence, **values)
    return problem


def is_gone(problem: DBAPIError, state: str) -> bool:
    """Has the server ended, gone away, or no place for one more?"""
    import psycopg

    silent = not state and isinstance(problem.orig, psycopg.OperationalError)
    return silent or problem.connection_invalidated or state[:2] in ("08", "57", "53", "28", "3D") or state == "25P03"
