"""How do tests get a real PostgreSQL?  On a free loopback port, in a temporary folder, thrown away at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ports import free_port

# The server refuses to run as root; Debian's package brings this user.
USER = "postgres"
SECONDS_TO_START = 60
# Nothing here outlives a test: a disk in memory, where there is one, syncs in no time.
MEMORY = Path("/dev/shm")
ENOUGH = 2_000_000_000
OPTIONS = {
    "shared_buffers": "64MB", "max_wal_size": "256MB", "max_connections": "200", "max_locks_per_transaction": "512",
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
}  # fmt: skip


@dataclass
class Postgres:
    """A server and its database "khotin"."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/khotin"

    @property
    def apart(self) -> str:
        """An address under which every data folder has a schema of its own."""
        return f"{self.address}?schema={{folder}}"

    def start(self) -> None:
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", self.folder / "data", "-p", str(self.port), *options],
                stdout=log, stderr=log, **as_somebody(),
            )  # fmt: skip
        end = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        asked = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT cuts who is connected; SIGQUIT is as good as a crash, after which the journal is read."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(SECONDS_TO_START)
            self.process = None

    def ask(self, statement: str, database: str = "khotin") -> list[tuple[object, ...]]:
        import psycopg

        place = f"host=127.0.0.1 port={self.port} user={USER} dbname={database}"
        with psycopg.connect(place, autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    def schemas(self) -> set[str]:
        """The archives in it: a schema for each data folder."""
        return {str(row[0]) for row in self.ask("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'k\\_%'")}

    def drop(self, names: set[str]) -> None:
        """Forget archives; processes that still look at one are cut off."""
        if names:
            self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in%'")
            self.ask(f"DROP SCHEMA {', '.join(sorted(names))} CASCADE")


def program(name: str) -> str:
    """A program of the newest PostgreSQL of this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    assert found, "These tests need PostgreSQL. Install it with: sudo apt-get install postgresql"
    return str(found[-1])


def as_somebody() -> dict[str, object]:
    """Who runs the server: we, unless we are root."""
    return {"user": USER, "group": USER, "extra_groups": ()} if os.geteuid() == 0 else {}


@contextmanager
def running() -> Iterator[Postgres]:
    """A server that runs until the end, with an empty database that sorts as SQLite does."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    folder = Path(tempfile.mkdtemp(prefix="khotin-postgres-", dir=MEMORY if in_memory else None))
    if os.geteuid() == 0:
        somebody = pwd.getpwnam(USER)
        os.chown(folder, somebody.pw_uid, somebody.pw_gid)
    server = Postgres(folder, free_port())
    try:
        made = [program("initdb"), "-D", folder / "data", "-U", USER, "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_somebody())  # type: ignore[call-overload]
        server.start()
        server.ask("CREATE DATABASE khotin", "postgres")
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
