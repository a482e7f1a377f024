"""Which personal data of private people does a text hold, and how is it shown without them?  (pure)

ID numbers, telephones, bank accounts, days of birth beside a name, private e-mail addresses, lists of five or more
people. What a number is, the last word before it in its line says, else the head of its column, else its shape.
docs/personal.md tells the rules, and how many of each kind they find.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from indexer.article import Article
from indexer.people import BESIDE, person_before, person_in
from indexer.rows import CELL, LEAST, Row, people_rows, rows_of

Kind = Literal["id", "phone", "account", "birth", "email", "people"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# A number written in one run, or in the groups in which people write such numbers; nothing of a longer one.
GROUPED = (
    r"\+84[ .]?D(?:[ .-]?D){8}|84D{9}",
    r"D{3}[ .]D{3}[ .]D{3}[ .]D{3}|0D{2}[ .]?[0-3][ .]?D{2}[ .]D{6}",  # cards
    r"\(0D{2,3}\)[ .-]?D(?:[ .-]?D){5,7}|02D{1,2}[ .-]{1,3}D[ .-]?D{3}[ .-]?D{3}",  # landlines
    r"0D{2,3}[ .-]D{3}[ .-]D{3,4}|0D{3}[ .-]D{2}[ .-]D{2}[ .-]D{2}|0D{2}[ .-]D{4}[ .-]D{3}",
    r"0D{2}[ .-]D{3}[ .-]D{2}[ .-]D{2}",
    r"D{3}[ .]D{3}[ .]D{3}|D{4}[ .-]D{4}[ .-]D{4}(?:[ .-]D{1,7})?|D{6,19}|[A-Z]D{7,8}",
)
WHOLE = r"(?<![\w/])(?<!D[.,-])(?:%s)(?!\w)(?![.,]D)(?![-/](?!0DD)\w)"
NUMBER = re.compile((WHOLE % "|".join(GROUPED)).replace("D", "[0-9]"))
# Six figures that stand together: without them, and without a written day, nothing is there to be read closely.
MAYBE = re.compile(r"[0-9](?:[ .()/-]{0,3}[0-9]){5}| tháng [0-9]")
WORD_BEFORE = {
    "id": r"cmnd|cmtnd|cmt\b|cccd|căn cước|chứng minh (?:thư|nhân dân)|định danh|đdcn|hộ chiếu|giấy tờ (?:tùy|tuỳ) thân"
    r"|bhxh|bảo hiểm xã hội|identity|citizen id|passport|mã số thuế cá nhân",
    "account": r"tài khoản|\bstk\b|\btk\b|account",
    "phone": r"điện thoại|\bđt(?:dđ)?\b|\bsđt\b|di động|\bzalo\b|\btel\b|phone|mobile|liên hệ|liên lạc|\bgọi\b|contact",
    "other": r"mã số thuế|\bmst\b|tax code|\bmã (?:số|dự|hồ|gói|đơn|qhns|hàng|vạch|lô|chương|nguồn|khách|sản|tbmt)"
    r"|giấy phép|seri|isbn|issn|quyết định|công văn|văn bản|(?:tọa|toạ) độ"
    r"|biên lai|(?:hóa|hoá) đơn|biển số|số hiệu|thửa|tờ bản đồ|\bgcn\b|giấy chứng nhận|hồ sơ|dự án|gói thầu|\bfax\b"
    r"|doanh nghiệp|bưu chính|diện tích|kinh phí|số tiền|giá trị|tổng mức",
}
WORDS_BEFORE = re.compile("|".join(f"(?P<{name}>{words})" for name, words in WORD_BEFORE.items()), re.I)
# How far before a number the word may stand that says what it is.
NEAR = 60
# And how far its owner, or an office.
FAR = 120
AMOUNT = re.compile(r"\s*(?:đồng|đ\b|vnđ|vnd|usd|triệu|tỷ|tỉ|m2|m²|m3|ha\b|kg|tấn|lượt|%)", re.I)
HOTLINE = re.compile(
    r"đường dây nóng|hotline|tổng đài|trực ban|trực (?:tiếp )?(?:tiếp )?công dân|phản ánh|quảng cáo|(?:tòa|toà) soạn"
    r"|bạn đọc|hỗ trợ|tư vấn|tuyển sinh|bán hàng|chăm sóc khách|cấp cứu|cứu hộ|advertis",
    re.I,
)
OFFICE = re.compile(
    r"văn phòng|phòng\b|\bsở\b|ubnd|[uủ]ỷ? ?ban|uỷ ban|ủy ban|trung tâm|ban quản lý|chi cục|công ty|tnhh|cơ quan|trụ sở"
    r"|\bfax\b|website|bộ phận|\btrường\b|bệnh viện|chi nhánh|thường trực|tiếp nhận|\bbáo\b|tạp chí|hiệp hội|\bđài\b"
    r"|nhà xuất bản|office|department|khách sạn|siêu thị|cửa hàng|hợp tác xã|doanh nghiệp|xí nghiệp|ngân hàng"
    r"|showroom|đại lý|địa chỉ|ban biên tập",
    re.I,
)
# Whose account it is, when no person's.
OWNER = re.compile(
    r"kho bạc|công ty|\bsở\b|ban quản lý|\bquỹ\b|văn phòng|ubnd|[uủ]ỷ ban|ủy ban|trung tâm|\bhội\b|\btrường\b|chi cục"
    r"|doanh nghiệp|hợp tác xã|mặt trận|ban vận động|cơ quan|bệnh viện|chủ đầu tư|bên mời thầu",
    re.I,
)
PRIVATE = re.compile(r"nhà riêng|gia đình|chủ hộ|\bhộ (?:ông|bà)|cá nhân|thường trú|người liên hệ", re.I)
DAY = re.compile(
    r"(?<![0-9/.-])[0-9]{1,2}(?: ?[/.-] ?[0-9]{1,2} ?[/.-] ?| tháng [0-9]{1,2} năm )(?:19[2-9]|20[0-2])[0-9](?![0-9])"
)
# What stands before a day of birth.
BORN = re.compile(
    r"(?:sinh ngày|ngày(?:, tháng, năm)? sinh|ngày tháng năm sinh|\bsinh|\bs\.?n\.?|date of birth|\bborn(?: on)?)"
    r"[\s:]{0,4}(?:ngày )?$",
    re.I,
)
MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{2,64}@(?:gmail|yahoo|ymail|hotmail|outlook|live|icloud|aol|proton(?:mail)?)(?:\.[a-z]{2,4}){1,2}",
    re.I,
)
# The provinces in the numbers of citizens' cards (Circular 59/2021/TT-BCA, annex): 001 to 096, with gaps.
PROVINCES = frozenset(
    f"{number:03}" for number in (
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44,
        45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89,
        91, 92, 93, 94, 95, 96,
    )
)  # fmt: skip
MOBILE = re.compile(r"(?:84|0)[35789]\d{8}")
LANDLINE = re.compile(r"(?:84|0)2\d{8,9}")
# Of a long line, what stands beside a number is looked for in so many letters.
LONGEST_CONTEXT = 400
HIDDEN = "•"
SHOWN_FIRST, SHOWN_LAST = 4, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, which characters hold it, and whether there is little doubt."""

    kind: Kind
    start: int
    end: int
    sure: bool = True


def screen(text: str) -> list[Finding]:
    """The personal data of private people in a text, in order; a list of people is one finding over all its rows."""
    numbers, days = (list(each.finditer(text)) for each in (NUMBER, DAY)) if MAYBE.search(text) else ([], [])
    addresses = list(MAIL.finditer(text)) if "@" in text else []
    if not (numbers or days or addresses or text.count(CELL) >= LEAST):  # as with most texts
        return []
    rows = rows_of(text)
    begins = [row.start for row in rows]
    lists = people_rows(rows) if len(numbers) + len(days) + text.count(CELL) >= LEAST else []
    listed = {number for each in lists for number in each}
    found: list[Finding] = []
    for match in numbers:
        at = bisect_right(begins, match.start()) - 1
        told = of_number(match, rows[at], rows[at - 1] if at else None, at in listed)
        found += [Finding(told[0], match.start(), match.end(), told[1])] if told else []
    found += births(days, rows, begins)
    found += mails(addresses, rows, begins, listed)
    found += listed_births(rows, lists)
    found += [Finding("people", rows[each[0]].start, rows[each[-1]].end) for each in lists]
    return sorted(set(found), key=lambda each: (each.start, each.end))


def of_number(match: re.Match[str], row: Row, above: Row | None, is_listed: bool) -> tuple[Kind, bool] | None:
    """What a number is, and how sure; None for what names no private person."""
    written, at = match.group(), match.start() - row.start
    digits = "".join(filter(str.isdigit, written))
    before = row.text[max(0, at - NEAR) : at]
    if AMOUNT.match(row.text, at + len(written)):
        return None
    word = last_word(before) or row.head_of(at, last_word)
    if word == "other" and not (MOBILE.fullmatch(digits) and person_in(before[-BESIDE // 2 :])):
        return None
    if word == "id" and (len(digits) in (9, 10, 12) or written[0].isalpha()):
        return "id", True
    if written[0].isalpha():
        return None
    if word == "account":
        return of_account(row, above, digits, is_listed)
    if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits):
        return of_phone(row, above, at, bool(MOBILE.fullmatch(digits)), is_listed)
    if is_card(digits) and word is None:
        return "id", is_listed or person_in(row.text[max(0, at - FAR) : at + FAR])
    return None


def last_word(before: str) -> str | None:
    """The kind of number that the last word announces."""
    kinds = [found.lastgroup for found in WORDS_BEFORE.finditer(before)]
    return kinds[-1] if kinds else None


def is_card(digits: str) -> bool:
    """Twelve figures as on a citizen's card: province, sex and century, year of birth."""
    return len(digits) == 12 and digits[:3] in PROVINCES and digits[3] in "0123" and year_fits(digits)


def year_fits(digits: str) -> bool:
    """Born in this century means born before the card was made: at fourteen at the earliest."""
    return digits[3] in "01" or int(digits[4:6]) <= 20


def of_phone(row: Row, above: Row | None, at: int, mobile: bool, is_listed: bool) -> tuple[Kind, bool] | None:
    """A mobile is a person's, unless an office gives it; a landline is an office's, unless a person is named."""
    context = row.text[max(0, at - FAR) : at]
    if len(context) < NEAR and above:
        context = f"{above.text[-FAR:]}\n{context}"
    if is_listed:
        return "phone", True
    if HOTLINE.search(context):
        return None
    if mobile:
        named = person_before(context) or person_in(row.text[at : at + NEAR])
        return ("phone", named) if named or not OFFICE.search(context) else None
    return ("phone", True) if PRIVATE.search(context) and not OFFICE.search(context) else None


def of_account(row: Row, above: Row | None, digits: str, is_listed: bool) -> tuple[Kind, bool] | None:
    """An account is a person's, unless an office or a company is named beside it."""
    if not 6 <= len(digits) <= 19:
        return None
    if is_listed:
        return "account", True
    context = row.text[:LONGEST_CONTEXT]
    if OWNER.search(context):
        return None
    if person_in(context):
        return "account", True
    return None if above and OWNER.search(above.text[:LONGEST_CONTEXT]) else ("account", False)


def births(days: Sequence[re.Match[str]], rows: Sequence[Row], begins: Sequence[int]) -> Iterator[Finding]:
    """Days of birth behind a name, in the same line or in the one before."""
    for match in days:
        at = bisect_right(begins, match.start()) - 1
        before = until(match.start(), rows[at])
        if BORN.search(before[-NEAR:]):
            above = rows[at - 1].text[-FAR:] if at and len(before) < NEAR else ""
            if person_in(before) or person_in(above):
                yield Finding("birth", match.start(), match.end())


def mails(
    addresses: Sequence[re.Match[str]], rows: Sequence[Row], begins: Sequence[int], listed: set[int]
) -> Iterator[Finding]:
    """Addresses at the large free providers, beside a person's name."""
    for match in addresses:
        at = bisect_right(begins, match.start()) - 1
        before = until(match.start(), rows[at])
        if at in listed or person_in(before):
            yield Finding("email", match.start(), match.end(), at in listed)


def until(place: int, row: Row) -> str:
    """What stands before a character in its line, as far as it counts."""
    at = place - row.start
    return row.text[max(0, at - FAR) : at]


def listed_births(rows: Sequence[Row], lists: Sequence[Sequence[int]]) -> Iterator[Finding]:
    """The days of birth in lists of people, where no word stands before them."""
    for number in (number for each in lists for number in each):
        row = rows[number]
        yield from (Finding("birth", row.start + start, row.start + end) for start, end in row.births)


def counted(found: Sequence[Finding]) -> dict[str, int]:
    """How many of each kind."""
    sizes = Counter(each.kind for each in found)
    return {kind: sizes[kind] for kind in KINDS if sizes[kind]}


def masked(text: str) -> str:
    """The text with most figures of such numbers hidden, each letter in its place: 0123••••••89."""
    spans = [each for each in screen(text) if each.kind != "people"]
    if not spans:
        return text
    letters = list(text)
    for each in spans:
        letters[each.start : each.end] = hidden(each.kind, text[each.start : each.end])
    return "".join(letters)


def hidden(kind: Kind, written: str) -> str:
    """One number, account, day or address with what tells it from others hidden; as long as it was."""
    if kind == "email":
        name, at, host = written.partition("@")
        return name[:2] + HIDDEN * (len(name) - 2) + at + host
    places = [at for at, letter in enumerate(written) if letter.isdigit()]
    kept = places[-4:] if kind == "birth" else [*places[:SHOWN_FIRST], *places[-SHOWN_LAST:]]
    if kind != "birth" and len(places) <= SHOWN_FIRST + SHOWN_LAST:
        kept = places[-SHOWN_LAST:]
    return "".join(HIDDEN if at in places and at not in kept else letter for at, letter in enumerate(written))


def veiled(article: Article) -> Article:
    """An article as passages and exports show it: its numbers hidden in every text."""
    texts: dict[str, Any] = {name: masked(getattr(article, name)) for name in ("title", "lead", "body")}
    files = tuple(replace(each, text=masked(each.text)) if each.text else each for each in article.attachments)
    return replace(article, **texts, captions=tuple(map(masked, article.captions)), attachments=files)


def texts_of(article: Article) -> str:
    """What the page itself says, without its files."""
    return "\n".join((article.title, article.lead, article.body, *article.captions))
