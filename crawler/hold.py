"""How does only one round go over a host?  A lease held by the crawl itself, renewed while it lives."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from indexer import leases
from indexer.errors import KhotinError
from indexer.leases import HELD_SECONDS, RENEW_SECONDS, holder, is_alive
from indexer.store import Store

MISSES = 2  # two renewals missed leave half of the lease to stop in
LOOK_SECONDS = 1.0
GRACE_SECONDS = 20  # after that a crawl that was to stop is ended; what it fetched is kept


class Taken(KhotinError):
    """Another round holds the host."""


@contextmanager
def holding(store: Store, host: str, job_id: int | None, parent: int | None, stop: threading.Event) -> Iterator[None]:
    """Hold a host's lease; sets ``stop`` when it is lost or when the process that started us has died."""
    name, me = f"host:{host}", holder(os.getpid())
    with store.write() as connection:
        before = leases.last_holder(connection, name)
        # a living process beside us holds on whatever the clock says: two rounds would write into one file
        if (before and is_alive(before)) or not leases.take_over(connection, name, me, HELD_SECONDS, job_id):
            raise Taken("Another round over %(host)s is running already. Wait for its end.", host=host)
    ended = threading.Event()

    def renew() -> bool:
        with store.write() as connection:
            return leases.renew(connection, name, me, HELD_SECONDS)

    keeper = threading.Thread(target=keep, args=(renew, parent, stop, ended), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
        with store.write() as connection:
            leases.release(connection, name, me)


def keep(renew: Callable[[], bool], parent: int | None, stop: threading.Event, ended: threading.Event) -> None:
    """Renew the lease and watch the parent, until the round has ended or must."""
    missed, renewed = 0, time.monotonic()
    while not ended.wait(LOOK_SECONDS):
        if time.monotonic() - renewed >= RENEW_SECONDS:
            renewed = time.monotonic()
            missed = 0 if succeeds(renew) else missed + 1
        # Asked, not signalled: the kernel's signal would already come when the parent's thread ends.
        if missed >= MISSES or (parent is not None and os.getppid() != parent):
            stop.set()
            if not ended.wait(GRACE_SECONDS):
                os._exit(1)


def succeeds(renew: Callable[[], bool]) -> bool:
    try:
        return renew()
    except Exception:  # a busy database or a full disk: a renewal is missed, whatever the reason
        return False
