"""Who holds what, and until when?  A lease ends by itself unless its holder renews it."""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from indexer import clock
from indexer.errors import NotNowError
from indexer.store.database import Store
from indexer.store.dialects import upsert
from indexer.store.tables import leases

# How long a lease lasts that its holder renews, and how often that does.
HELD_SECONDS, RENEW_SECONDS = 60, 15
BOOT = Path("/proc/sys/kernel/random/boot_id")


def take(connection: Connection, name: str, holder: str, seconds: float, job_id: int | None = None) -> bool:
    """Take a lease that is free, ended or one's own; False when another holds it."""
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    row = {"name": name, "holder": holder, "job_id": job_id, "until": until}
    # one that would end later than any given now was given before the clock was put back
    is_free = (leases.c.until < now) | (leases.c.until > until) | (leases.c.holder == holder)
    wish = upsert(leases).values(row).on_conflict_do_update(index_elements=["name"], set_=row, where=is_free)
    return connection.execute(wish).rowcount == 1


def renew(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    """Hold on for so many seconds more; False when the lease is another's by now."""
    mine = update(leases).where(leases.c.name == name, leases.c.holder == holder)
    return connection.execute(mine.values(until=clock.now() + timedelta(seconds=seconds))).rowcount == 1


def release(connection: Connection, name: str, holder: str) -> None:
    """Give a lease back; another's stays untouched."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def last_holder(connection: Connection, name: str) -> str | None:
    """Who holds a lease, or held it last, had not given it back, and may be at work still."""
    return connection.execute(select(leases.c.holder).where(leases.c.name == name)).scalar()


def holder_of(connection: Connection, name: str) -> str | None:
    """Who holds a lease now."""
    held = select(leases.c.holder).where(leases.c.name == name, leases.c.until >= clock.now())
    return connection.execute(held).scalar()


def take_over(connection: Connection, name: str, me: str, seconds: float, job_id: int | None = None) -> bool:
    """Take a lease that is free, or that a dead process beside us held."""
    before = last_holder(connection, name)
    if before and is_dead(before):
        release(connection, name, before)
    return take(connection, name, me, seconds, job_id)


@contextmanager
def held(store: Store, names: Sequence[str]) -> Iterator[str]:
    """Hold all of some leases, renewed as long as this process lives; gives the name of one that another holds, else
    an empty one.  What a dead process held is free."""
    me, taken, ended = holder(os.getpid()), list[str](), threading.Event()
    keeper = threading.Thread(target=keep_renewed, args=(store, taken, me, ended), name="leases", daemon=True)
    try:
        with store.write() as connection:
            for name in names:
                taken += [name] if take_over(connection, name, me, HELD_SECONDS) else []
        keeper.start()
        yield next((name for name in names if name not in taken), "")
    finally:
        ended.set()
        with store.write() as connection:
            for name in taken:
                release(connection, name, me)


def keep_renewed(store: Store, names: Sequence[str], me: str, ended: threading.Event) -> None:
    while not ended.wait(RENEW_SECONDS):
        for name in names:
            with suppress(NotNowError), store.write() as connection:  # it is tried again before the lease ends
                renew(connection, name, me, HELD_SECONDS)


def holder(pid: int) -> str:
    """Which process this is, in a way that no later process can be taken for it."""
    return f"{socket.gethostname()}|{namespace()}|{pid}|{began(pid)}"


def is_dead(told: str) -> bool:
    """Has the holder died?  Known only of processes beside us; all others are believed until the lease ends."""
    return is_beside_us(told) and not is_alive(told)


def is_alive(told: str) -> bool:
    """Does the holder live?  Known only of processes beside us."""
    return is_beside_us(told) and holder(int(told.split("|")[2])) == told


def is_beside_us(told: str) -> bool:
    return told.count("|") == 3 and told.split("|")[:2] == [socket.gethostname(), namespace()]


def namespace() -> str:
    """Containers count their processes apart, and so do hosts: many bear one name, and the first namespace of each
    kernel has one number everywhere. What tells kernels apart is drawn anew at each start."""
    try:
        return f"{BOOT.read_text().strip()} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def began(pid: int) -> str:
    """When a living process began, in the kernel's ticks; empty when there is none."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state in "ZX" else rest[18]
