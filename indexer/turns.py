"""Whose turn is it, over all threads, processes and hosts?  A lease of the store that is waited for."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer import leases
from indexer.store import Store

PAUSE_SECONDS = 0.2

# Threads of one process hold leases under one name: among themselves they take turns by these.
among_threads: defaultdict[tuple[Path, str], threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def turn(store: Store, name: str) -> Iterator[None]:
    """Hold the lease ``name``, once nobody else does; it ends with this process at the latest."""
    with among_threads[store.home, name]:
        while True:
            with leases.held(store, [name]) as taken:
                if not taken:
                    yield
                    return
            time.sleep(PAUSE_SECONDS)
