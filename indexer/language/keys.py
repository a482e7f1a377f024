"""Which dates, quarters, measures and amounts stand in a text, however they are written?  (pure)

Each becomes a key that no language and no spelling changes:
d:2024-01-30 day · m:2024-09 month · q:3 and q:2024-3 quarter · u:m2 measure · a:1250000 amount.
The day comes before the month, as in Vietnam.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
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
    name: number
    for number, names in enumerate(("1 i first 1st", "2 ii second 2nd", "3 iii third 3rd", "4 iv fourth 4th"), start=1)
    for name in names.split()
}
DASH = r"[-‐‑‒–—−]"
MONTH_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
YEAR = r"(?P<year>(?:19|20)\d\d)"
# Between a month and its year: a slash, a dash, a dot or the word for year.
TO_YEAR = rf"(?:\s?(?:[/.]|{DASH})\s?|\snam\s|\s|,\s?){YEAR}(?!\d)"
# What joins the members of a list (and, comma) or the ends of a span (to, dash).
AND = r"(?:\s?,\s?|\sva\s|\s?&\s?|\sand\s)"
UNTIL = rf"(?:\s?{DASH}\s?|\s(?:den|toi)(?:\shet)?\s|\sto\s|\sthrough\s)"
LONGEST_LIST = 12  # longer ones are tables; a bound keeps the reading of them linear
LONGEST_SPAN = 31  # of a longer one only the ends are named


def several(one: str, again: str = "", joint: str = rf"(?:{AND}|{UNTIL})") -> str:
    """One, or more of them: a list or a span (`7`, `7, 8 và 9`, `7-9`, `7 đến hết tháng 9`)."""
    before = f"(?:{again})?" if again else ""  # an empty group that may be left out doubles the ways at every step
    return rf"(?P<list>{one}(?:{joint}{before}{one}){{0,{LONGEST_LIST}}})"


def since(word: str) -> str:
    """`từ`, where a span follows that it begins."""
    return rf"(?:tu\s(?={word}\s[\divx]{{1,3}}{UNTIL}))?"


FEW = r"\d{1,2}(?!\d)"
ORDINAL = r"(?:first|second|third|fourth|1st|2nd|3rd|4th)"
IN_MONTH = rf"\s?(?P<sep>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?{YEAR}(?![\d/])"
DAYS = rf"(?<!\w){since('ngay')}ngay\s{several(FEW, 'ngay ')}"
DAY_FIGURES = re.compile(rf"(?<![\d/.-])(?P<list>\d{{1,2}}){IN_MONTH}")
DAYS_FIGURES = re.compile(DAYS + IN_MONTH)
DAYS_WORDS = re.compile(rf"{DAYS}\sthang\s(?P<month>\d{{1,2}}){TO_YEAR}")
DAY_WORDS = re.compile(rf"(?<![\w/.,-])(?P<list>\d{{1,2}})\sthang\s(?P<month>\d{{1,2}}){TO_YEAR}")
DAYS_NAMED = several(r"\d{1,2}(?:st|nd|rd|th)?(?!\w)", joint=rf"(?:{UNTIL}|\sand\s|\sva\s)")
DAY_ENGLISH = re.compile(rf"(?<![\w/.,-]){DAYS_NAMED}\s(?:of\s)?(?P<name>{MONTH_NAME})\.?,?\s{YEAR}(?!\d)")
DAY_AMERICAN = re.compile(rf"(?<!\w)(?P<name>{MONTH_NAME})\.?\s{DAYS_NAMED},?\s{YEAR}(?!\d)")
# From a day of one month to a day of another: từ ngày 30/5 đến hết ngày 2/6/2024.
DAY_SPAN = re.compile(
    rf"(?<![\w/.,-])(?:tu\s)?(?:ngay\s)?(?P<day1>\d{{1,2}})(?:/|\.|\sthang\s)(?P<month1>\d{{1,2}})"
    rf"(?:(?:/|\.|\snam\s)(?P<year1>(?:19|20)\d\d))?{UNTIL}(?:ngay\s)?"
    rf"(?P<day2>\d{{1,2}})(?:/|\.|\sthang\s)(?P<month2>\d{{1,2}})(?:/|\.|\snam\s){YEAR}(?![\d/])"
)
MONTH_WORD = r"(?<!\w)(?:thang|thg|th|t)\.?\s?"
MONTHS_WORDS = re.compile(rf"{since('thang')}{MONTH_WORD}{several(FEW, 'thang |t')}{TO_YEAR}")
MONTH_SPAN = re.compile(
    rf"(?<!\w)(?:tu\s)?(?:thang\s|t)(?P<month1>\d{{1,2}}){TO_YEAR.replace('<year>', '<year1>')}{UNTIL}"
    rf"(?:thang\s|t)(?P<month2>\d{{1,2}}){TO_YEAR}"
)
# 1/2000 is a scale unless a word says month
MONTH_FIGURES = re.compile(rf"(?<![\d/.,-])(?!1/2000)(?P<list>0?[1-9]|1[0-2])/{YEAR}(?![\d/]|\s?/)")
MONTHS_ENGLISH = re.compile(rf"(?<!\w){several(rf'(?:{MONTH_NAME})')}\.?,?\s{YEAR}(?!\d)")
ROMAN, QUARTER = r"(?:iii|iv|ii|i)(?!\w)", r"(?:iii|iv|ii|i|[1-4])(?!\w)"
QUARTER_WORD = rf"(?<!\w){since('qu[yi]')}qu[yi]\s"
QUARTERS_OF_YEAR = re.compile(rf"{QUARTER_WORD}{several(QUARTER, 'qu[yi] ')}{TO_YEAR}")
QUARTERS_ROMAN = re.compile(rf"{QUARTER_WORD}{several(ROMAN, 'qu[yi] ')}")
QUARTER_ALONE = re.compile(rf"(?<!\w)qu[yi]\s(?P<list>{QUARTER})")
QS_OF_YEAR = re.compile(rf"(?<!\w)q{several(QUARTER, 'q')}{TO_YEAR}")
Q_ALONE = re.compile(r"(?<!\w)q(?P<list>[1-4])(?!\w)")
QUARTERS_ENGLISH = re.compile(
    rf"(?<!\w)(?:the\s)?{several(ORDINAL)}\squarters?(?!\w)(?:(?:\s?/\s?|,?\s(?:of\s)?){YEAR}(?!\d))?"
)
QUARTER_ENGLISH = re.compile(rf"(?<!\w)quarter\s(?P<list>{QUARTER})(?:(?:\s?/\s?|,?\s(?:of\s)?){YEAR}(?!\d))?")
MEASURE = re.compile(r"(?<![a-z])(?P<unit>km|cm|mm|m)(?P<power>[²³23])(?!\w)")
AMOUNT = re.compile(
    r"(?<![\w.,/])(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?P<rest>[.,]\d{1,2})?(?![\d/]|[.,]\d)"
)
YEARS = re.compile(r"199\d|20\d\d")
# Before these any figure is an amount, also a small one or one that could be a year: 500m2, 2000 tỷ.
COUNTS = re.compile(r"\s?(?:(?:km|cm|mm|m)[²³23]|ty|ti|trieu|nghin|dong|vnd|usd|ha)(?!\w)")
# Behind these words 9/2024 is the number of something, and no month.
COUNTED = re.compile(
    r"(?<!\w)(?:so|no\.?|dot|khoa|k[yi]|lan|phien|lo|to|thua|luat|nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|nd"
    r"|nq|qd|tt)\s?:?\s?$"
)
# Syllables that look like `quý`, `số`, `tổ`, `ha`, `tỷ` or `đồng` only without their accents.
ALIKE = re.compile(
    r"(?<!\w)(?:qu[ỹỷỵỳĩỉịì]|sở|sơ|tờ|tỏ|lò|lọ|kỷ|kỹ|làn|lân|h[àáảãạ]|t[íìĩịýỳỹỵ]|đ[ôốổỗộoóòỏõọ]ng|d[òóỏõọôốồổỗộ]ng)(?!\w)",
    re.IGNORECASE,
)
SPLIT = re.compile(rf"({AND}|{UNTIL})(?:thang |ngay |qu[yi] |[qt](?=\d))?")


FIGURE = re.compile(r"[\d²³]")


class Key(NamedTuple):
    """A key and the characters that say it."""

    start: int
    end: int
    key: str


def find_keys(text: str) -> list[Key]:
    """All keys of a clean text, in order. A full date gives its day and its month; a quarter with its year both."""
    if not FIGURE.search(text) and not MAY_BE_QUARTER.search(text):
        return []
    bare = fold.bare(ALIKE.sub(lambda found: "x" * len(found[0]), text))
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
        yield from days([date(int(match["year"]), month_of(match), each) for each in members(match["list"], figure)])
    except ValueError:
        return


def days(found: Sequence[date]) -> Iterator[str]:
    yield from (f"d:{each.isoformat()}" for each in found)
    yield from dict.fromkeys(f"m:{each:%Y-%m}" for each in found)


def day_span(match: re.Match[str]) -> Iterator[str]:
    year = int(match["year"])
    try:
        last = date(year, int(match["month2"]), int(match["day2"]))
        first = date(int(match["year1"] or year), int(match["month1"]), int(match["day1"]))
    except ValueError:
        return
    size = (last - first).days
    if 0 < size < LONGEST_SPAN:
        yield from days([first + timedelta(each) for each in range(size + 1)])
    elif match["year1"]:
        yield from days([first, last])


def day_at(bare: str, at: int) -> tuple[date, int] | None:
    """The one full date that begins at a character of a bare text, and where it ends."""
    for pattern in (DAY_FIGURES, DAY_WORDS, DAY_ENGLISH, DAY_AMERICAN):
        match = pattern.match(bare, at)
        found = [key for key in day(match) if key[0] == "d"] if match else []
        if match and len(found) == 1:
            return date.fromisoformat(found[0][2:]), match.end()
    return None


def figure(word: str) -> int:
    """5 of `5th`."""
    return int(word.rstrip("dhnrst"))


def month_of(match: re.Match[str]) -> int:
    named = match.groupdict()
    return MONTHS[named["name"]] if named.get("name") else int(named["month"])


def month(match: re.Match[str]) -> Iterator[str]:
    first, *rest = found = list(members(match["list"], lambda word: MONTHS.get(word) or int(word)))
    if not all(1 <= each <= 12 for each in found):
        return
    if len(rest) == 1 and rest[0] < first:  # tháng 12-1/2025 begins in the year before
        yield from months_between(int(match["year"]) - 1, first, int(match["year"]), rest[0])
    else:
        yield from (f"m:{match['year']}-{each:02}" for each in found)


def month_in_figures(match: re.Match[str]) -> Iterator[str]:
    if not COUNTED.search(match.string[max(0, match.start() - 14) : match.start()]):
        yield from month(match)


def month_span(match: re.Match[str]) -> Iterator[str]:
    first, last = int(match["month1"]), int(match["month2"])
    if 1 <= first <= 12 and 1 <= last <= 12:
        yield from months_between(int(match["year1"]), first, int(match["year"]), last)


def months_between(year: int, month: int, last_year: int, last_month: int) -> Iterator[str]:
    """Every month of a span, or its ends when it is longer than a list may be."""
    first, last = year * 12 + month - 1, last_year * 12 + last_month - 1
    every = range(first, last + 1) if first < last < first + LONGEST_SPAN else (first, last)
    yield from (f"m:{each // 12}-{each % 12 + 1:02}" for each in every)


def quarter(match: re.Match[str]) -> Iterator[str]:
    year = match.groupdict().get("year")
    for number in members(match["list"], QUARTERS.__getitem__):
        yield f"q:{number}"
        if year:
            yield f"q:{year}-{number}"


def measure(match: re.Match[str]) -> Iterator[str]:
    yield f"u:{match['unit']}{'2' if match['power'] in '²2' else '3'}"


def amount(match: re.Match[str]) -> Iterator[str]:
    """Thousands apart by dots or commas, four figures and more that are no year, a figure with a decimal part or before
    a unit."""
    whole, rest = re.sub(r"[.,]", "", match["whole"]), match["rest"] or ""
    decimals = rest[1:].rstrip("0")
    large = len(match["whole"]) > 4 or (len(whole) == 4 and whole[0] != "0" and not YEARS.fullmatch(whole))
    if decimals:
        yield f"a:{whole}.{decimals}"
    elif rest or large or COUNTS.match(match.string, match.end()):
        yield f"a:{whole}"


MAY_BE_QUARTER = re.compile(r"q[uúùủũụ][yýiíỳì]\s|quarter", re.IGNORECASE)
Reader = Callable[[re.Match[str]], Iterator[str]]
# The fuller form first: a day is no month, a month no amount.
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (DAY_SPAN, day_span),
    (DAYS_FIGURES, day),
    (DAY_FIGURES, day),
    (DAYS_WORDS, day),
    (DAY_WORDS, day),
    (DAY_ENGLISH, day),
    (DAY_AMERICAN, day),
    (MONTH_SPAN, month_span),
    (MONTHS_WORDS, month),
    (QUARTERS_OF_YEAR, quarter),  # before the bare figures: quý 3/2024 is no March
    (QUARTERS_ROMAN, quarter),
    (QUARTER_ALONE, quarter),
    (QS_OF_YEAR, quarter),
    (Q_ALONE, quarter),
    (QUARTERS_ENGLISH, quarter),
    (QUARTER_ENGLISH, quarter),
    (MONTH_FIGURES, month_in_figures),
    (MONTHS_ENGLISH, month),
    (MEASURE, measure),
    (AMOUNT, amount),
)
