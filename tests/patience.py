"""How do tests wait for what other processes do?  Until it is so, and no longer than they have patience."""

import time
from collections.abc import Callable
from pathlib import Path

# Seconds: a dead host's job and lease end after more than a minute, and machines are busy.
PATIENCE = 300


def wait_for(condition: Callable[[], object], what: str, every: float = 0.1) -> None:
    """Look every so many seconds whether it is so. Raises AssertionError that says what was waited for."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(every)


def children_of(pid: int) -> list[int]:
    """The processes that a running one has started and not yet seen end."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
