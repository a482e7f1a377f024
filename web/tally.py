"""Where are programs' requests counted?  In this process; or in Redis, for all processes of all hosts together.

A Redis that is gone refuses no reader: each process counts for itself meanwhile, and an alarm rings.
"""

import logging
import threading
import time
from contextlib import suppress
from typing import NamedTuple

from limits import RateLimitItem
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from indexer import alarms
from indexer.errors import KhotinError
from indexer.store import Store

logger = logging.getLogger(__name__)

CAUSE = "limits"
GONE = "Redis at %(place)s does not answer: how often programs ask is counted in each process by itself until it does."
BACK = "Redis at %(place)s answers again: how often programs ask is counted for all processes together."
# A request waits so long for Redis, which answers in a thousandth of it; one that did not is left alone for a while.
WAIT_SECONDS, AGAIN_SECONDS = 0.25, 2.0


class Counted(NamedTuple):
    """A request that was counted: may it be answered, how many more may come, in how many seconds it begins anew."""

    allowed: bool
    remaining: int
    seconds: int


class Tally:
    """Counts in Redis where one is set and answers, else in memory."""

    def __init__(self, address: str, store: Store) -> None:
        self.store, self.place = store, address.rpartition("@")[2].removeprefix("redis://")
        self.here = FixedWindowRateLimiter(MemoryStorage())
        self.together = FixedWindowRateLimiter(opened(address)) if address else None
        self.gone, self.ask_at, self.lock = False, 0.0, threading.Lock()

    def hit(self, most: RateLimitItem, asker: str) -> Counted:
        if self.together and time.monotonic() >= self.ask_at:
            try:
                found = counted(self.together, most, asker)
            except StorageError:
                self.ask_at = time.monotonic() + AGAIN_SECONDS
                self.turn(gone=True)
            else:
                self.turn(gone=False)
                return found
        return counted(self.here, most, asker)

    def turn(self, *, gone: bool) -> None:
        """Tell once that Redis is gone, and once that it is back."""
        with self.lock:
            if self.gone == gone:
                return
            self.gone = gone
        logger.warning(GONE if gone else BACK, {"place": self.place})
        with suppress(KhotinError), self.store.write() as connection:  # a busy store must not refuse readers either
            if gone:
                alarms.ring(connection, CAUSE, GONE, place=self.place)
            else:
                alarms.calm(connection, CAUSE)


def counted(limiter: FixedWindowRateLimiter, most: RateLimitItem, asker: str) -> Counted:
    allowed = limiter.hit(most, asker)
    window = limiter.get_window_stats(most, asker)
    return Counted(allowed, window.remaining, max(1, round(window.reset_time - time.time())))


def opened(address: str) -> Storage:
    """Raises KhotinError for what is no address of a Redis, or when its library is not installed."""
    waiting = {"socket_timeout": WAIT_SECONDS, "socket_connect_timeout": WAIT_SECONDS}
    try:
        return storage_from_string(address, wrap_exceptions=True, **waiting)  # type: ignore[return-value]
    except ConfigurationError as problem:
        if "prerequisite" in str(problem):
            raise KhotinError(
                "The setting “limits” names a Redis; what speaks to it is not installed: pip install khotin[cluster]"
            ) from None
        sentence = "The setting “limits” is no address of a Redis. An example: redis://10.0.0.5:6379/0"
        raise KhotinError(sentence) from None
