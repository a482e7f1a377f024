"""Which moment or day does a text name?  Day first, as Vietnam writes, and Vietnam's time unless told."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from unicodedata import normalize

from indexer.clock import VIETNAM

EARLIEST = 1995  # no department had a site before; older days on a page are history or decrees

MONTH_WORDS = (
    "một|giêng|january|jan", "hai|february|feb", "ba|march|mar", "tư|april|apr", "năm|may", "sáu|june|jun",
    "bảy|july|jul", "tám|august|aug", "chín|september|sept|sep", "mười|october|oct", "mười một|november|nov",
    "mười hai|chạp|december|dec",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(MONTH_WORDS, 1) for word in words.split("|")}
VIETNAMESE_MONTH = r"(?:tháng|th)\.?\s*(?P<month>\d{1,2}|mười một|mười hai|[^\W\d_]+)"
ENGLISH_MONTH = r"(?P<month>[a-z]{3,9})\.?"
DAY = r"(?<![\d/.-])(?P<day>\d{1,2})"
YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
ANY_YEAR = re.compile(r"(?:19|20)\d\d")  # without one no day is named, which most of a page's lines show at once

# The forms in which a day is written, the surest first.
DAYS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"(?<!\d){YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?!\d\d)",
        rf"{DAY}\s?(?P<mark>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=mark)\s?{YEAR}(?![/-]\w)",
        rf"{DAY}\s*,?\s*{VIETNAMESE_MONTH}\s*(?:,|/|năm)?\s*{YEAR}",
        rf"{VIETNAMESE_MONTH}\s+(?P<day>\d{{1,2}})\s*,\s*{YEAR}",
        rf"{DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{ENGLISH_MONTH}\s*,?\s+{YEAR}",
        rf"\b{ENGLISH_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{YEAR}",
    )
)
TIME = re.compile(
    r"(?<![\d:/.])(?P<hour>\d{1,2})\s?(?::|h|giờ)\s?(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?"
    r"\s*(?P<half>[AP]M|SA|CH)?\b",
    re.I,
)
ZONE = re.compile(r"\d\s?(?:(?P<utc>Z|UTC|GMT)\b(?!\s?\+)|(?P<sign>[+-])(?P<hours>[01]\d):?(?P<minutes>\d\d)\b)")
# One portal prints the zone where the letter T belongs: 2024-01-30+0715:20:00, 2024-01-30ICT15:20:00.
SPOILT = re.compile(r"(\d{4}-\d\d-\d\d)(?:\+07(?:00)?|[A-Z]{3})(\d\d:\d\d)")


def read_moment(text: str) -> datetime | None:
    """The first moment that a text names, in UTC; a day without a time starts at Vietnam's midnight."""
    if not ANY_YEAR.search(text):
        return None
    text = SPOILT.sub(r"\1 \2", normalize("NFC", text))
    found = first_day(text)
    if not found:
        return None
    day, start, end = found
    around = text[max(0, start - 30) : start] + " | " + text[end : end + 40].replace("T", " ", 1)
    hour, minute, second = time_in(around)
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone_in(text[end : end + 40]))
    return local.astimezone(UTC)


def first_day(text: str) -> tuple[date, int, int] | None:
    """The day named earliest in a text, and where it stands."""
    hits = [(found.start(), found.end(), day_of(found)) for form in DAYS for found in form.finditer(text)]
    sure = sorted((start, end, day) for start, end, day in hits if day)
    return (sure[0][2], sure[0][0], sure[0][1]) if sure else None


def day_of(found: re.Match[str]) -> date | None:
    day, year = int(found["day"]), int(found["year"])
    month = number_of(found["month"])
    if month > 12 >= day and "mark" in found.groupdict():
        day, month = month, day  # the American order shows itself
    return real_day(year, month, day)


def number_of(month: str) -> int:
    return int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)


def real_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= EARLIEST else None
    except ValueError:
        return None


def time_in(text: str) -> tuple[int, int, int]:
    found = TIME.search(text)
    if not found:
        return 0, 0, 0
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if (found["half"] or "").upper() in ("PM", "CH") and hour < 12:
        hour += 12
    elif (found["half"] or "").upper() in ("AM", "SA") and hour == 12:
        hour = 0
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else (0, 0, 0)


def zone_in(text: str) -> tzinfo:
    found = ZONE.search(text)
    if not found:
        return VIETNAM
    if found["utc"]:
        return UTC
    shift = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(shift if found["sign"] == "+" else -shift)


def sane(moment: datetime | None, now: datetime) -> datetime | None:
    """A publishing moment that can be true: not later than tomorrow."""
    return moment if moment and moment <= now + timedelta(days=1) else None


DATE_LINE = 16  # words: "Thứ ba, ngày 30 tháng 01 năm 2024", "By HNN Staff | November 18, 2019 at 2:26 PM"
LONGEST_DATE = 100  # characters
DATE_LINE_ENDS = (".", "…", ";")


def is_date_line(text: str) -> bool:
    """Is it no more than a date with its label: "Đăng ngày 30/1/2024"?"""
    return (
        len(text) <= LONGEST_DATE
        and len(text.split()) <= DATE_LINE
        and not text.endswith(DATE_LINE_ENDS)
        and read_moment(text) is not None
    )


# What a line says that tells the publishing moment and nothing else; "Hội nghị ngày 14/5/2025" says more.
DATE_WORDS = frozenset(
    """thứ hai ba tư năm sáu bảy chủ nhật ngày tháng lúc vào giờ phút đăng tải tạo cập nhật sửa xuất bản lượt xem
    monday tuesday wednesday thursday friday saturday sunday posted published updated modified created date on at
    views gmt utc ict am pm sa ch h""".split()
) | frozenset(MONTHS)
LETTERS = re.compile(r"[^\W\d_]+")


def is_bare_date(text: str) -> bool:
    """Is it a date line without any word of its own?"""
    words = LETTERS.findall(normalize("NFC", text).lower())
    return is_date_line(text) and all(word in DATE_WORDS for word in words)


PART_OF_DAY = (
    r"(?:sáng|trưa|chiều|tối|đêm"
    r"|(?:on\s+|in\s+)?the\s+(?:early\s+|late\s+)?(?:morning|afternoon|evening)(?:\s+of)?)"
)
OPENING = re.compile(
    r"^(?:[^.!?]{0,40}?[-–:,]\s*)?(?:vừa qua,?\s*|vào\s+|mới đây,?\s*)?"
    rf"(?:{PART_OF_DAY}|(?:trong\s+|từ\s+)?(?:hai|ba|2|3)?\s*ngày|from|on)\b",
    re.I,
)
AT_PART_OF_DAY = re.compile(rf"\b{PART_OF_DAY}\b", re.I)
# "14 và 15/3/2023": the first day has the month and year of the last. "30/1" has the year of the page.
SEVERAL = re.compile(
    r"^\W*(?P<day>\d{1,2})\s*(?:[-–,]|và|đến(?:\s+ngày)?)\s*(?:ngày\s*)?(?=\d{1,2}\s?[/.-]\s?\d)", re.I
)
WITHOUT_YEAR = re.compile(r"^\W*(?P<day>\d{1,2})\s?[/-]\s?(?P<month>\d{1,2})(?![\d/-])")
LEADS_TO_DAY = re.compile(r"^(?:\s|,|\(|nay|qua|ngày|thứ\s+\w+|chủ nhật|\w+day|on|the|từ|of)*", re.I)
REACH = 45  # characters between a dateline's first word and its day


def event_day(text: str, published: datetime | None = None) -> date | None:
    """The day in a lead's dateline: "Chiều ngày 30 tháng 01 năm 2024, …", "On 30 January 2024, …"."""
    text = normalize("NFC", text)
    starts = [found.end() for pattern in (OPENING, AT_PART_OF_DAY) for found in pattern.finditer(text)]
    days = (day_after(text[start : start + REACH], published) for start in starts)
    return next((day for day in days if day), None)


def day_after(rest: str, published: datetime | None) -> date | None:
    rest = rest[LEADS_TO_DAY.match(rest).end() :]  # type: ignore[union-attr]
    found = first_day(SEVERAL.sub("", rest, count=1))
    several = SEVERAL.match(rest)
    if found and found[1] <= 2:
        return real_day(found[0].year, found[0].month, int(several["day"])) if several else found[0]
    short = WITHOUT_YEAR.match(rest)
    return nearest_before(int(short["day"]), int(short["month"]), published) if short and published else None


def nearest_before(day: int, month: int, published: datetime) -> date | None:
    local = published.astimezone(VIETNAM).date()
    found = real_day(local.year, month, day)
    return found if found is None or found <= local else real_day(local.year - 1, month, day)
