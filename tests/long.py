"""How long does a long proof run, and does memory stay flat meanwhile?"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

# What fills first, caches and pools, is no leak: so much of the run does not count.
WARM_UP = 0.25
FLAT = 0.10


def length(name: str, full: int) -> int:
    """How much a proof does: what the environment variable says, else the full length."""
    return int(os.environ.get(name, full))


def pss(process: int) -> int:
    """The memory of a process in KB, what it shares with others divided among them."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    assert found
    return int(found[1])


def growth(samples: Sequence[float]) -> float:
    """By which part of itself it grew, by a straight line through what came after the warm-up."""
    rest = np.array(samples[int(len(samples) * WARM_UP) :], dtype=np.float64)
    assert len(rest) > 3, "too few samples to speak of growth"
    slope, start = np.polyfit(np.arange(len(rest)), rest, 1)
    return float(slope * (len(rest) - 1) / start)
