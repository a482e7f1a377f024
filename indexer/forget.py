"""What need not be remembered for ever?  Lines of jobs, ended jobs, failed sign-ins, letters; a slice at a time."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from indexer import clock
from indexer.settings import Settings
from indexer.store import Store, oldest

# A slice deletes so few rows that its write stays far below a tenth of a second; then others have their turn.
ROWS, REST_SECONDS = 200, 0.05


def forget(store: Store, settings: Settings, rest: Callable[[float], None] = time.sleep) -> dict[str, int]:
    """Delete what is older than the settings keep it; how many rows of each kind."""
    now = clock.now()

    def before(days: int) -> datetime:
        return now - timedelta(days=max(1, days))

    limits = {
        "job lines": (oldest.job_lines, before(min(settings.days_of_job_lines, settings.days_of_jobs))),
        "jobs": (oldest.jobs, before(settings.days_of_jobs)),
        "failed sign-ins": (oldest.failed_sign_ins, before(settings.days_of_failed_sign_ins)),
        "letters": (oldest.letters, before(settings.days_of_letters)),
        "knocks": (oldest.knocks, before(2)),
    }
    return {kind: all_of(store, drop, limit, rest) for kind, (drop, limit) in limits.items()}


def all_of(store: Store, drop: oldest.Drop, limit: datetime, rest: Callable[[float], None]) -> int:
    total = 0
    while True:
        with store.write() as connection:
            gone = drop(connection, limit, ROWS)
        total += gone
        if gone < ROWS:
            return total
        rest(REST_SECONDS)
