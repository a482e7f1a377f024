"""When was it written about?  The months of an answer become bars, labels and a table (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

Row = tuple[str, int, int]  # month ("2024-03", "" when unknown), hits, all articles of the archive

# Beyond twenty-five years a month is three pixels wide, too little to be hit: then each bar is a year.
MOST_MONTHS = 300
# Labels that fit beside each other on a desktop and on a phone of 360 pixels.
WIDE_LABELS, NARROW_LABELS = 16, 5
# The part of the width that a label needs on a desktop, and where one must begin to end within the drawing.
ROOM = 0.045
WIDE_END, NARROW_END = 96.0, 91.0
# The drawing's own units: each bar has a place so wide, and takes a part of it; the rest is air between bars.
PLACE, BAR = 10, 8
ENLARGEMENTS = tuple(figure * 10**zeros for zeros in range(6) for figure in (1, 2, 5))
# Enlarged bars stay below the tallest of the archive, so that nobody takes one for the other.
ROOM_FOR_HITS = 0.7
# In percent of the height: one article among thousands must still be seen.
LOWEST = 4.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A month (or year) with its hits over the archive's own volume; heights in percent of the drawing."""

    span: str
    hits: int
    everything: int
    hits_height: float
    everything_height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A year under the bars; a ``minor`` one is left out where it is narrow."""

    year: str
    x: float
    minor: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that the drawing and its table show. ``years`` holds each year's hits by month (as one number where each bar
    is a year)."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    years: tuple[tuple[str, tuple[int, ...]], ...]
    hits: int
    peak: Bar | None
    undated: Bar  # beside the others, on their scale as far as it reaches
    enlarged: int  # by how much the hits are drawn larger than the archive's volume

    @property
    def width(self) -> int:
        return PLACE * len(self.bars)

    @property
    def volume(self) -> str:
        """All bars of the archive's own volume, as one path."""
        return path([bar.everything_height for bar in self.bars])

    @property
    def found(self) -> str:
        """All bars of the hits, as one path."""
        return path([bar.hits_height for bar in self.bars])

    @property
    def first(self) -> str:
        return self.years[0][0]

    @property
    def last(self) -> str:
        return self.years[-1][0]


def draw(rows: Sequence[Row]) -> Timeline | None:
    """The drawing of a timeline; None when the archive holds no dated article."""
    dated = [row for row in rows if row[0]]
    if not dated:
        return None
    undated = next((row for row in rows if not row[0]), ("", 0, 0))
    spans = dated if len(dated) <= MOST_MONTHS else by_year(dated)
    highest = max(everything for _, _, everything in spans)
    most = max(hits for _, hits, _ in spans)
    times = enlargement(most, highest)
    bars = tuple(bar(row, highest, times) for row in spans)
    peak = max(bars, key=lambda each: each.hits)
    return Timeline(
        bars=bars,
        labels=labels(spans),
        years=tuple(table(dated)) if spans is dated else tuple((row[0], (row[1],)) for row in spans),
        hits=sum(row[1] for row in dated),
        peak=peak if peak.hits else None,
        undated=bar(undated, max(highest, undated[2], undated[1] * times), times),
        enlarged=times,
    )


def by_year(rows: Sequence[Row]) -> list[Row]:
    years: dict[str, tuple[int, int]] = {}
    for month, hits, everything in rows:
        known = years.get(month[:4], (0, 0))
        years[month[:4]] = (known[0] + hits, known[1] + everything)
    return [(year, *counts) for year, counts in years.items()]


def bar(row: Row, highest: int, times: int) -> Bar:
    span, hits, everything = row
    return Bar(span, hits, everything, height(hits * times, highest), height(everything, highest))


def enlargement(most: int, highest: int) -> int:
    """By which round number hits are drawn larger, so that a rare question has a shape as well."""
    fitting = [step for step in ENLARGEMENTS if most * step <= ROOM_FOR_HITS * highest]
    return max(fitting, default=1) if most else 1


def path(heights: Sequence[float]) -> str:
    """Bars side by side in one path: a page of results has hundreds of them."""
    drawn = (f"M{PLACE * at} 100v-{high:g}h{BAR}v{high:g}z" for at, high in enumerate(heights) if high)
    return "".join(drawn)


def height(count: int, highest: int) -> float:
    return round(max(LOWEST, 100 * count / highest), 1) if count else 0.0


def labels(spans: Sequence[Row]) -> tuple[Label, ...]:
    """A label where a year begins, thinned out until they fit."""
    starts = [
        (row[0][:4], number)
        for number, row in enumerate(spans)
        if number == 0 or row[0][:4] != spans[number - 1][0][:4]
    ]
    if len(starts) > 1 and starts[1][1] < len(spans) * ROOM:  # the first year may be a few months only
        starts = starts[1:]
    starts = starts[:: step(len(starts), WIDE_LABELS)]
    narrow = step(len(starts), NARROW_LABELS)
    placed = [(year, round(100 * at / len(spans), 3), place) for place, (year, at) in enumerate(starts)]
    return tuple(Label(year, x, bool(place % narrow) or x > NARROW_END) for year, x, place in placed if x <= WIDE_END)


def step(count: int, most: int) -> int:
    return -(-count // most)


def table(rows: Sequence[Row]) -> list[tuple[str, tuple[int, ...]]]:
    """(year, the hits of its twelve months), the oldest first."""
    years: dict[str, list[int]] = {}
    for month, hits, _ in rows:
        years.setdefault(month[:4], [0] * 12)[int(month[5:7]) - 1] = hits
    return [(year, tuple(months)) for year, months in years.items()]
