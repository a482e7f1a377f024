"""Which days does a written year, month, day or span of them mean?"""

import calendar
import re
from datetime import MAXYEAR, MINYEAR, date

# The first and the last are what databases write for no date, and in another zone they lie beyond the calendar.
YEARS = range(MINYEAR + 1, MAXYEAR)
ONE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def span(written: str) -> tuple[date | None, date | None]:
    """`2024`, `2024-03`, `2024-03-15` or two of them around `..` (either may be missing): first and last day.

    Raises ValueError when it is no such thing.
    """
    if ".." not in written:
        return first_day(written), last_day(written)
    begin, _, end = written.partition("..")
    if not begin and not end:
        raise ValueError(written)
    return (first_day(begin) if begin else None), (last_day(end) if end else None)


def first_day(written: str) -> date:
    """The first day of a year, month or day; raises ValueError."""
    year, month, day = parts(written)
    return date(year, month or 1, day or 1)


def last_day(written: str) -> date:
    """The last day of a year, month or day; raises ValueError."""
    year, month, day = parts(written)
    month = month or 12
    if not 1 <= month <= 12:
        raise ValueError(written)
    return date(year, month, day or calendar.monthrange(year, month)[1])


def parts(written: str) -> tuple[int, int | None, int | None]:
    found = ONE.fullmatch(written.strip())
    if not found:
        raise ValueError(written)
    year, month, day = found.groups()
    return int(year), int(month) if month else None, int(day) if day else None
