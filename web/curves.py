"""How are trends drawn?  Figures become lines, marks and labels, all places in percent of the drawing (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.trends import Series, Trends
from web.timeline import Label, labels

# Lines are told apart by letter, dashes and marks; the colour, of the site's palette, only helps.
LETTERS = "ABCDEF"
DASHES = ("none", "9 4", "2 4", "14 4 2 4", "5 3 1 3", "20 5")
MARKS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "M-3.6 -3.6h7.2v7.2h-7.2z",
    "M0 -4.8L4.6 3.6H-4.6z",
    "M0 -5L5 0L0 5L-5 0z",
    "M-4.6 -3.6H4.6L0 4.8z",
    "M-1.4 -4.6h2.8v3.2h3.2v2.8h-3.2v3.2h-2.8v-3.2h-3.2v-2.8h3.2z",
)
# Those of the light page, for a drawing that is taken away.
COLOURS = ("#8f1d21", "#17456e", "#2f6b3c", "#7a5a12", "#5a3a78", "#1c2530")
# The drawing's inner edges: room for the letters at its right, and for half a mark above and below.
RIGHT, TOP, BOTTOM = 96.0, 5.0, 97.0
# Letters at the ends of lines need so much room, in percent of the height.
LETTER_ROOM = 6.0
# A scale has at most so many steps, each 1, 2 or 5 times a power of ten.
STEPS = 4
# Beyond so many spans marks on every point would hide the lines.
MOST_LARGE_MARKS = 60


@dataclass(frozen=True, slots=True)
class Point:
    """The hits of one span, where there are any."""

    span: str
    hits: int
    rate: float | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One question's line: its path in thousandths of the drawing, its points, and where its letter stands."""

    number: int
    series: Series
    path: str
    points: tuple[Point, ...]
    end: float

    @property
    def letter(self) -> str:
        return LETTERS[self.number]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the drawing shows. ``ticks``: a value of the scale and its height."""

    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, float], ...]
    labels: tuple[Label, ...]
    small: bool  # many points, so small marks
    anchor: str  # a year's label stands under its point, or where its months begin


def draw(found: Trends, rates: bool) -> Chart | None:
    """The drawing of some trends, as counts or as ``rates``; None when there is nothing to draw."""
    drawn = [(number, each) for number, each in enumerate(found.series) if each.mistake is None]
    if not found.spans or not drawn:
        return None
    values = {number: heights(found, each, rates) for number, each in drawn}
    step = step_of(max((value for each in values.values() for value in each if value), default=1.0), rates)
    highest = max([step, *(value for each in values.values() for value in each if value)])
    top = step * math.ceil(round(highest / step, 6))
    lines = [curve(number, each, found, values[number], top) for number, each in drawn]
    ends = apart([each.end for each in lines])
    return Chart(
        tuple(replace(each, end=end) for each, end in zip(lines, ends, strict=True)),
        tuple((tidy(step * number), height(step * number, top)) for number in range(round(top / step) + 1)),
        placed_labels(found),
        len(found.spans) > MOST_LARGE_MARKS,
        "middle" if found.by == "year" else "start",
    )


def placed_labels(found: Trends) -> tuple[Label, ...]:
    half = 50 / len(found.spans) if found.by == "year" else 0
    made = labels([(span, 0, 0) for span in found.spans])
    return tuple(replace(each, x=round((each.x + half) * RIGHT / 100, 3)) for each in made)


def heights(found: Trends, each: Series, rates: bool) -> list[float | None]:
    return found.rates(each) if rates else [float(hits) for hits in each.hits]


def step_of(highest: float, rates: bool) -> float:
    """A round step that divides the scale into a few parts; counts have no halves."""
    power = 10.0 ** math.floor(math.log10(highest / STEPS))
    step = next(power * times for times in (1, 2, 5, 10) if power * times * STEPS >= highest)
    return step if rates else max(1.0, step)


def tidy(value: float) -> float:
    return round(value, 6)


def height(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 2)


def curve(number: int, each: Series, found: Trends, values: Sequence[float | None], top: float) -> Curve:
    xs = [round(RIGHT * (place + 0.5) / len(found.spans), 2) for place in range(len(found.spans))]
    ys = [None if value is None else height(value, top) for value in values]
    rates = found.rates(each)
    points = tuple(
        Point(span, hits, rate, x, y)
        for span, hits, rate, x, y in zip(found.spans, each.hits, rates, xs, ys, strict=True)
        if hits and y is not None
    )
    return Curve(number, each, path(xs, ys), points, next((y for y in reversed(ys) if y is not None), BOTTOM))


def path(xs: Sequence[float], ys: Sequence[float | None]) -> str:
    """A line through all places; where a span has no value it is broken."""
    parts, broken = [], True
    for x, y in zip(xs, ys, strict=True):
        if y is not None:
            parts.append(f"{'M' if broken else 'L'}{10 * x:.0f} {10 * y:.0f}")
        broken = y is None
    return "".join(parts)


def apart(wanted: Sequence[float]) -> list[float]:
    """Heights for letters, as near to those wanted as room allows, in the same order."""
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    placed = list(wanted)
    for above, number in pairwise(order):
        placed[number] = max(placed[number], placed[above] + LETTER_ROOM)
    lowest = BOTTOM
    for number in reversed(order):
        placed[number] = round(min(placed[number], lowest), 2)
        lowest = placed[number] - LETTER_ROOM
    return placed
