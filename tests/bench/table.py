"""How are figures told?  One table: what was measured, ours, the peer's, their ratio, and what is wanted."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")
Clock = Callable[[], float]
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; what does not apply is left empty."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    wanted: str = ""


HEAD = Row("what", "ours", "peer", "ratio", "wanted")


def print_table(rows: Iterable[Row]) -> None:
    cells = [(row.what, row.ours, row.peer, row.ratio, row.wanted) for row in (HEAD, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for number, line in enumerate(cells):
        print(" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if not number:
            print("-|-".join("-" * width for width in widths))


def tell(line: str) -> None:
    """How far we are; the table alone goes to stdout."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def timed(what: Callable[[], T], clock: Clock = time.perf_counter) -> tuple[T, float]:
    """The answer, and the seconds that it took."""
    began = clock()
    return what(), clock() - began


def spread(seconds: Sequence[float]) -> list[float]:
    """p50, p95 and p99 in milliseconds."""
    return [float(each) * 1000 for each in np.percentile(seconds, PERCENTILES)] if seconds else []


def milliseconds(seconds: Sequence[float]) -> str:
    told = " / ".join(f"{each:.2f}" if each < 10 else f"{each:.0f}" for each in spread(seconds))
    return f"{told} ms" if told else ""


def times_faster(ours: Sequence[float], peer: Sequence[float]) -> str:
    """How many times the peer's time is ours, at p50 and p95, over the same questions."""
    (own50, own95, _), (peer50, peer95, _) = spread(ours), spread(peer)
    return f"{peer50 / own50:.2f} x, {peer95 / own95:.2f} x faster"


def times_its_time(ours: Sequence[float], peer: Sequence[float]) -> str:
    """How many times our time is the peer's, at p50 and p95."""
    (own50, own95, _), (peer50, peer95, _) = spread(ours), spread(peer)
    return f"{own50 / peer50:.2f} x, {own95 / peer95:.2f} x its time"
