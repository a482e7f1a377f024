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
# What joins the members of a list (and, comma) or the ends of a span (to, dash).
AND = r"(?:\s*,\s*|\s+va\s+|\s*&\s*|\s+and\s+)"
LONGEST_LIST = 12  # longer ones are tables; a bound keeps the reading of them linear
UNTIL = r"(?:\s*[-–]\s*|\s+den(?:\s+het)?\s+|\s+to\s+)"


def several(one: str, again: str = "") -> str:
    """One, or more of them: a list or a span (`7`, `7, 8 và 9`, `7-9`, `7 đến hết tháng 9`)."""
    return rf"(?P<list>{one}(?:(?:{AND}|{UNTIL})(?:{again})?{one}){{0,{LONGEST_LIST}}})"


FEW = r"\d{1,2}(?!\d)"
Q = r"(?:iii|iv|ii|i|[1-4])(?!\w)"
DAYS = several(FEW, r"ngay\s+")
MONTH_NUMBERS = several(FEW, r"thang\s+")
MONTH_NAMES = several(rf"(?:{MONTH_NAME})")
QUARTER_NUMBERS = several(Q, r"qu[yi]\s+")
DAY_FIGURES = re.compile(
    rf"(?<![\d/.-])(?P<list>\d{{1,2}})\s?(?P<sep>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?{YEAR}(?![\d/])"
)
DAYS_FIGURES = re.compile(rf"ngay\s+{DAYS}\s?(?P<sep>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?{YEAR}(?![\d/])")
DAYS_WORDS = re.compile(rf"ngay\s+{DAYS}\s+thang\s+(?P<month>\d{{1,2}}){TO_YEAR}")
DAY_ENGLISH = re.compile(
    rf"(?<!\w)(?P<list>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{MONTH_NAME})\.?,?\s+{YEAR}(?!\d)"
)
DAY_AMERICAN = re.compile(rf"(?<!\w)(?P<name>{MONTH_NAME})\.?\s+(?P<list>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{YEAR}(?!\d)")
MONTHS_WORDS = re.compile(rf"(?<!\w)(?:thang\s+|th?\.?\s?){MONTH_NUMBERS}{TO_YEAR}")
MONTH_FIGURES = re.compile(rf"(?<![\d/.,-])(?P<list>0?[1-9]|1[0-2])/{YEAR}(?![\d/]|\s?/)")
MONTHS_ENGLISH = re.compile(rf"(?<!\w){MONTH_NAMES}\.?,?\s+{YEAR}(?!\d)")
QUARTERS_WORDS = re.compile(rf"(?<!\w)qu[yi]\s+{QUARTER_NUMBERS}(?:{TO_YEAR})?")
QUARTER_ENGLISH = re.compile(
    rf"(?<!\w)(?:q(?P<list>[1-4])|(?:the\s+)?(?P<ordinal>first|second|third|fourth)\s+quarter)(?!\w)(?:(?:\s*/\s*|\s+(?:of\s+)?){YEAR}(?!\d))?"
)
MEASURE = re.compile(r"(?<![a-z])(?P<unit>km|cm|mm|m)(?P<power>[²³23])(?!\w)")
AMOUNT = re.compile(
    r"(?<![\w.,/])(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?P<rest>[.,]\d{1,2})?(?![\d/]|[.,]\d)"
)
# Behind these words 9/2024 is the number of something, and no month.
COUNTED = re.compile(
    r"(?<!\w)(?:so|no\.?|dot|khoa|lan|phien|lo|to|thua|luat|nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi)\s*:?\s*$"
)
# Syllables that only look like `quý` without their accents.
NOT_QUARTER = re.compile(r"qu[ỹỷỵỳĩỉịì](?!\w)", re.IGNORECASE)
SPLIT = re.compile(rf"({AND}|{UNTIL})(?:thang|ngay|qu[yi])?\s*")


class Key(NamedTuple):
    """A key and the characters that say it."""

    start: int
    end: int
    key: str


def find_keys(text: str) -> list[Key]:
    """All keys of a clean text, in order. A full date gives its day and its month; a quarter with its year both."""
    if not any(letter.isdigit() for letter in text) and not MAY_BE_QUARTER.search(text):
        return []
    bare = fold.bare(NOT_QUARTER.sub("xxx", text))
    taken = bytearray(len(bare))
    found: list[Key] = []
    for pattern, read in READERS:
        for match in pattern.finditer(bare):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            keys = [Key(start, end, key) for key in read(match)]
            if keys:
                taken[start:end] = b"x" * (end - start)
                found += keys
    return sorted(found)


def members(listed: str, number: Callable[[str], int]) -> Iterator[int]:
    """The numbers of a list or span: `7, 8` gives 7 and 8, `7-9` and `7 đến hết tháng 9` give 7, 8 and 9."""
    first, *rest = SPLIT.split(listed)
    last = number(first)
    yield last
    for joint, word in zip(rest[::2], rest[1::2], strict=True):
        next_one = number(word)
        yield from range(last + 1, next_one) if re.fullmatch(UNTIL, joint) else ()
        last = next_one
        yield last


def day(match: re.Match[str]) -> Iterator[str]:
    try:
        month = month_of(match)
        found = [date(int(match["year"]), month, number) for number in members(match["list"], int)]
    except ValueError:
        return
    yield from (f"d:{each.isoformat()}" for each in found)
    yield f"m:{found[0]:%Y-%m}"


def month_of(match: re.Match[str]) -> int:
    named = match.groupdict()
    return MONTHS[named["name"]] if named.get("name") else int(named["month"])


def month(match: re.Match[str]) -> Iterator[str]:
    found = list(members(match["list"], lambda word: MONTHS.get(word) or int(word)))
    if all(1 <= number <= 12 for number in found):
        yield from (f"m:{match['year']}-{number:02}" for number in found)


def month_in_figures(match: re.Match[str]) -> Iterator[str]:
    if not COUNTED.search(match.string[max(0, match.start() - 14) : match.start()]):
        yield from month(match)


def quarter(match: re.Match[str]) -> Iterator[str]:
    for number in members(match["list"] or match.groupdict().get("ordinal") or "", QUARTERS.__getitem__):
        yield f"q:{number}"
        if match["year"]:
            yield f"q:{match['year']}-{number}"


def measure(match: re.Match[str]) -> Iterator[str]:
    yield f"u:{match['unit']}{'2' if match['power'] in '²2' else '3'}"


def amount(match: re.Match[str]) -> Iterator[str]:
    """Thousands apart by dots or commas, four figures and more that are no year, or a figure with a decimal part."""
    whole = re.sub(r"[.,]", "", match["whole"])
    if match["rest"]:
        yield f"a:{whole}.{match['rest'][1:]}"
    elif len(match["whole"]) > 4 or (len(whole) == 4 and not re.fullmatch(r"(19|20)\d\d", whole)):
        yield f"a:{whole}"


MAY_BE_QUARTER = re.compile(r"q[uúùủũụ][yýiíỳì]\s|quarter", re.IGNORECASE)
Reader = Callable[[re.Match[str]], Iterator[str]]
# The fuller form first: a day is no month, a month no amount.
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (DAYS_FIGURES, day),
    (DAY_FIGURES, day),
    (DAYS_WORDS, day),
    (DAY_ENGLISH, day),
    (DAY_AMERICAN, day),
    (MONTHS_WORDS, month),
    (QUARTERS_WORDS, quarter),  # before the bare figures: quý 3/2024 is no March
    (QUARTER_ENGLISH, quarter),
    (MONTH_FIGURES, month_in_figures),
    (MONTHS_ENGLISH, month),
    (MEASURE, measure),
    (AMOUNT, amount),
)
