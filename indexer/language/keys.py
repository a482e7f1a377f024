"""Which dates, quarters, measures and amounts stand in a text, however they are written?  (pure)

Each becomes a key that no language and no spelling changes:
d:2024-01-30 day · m:2024-09 month · q:3 and q:2024-3 quarter · u:m2 measure · a:1250000 amount.
The day comes before the month, as in Vietnam.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from indexer.language import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
QUARTERS = {
    "1": 1,
    "i": 1,
    "2": 2,
    "ii": 2,
    "3": 3,
    "iii": 3,
    "4": 4,
    "iv": 4,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
}
MONTH_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
YEAR = r"(?P<year>(?:19|20)\d\d)"
# Between a month and its year: a slash, a dash, a dot or the word for year.
TO_YEAR = rf"(?:\s*[/.-]\s*|\s+nam\s+|\s+|,\s*){YEAR}(?!\d)"

DAY_FIGURES = re.compile(
    rf"(?<![\d/.-])(?P<day>\d{{1,2}})\s?(?P<sep>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?{YEAR}(?![\d/])"
)
DAY_WORDS = re.compile(rf"ngay\s+(?P<day>\d{{1,2}})\s+thang\s+(?P<month>\d{{1,2}}){TO_YEAR}")
DAY_ENGLISH = re.compile(
    rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{MONTH_NAME})\.?,?\s+{YEAR}(?!\d)"
)
DAY_AMERICAN = re.compile(rf"(?<!\w)(?P<name>{MONTH_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{YEAR}(?!\d)")
MONTH_WORDS = re.compile(rf"(?<!\w)thang\s+(?P<month>\d{{1,2}}){TO_YEAR}")
MONTH_FIGURES = re.compile(rf"(?<![\d/.,-])(?P<month>0?[1-9]|1[0-2])/{YEAR}(?![\d/]|\s?/)")
MONTH_ENGLISH = re.compile(rf"(?<!\w)(?P<name>{MONTH_NAME})\.?,?\s+{YEAR}(?!\d)")
QUARTER = re.compile(rf"(?<!\w)quy\s+(?P<quarter>iii|iv|ii|i|[1-4])(?!\w)(?:{TO_YEAR})?")
QUARTER_ENGLISH = re.compile(
    rf"(?<!\w)(?:q(?P<quarter>[1-4])|(?:the\s+)?(?P<ordinal>first|second|third|fourth)\s+quarter)(?!\w)(?:(?:\s*/\s*|\s+(?:of\s+)?){YEAR}(?!\d))?"
)
MEASURE = re.compile(r"(?<![a-z])(?P<unit>km|cm|mm|m)(?P<power>[²³23])(?!\w)")
AMOUNT = re.compile(
    r"(?<![\w.,/])(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?P<rest>[.,]\d{1,2})?(?![\d/]|[.,]\d)"
)


class Key(NamedTuple):
    """A key and the characters that say it."""

    start: int
    end: int
    key: str


def find_keys(text: str) -> list[Key]:
    """All keys of a clean text, in order. A full date gives its day and its month; a quarter with its year both."""
    if not any(letter.isdigit() for letter in text) and not re.search(r"qu[yý]\s|quarter", text, re.I):
        return []
    bare = fold.bare(text)
    taken: list[tuple[int, int]] = []
    found: list[Key] = []
    for pattern, read in READERS:
        for match in pattern.finditer(bare):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            keys = [Key(match.start(), match.end(), key) for key in read(match)]
            if keys:
                taken.append((match.start(), match.end()))
                found += keys
    return sorted(found)


def day(match: re.Match[str]) -> Iterator[str]:
    try:
        found = date(int(match["year"]), month_of(match), int(match["day"]))
    except ValueError:
        return
    yield f"d:{found.isoformat()}"
    yield f"m:{found:%Y-%m}"


def month(match: re.Match[str]) -> Iterator[str]:
    if 1 <= month_of(match) <= 12:
        yield f"m:{match['year']}-{month_of(match):02}"


def month_of(match: re.Match[str]) -> int:
    named = match.groupdict()
    return MONTHS[named["name"]] if named.get("name") else int(named["month"])


def quarter(match: re.Match[str]) -> Iterator[str]:
    named = match.groupdict()
    number = QUARTERS[named["quarter"] or named.get("ordinal") or ""]
    yield f"q:{number}"
    if named["year"]:
        yield f"q:{named['year']}-{number}"


def measure(match: re.Match[str]) -> Iterator[str]:
    yield f"u:{match['unit']}{'2' if match['power'] in '²2' else '3'}"


def amount(match: re.Match[str]) -> Iterator[str]:
    """Thousands apart by dots or commas, or five figures and more; else a figure with a decimal part."""
    whole = re.sub(r"[.,]", "", match["whole"])
    if match["rest"]:
        yield f"a:{whole}.{match['rest'][1:]}"
    elif len(match["whole"]) > 4:
        yield f"a:{whole}"


Reader = Callable[[re.Match[str]], Iterator[str]]
# The fuller form first: a day is no month, a month no amount.
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (DAY_FIGURES, day),
    (DAY_WORDS, day),
    (DAY_ENGLISH, day),
    (DAY_AMERICAN, day),
    (MONTH_WORDS, month),
    (QUARTER, quarter),  # before the bare figures: quý 3/2024 is no March
    (QUARTER_ENGLISH, quarter),
    (MONTH_FIGURES, month),
    (MONTH_ENGLISH, month),
    (MEASURE, measure),
    (AMOUNT, amount),
)
