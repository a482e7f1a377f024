"""Which document numbers stand in a text, and which does a question ask for?  (pure)

A number is one or more figures, perhaps a year, and the letters of the kind of document, its issuer and its unit:
788/QĐ-UBND, 15/2021/NĐ-CP, 22-NQ/TU, 14/2008/TTLT/BXD-BNV. It is no identity: 788/QĐ-UBND exists every year in
every province.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from indexer.language import fold, keys
from indexer.language.keys import DASH
from indexer.language.syllable import carrier

NumberKind = Literal["document", "standard", "scale", "certificate"]

# Kinds of documents: Decree 30/2020/NĐ-CP, laws, and what construction departments use (bare form).
KINDS = frozenset(
    """ba bb bc bn cbg cbgia cbgvl cbgvlxd cbls cd cn ct ctr cthd cty cv da dn dt gcn gd gg gm gp gpxd gqd gt gxn gy hd
    hddp hdlv hp kh kl l lct ls lt nd nq nqlt pa pc pg pl pt ptm qc qcvn qd qh qt tb tbh tc tcvn td th tl tt ttlt ttr
    ubtvqh vbhn vn xn""".split()
)
# Offices whose letters bear a number without a kind: 1637/SXD-ĐKHĐ.
OFFICES = frozenset(
    """bxd bnv btc btnmt bgtvt bkhdt hdnd sgtvt skhdt snnptnt snv soxd stc stnmt sxd ttcp ttg ubnd ubmttq vp
    vpcp""".split()
)
# Further issuers, and their units, that could be read as words or are too short to be told from them.
ISSUERS = OFFICES | frozenset(
    """bca bch bcd bcs bcsd bct bgdt bgddt bkhcn bldtbxh bnnptnt bqp btgtu btp bttt btttt btv bvhttdl byt cp du hd hdtv
    hu kt ldtbxh qh sgddt skhcn sldtbxh snnmt stttt svhttdl syt tu tw ubdt ubqh vptu vpub vpubnd vx""".split()
)
TYPES = KINDS | OFFICES
# These count, measure or name a place: 15.000/USD, Km 12/QL1A, quận 3/TP.
NO_LETTERS = frozenset("cm ha hl kg km kv kw mm ql tp tr tx usd vnd".split())
ROADS = re.compile(r"(?:ql|dt|tl|hl|dh)\d")
# Whose letters end in the number of the National Assembly's term: 27/2023/QH15.
TERMED = frozenset(["qh", "ubtvqh"])
# Words and abbreviations that say a number's kind, by their bare form, and the kinds they may mean; "" = an official
# letter, whose number names no kind. The National Assembly numbers its laws and resolutions by its term: 27/2023/QH15.
KIND_WORDS: dict[str, tuple[str, ...]] = {
    "nghi dinh": ("nd",), "quyet dinh": ("qd",), "thong tu lien tich": ("ttlt",), "thong tu": ("tt", "ttlt"),
    "chi thi": ("ct",), "nghi quyet": ("nq", "qh", "ubtvqh"), "nghi quyet lien tich": ("nqlt",), "luat": ("qh",),
    "phap lenh": ("pl", "ubtvqh"), "cong van": ("", "cv"), "ke hoach": ("kh",), "thong bao": ("tb",),
    "bao cao": ("bc",), "to trinh": ("ttr",), "cong dien": ("cd",), "ket luan": ("kl",), "huong dan": ("hd",),
    "chuong trinh": ("ctr", "cthd"), "giay phep": ("gp", "gpxd"), "van ban hop nhat": ("vbhn",),
    "cong bo": ("cbg", "cbgia", "cbgvl", "cbgvlxd", "cbls"),
    "decree": ("nd",), "decision": ("qd",), "circular": ("tt", "ttlt"), "joint circular": ("ttlt",),
    "directive": ("ct",), "law": ("qh",), "resolution": ("nq", "qh", "ubtvqh"), "plan": ("kh",), "notice": ("tb",),
    "report": ("bc",), "official letter": ("", "cv"), "official dispatch": ("", "cv"),
    "nd": ("nd",), "qd": ("qd",), "tt": ("tt", "ttlt"), "nq": ("nq", "qh", "ubtvqh"), "ct": ("ct",), "tb": ("tb",),
    "kh": ("kh",), "bc": ("bc",), "ttr": ("ttr",), "cv": ("", "cv"),
}  # fmt: skip
# Only these are numbered by the year, so 9/2024 behind their names is no month.
NUMBERED_BY_YEAR = frozenset("nd nq nqlt pl qd qh tt ttlt ubtvqh".split())

FIGURES = r"\d{1,3}(?:\.\d{3}){1,2}|\d{1,5}"
SUFFIX = r"(?:[a-dA-D]|bis)?"
BY_ITSELF = r"(?<![\w/.,-])"
HEAD = re.compile(
    rf"{BY_ITSELF}(?P<number>(?:{FIGURES}){SUFFIX})\s?/\s?(?:(?P<year>(?:19|20)\d\d)\s?/\s?)?(?=[A-Za-zĐđƯư])"
)
# A part of the letters: TTg, SoXD, QH15, QLN&TTBĐS, QĐ.UBND; a full stop with the next sentence glued to it ends it.
PART = re.compile(
    r"[A-Za-zĐđƯư][A-Za-zĐđƯư0-9]{0,15}"
    r"(?:(?:\.(?=[A-ZĐƯ]{2})|\s?&\s?(?=[A-ZĐƯ]))[A-ZĐƯ][A-Za-zĐđƯư0-9]{0,15}){0,3}(?![^\W_])"
)
JOINT = re.compile(rf"\s?(?:{DASH}|/)\s?")
MOST_PARTS = 6
# Right in front of a number: another one of its list.
IN_LIST = re.compile(rf"{BY_ITSELF}(?P<one>(?:{FIGURES}){SUFFIX})\s?(?:,|;|và|and)\s?(?:(?:số|Số|SỐ)\s)?$")
MOST_IN_LIST = 200
# Behind these words stands a year or a part of a document, and no number.
COUNTED = re.compile(r"(?:năm|tháng|ngày|quý|điều|khoản|điểm|phụ lục|mục|chương)\s$", re.IGNORECASE)
# Kilometres, houses, plots and lots bear no documents.
PLACED = re.compile(r"(?:km|số nhà|nhà số|ngõ|ngách|hẻm|lô|thửa)\s?$", re.IGNORECASE)
PARTY = re.compile(
    rf"{BY_ITSELF}(?P<number>\d{{1,4}}{SUFFIX})\s?{DASH}\s?(?P<type>[A-Za-zĐđ]{{2,5}})\s?/\s?"
    r"(?P<issuer>[A-Za-zĐđƯư]{2,8})(?!\w)"
)
STANDARD = re.compile(
    rf"(?<!\w)(?P<name>QCVN|TCVN|TCXDVN|QCXDVN)\s?(?P<number>\d{{1,5}}(?:{DASH}\d+)?)"
    r"(?:\s?:\s?(?P<year>(?:19|20)\d\d))?(?:\s?/\s?(?P<issuer>[A-ZĐ]{2,6}))?(?!\w)",
    re.IGNORECASE,
)
SCALE = re.compile(r"(?<![\w/.,:-])1\s?[/:]\s?(?P<size>\d{1,3}[.,]000|\d{3,6})(?![\w/:]|[.,]\d)")
# The first month of 2000 is no scale.
IN_MONTH = re.compile(r"(?:tháng|thang|(?<!\w)th?\.?)\s?$", re.IGNORECASE)
SIZES = frozenset("200 500 1000 2000 5000 10000 25000 50000 100000 200000 250000 500000".split())
CERTIFICATE = re.compile(rf"(?<!\w)(?P<issuer>[A-ZĐ]{{3,4}})\s?{DASH}\s?(?P<number>\d{{8}})(?!\w)")
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number in a text, at characters ``start`` to ``end``; ``bare`` is its key, ``parts`` the key's whole parts.

    ``after``: where the list that it is one of ends (`12, 13 và 14/QĐ-UBND`).
    """

    start: int
    end: int
    canonical: str
    kind: NumberKind
    parts: tuple[str, ...]
    after: int

    @property
    def bare(self) -> str:
        return "/".join(self.parts)

    @property
    def number(self) -> str:
        """Its figures, with the letter behind them: 788, 788a."""
        return next(part for part in self.parts if part[0].isdigit())

    @property
    def year(self) -> int | None:
        """The year that it names; most numbers name none."""
        figures = [part for part in self.parts if part[0].isdigit()]
        named = self.kind in ("document", "standard") and len(figures) > 1 and YEAR.fullmatch(figures[-1])
        return int(figures[-1]) if named else None

    @property
    def type(self) -> str:
        """Its kind of document, bare: qd; empty for an official letter."""
        first = next(iter(letters_of(self.parts)), "")
        return first if first in KINDS else ""

    @property
    def issuer(self) -> str:
        """Who issued it, bare, with the unit: ubnd, bxd/bnv, sxd/dkhd."""
        letters = [part for part in self.parts if not part[0].isdigit()]
        return "/".join(letters[1:] if self.type and self.type not in TERMED else letters)


class Stated(NamedTuple):
    """What a text says of a document beside its number."""

    day: date | None
    issuer: str


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A number or whole parts of one, as asked for; ``full``: from its own figures on; ``types``: the kinds that a
    word beside it names, else empty."""

    start: int
    end: int
    parts: tuple[str, ...]
    full: bool
    types: tuple[str, ...] = ()


ANY_FIGURE = re.compile(r"\d")


def find_numbers(text: str) -> list[DocumentNumber]:
    """Every document number, standard, scale and certificate code of a clean text, in order, without overlaps."""
    if not ANY_FIGURE.search(text):
        return []
    found: list[DocumentNumber] = []
    taken = bytearray(len(text))
    readers = (standards, certificates, documents, party, scales)
    for number in (each for reader in readers for each in reader(text)):
        if not any(taken[number.start : number.end]):
            taken[number.start : number.end] = b"x" * (number.end - number.start)
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def documents(text: str) -> Iterator[DocumentNumber]:
    for head in HEAD.finditer(text):
        letters, end = letters_at(text, head.end())
        if not is_issued(letters) or PLACED.search(text, behind(head.start()), head.start()):
            continue
        if sum(map(str.isupper, letters)) < 2:
            letters = letters.upper()
        for start, stop, figures in (*listed_before(text, head.start()), (head.start(), end, head["number"])):
            canonical = "/".join(part for part in (figures.replace(".", ""), head["year"], letters) if part)
            yield make(start, stop, canonical, "document", after=end)


def letters_at(text: str, at: int) -> tuple[str, int]:
    """The letters that begin at a character, joined as they should be, and where they end."""
    letters, end, loose = "", at, True
    for count in range(MOST_PARTS):
        joint = JOINT.match(text, end) if count else None
        # blanks around a sign join only when all signs have them: 788/QĐ-UBND - UBND tỉnh is a number and a name
        loose = loose and (joint is None or " " in joint[0])
        if count and (joint is None or (" " in joint[0] and not loose)):
            break
        part = PART.match(text, joint.end() if joint else at)
        if part is None or (joint and not is_unit(part[0], " " in joint[0])):
            break
        sign = "" if joint is None else "/" if "/" in joint[0] else "-"
        letters += sign + re.sub(r"\s", "", part[0])
        end = part.end()
    return letters, end


def is_unit(part: str, apart: bool) -> bool:
    """Whether what stands behind a sign belongs to the letters, and is no word."""
    capitals = sum(letter.isupper() for letter in part)
    if fold.bare(part) in ISSUERS or capitals > 1:
        return True
    return not apart and (part.isupper() or (part.islower() and is_issuer(fold.bare(part))))


def behind(at: int) -> int:
    """From where on to look at what stands in front of a character."""
    return max(0, at - 24)


def listed_before(text: str, at: int) -> Iterator[tuple[int, int, str]]:
    """The numbers in front of one that share its letters, from right to left: `12, 13 và` of `12, 13 và 14/QĐ-UBND`."""
    for _ in range(MOST_IN_LIST):
        one = IN_LIST.search(text, behind(at), at)
        if one is None or COUNTED.search(text, behind(one.start()), one.start()):
            return
        yield *one.span("one"), one["one"]
        at = one.start()


def is_issued(letters: str) -> bool:
    """Whether letters behind a figure and a slash are a document's: a known kind, or an issuer with its unit."""
    first, *rest = JOINT.split(letters)
    kind = fold.bare(first).rstrip("0123456789")
    if ROADS.match(fold.bare(first)) or kind in NO_LETTERS or (kind != fold.bare(first) and kind not in TERMED):
        return False
    if sum(map(str.isupper, first)) > 1:
        return bool(rest) or kind in TYPES
    # as hurried editors type it: only what is known, and no words
    known = [fold.bare(part) for part in rest]
    return kind in TYPES and bool(known) and all(map(is_issuer, known)) and not all(map(is_word, (kind, *known)))


def is_word(letters: str) -> bool:
    return carrier(letters) is not None


def is_issuer(part: str) -> bool:
    """Whether bare letters are an issuer or its unit: a known one, or letters that no word has (DKHD, QH15)."""
    return part in ISSUERS or (len(part) > 2 and not re.search(r"[aeiouy]", part)) or part[-1].isdigit()


def make(start: int, end: int, canonical: str, kind: NumberKind, after: int | None = None) -> DocumentNumber:
    return DocumentNumber(start, end, canonical, kind, parts_of(canonical), end if after is None else after)


def party(text: str) -> Iterator[DocumentNumber]:
    for match in PARTY.finditer(text):
        kind, issuer = fold.bare(match["type"]), fold.bare(match["issuer"])
        if kind not in NO_LETTERS and (match["type"].isupper() or (kind in KINDS and issuer in ISSUERS)):
            letters = f"{match['type']}/{match['issuer']}"
            letters = letters.upper() if letters.islower() else letters
            yield make(match.start(), match.end(), f"{match['number']}-{letters}", "document")


def standards(text: str) -> Iterator[DocumentNumber]:
    for match in STANDARD.finditer(text):
        year = f":{match['year']}" if match["year"] else ""
        issuer = f"/{match['issuer']}" if match["issuer"] else ""
        canonical = f"{match['name']} {match['number']}{year}{issuer}".upper()
        yield make(match.start(), match.end(), canonical, "standard")


def scales(text: str) -> Iterator[DocumentNumber]:
    for match in SCALE.finditer(text):
        size = re.sub(r"[.,]", "", match["size"])
        if size in SIZES and not IN_MONTH.search(text, behind(match.start()), match.start()):
            yield make(match.start(), match.end(), f"1/{size}", "scale")


def certificates(text: str) -> Iterator[DocumentNumber]:
    for match in CERTIFICATE.finditer(text):
        yield make(match.start(), match.end(), f"{match['issuer']}-{match['number']}", "certificate")


# What a text says of a document right behind its number

TO_DATE = re.compile(
    r"\s?[,(]?\s?(?:(?:da |duoc ){0,2}(?:ky |ban hanh |thong qua ){0,3}(?:vao )?ngay(?: ky| ban hanh)?\s?:?\s?"
    r"|(?:which was |was )?(?:(?:issued|signed|promulgated|adopted|enacted) (?:on )?|dated |of |on )(?:the )?)?"
)
# A date that goes on is a span: (15/4/2023 - 20/4/2023).
GOES_ON = re.compile(rf"\s?(?:{DASH}\s?\d|(?:den|toi|to|until|through)\s)")
TO_ISSUER = re.compile(
    r"\s?\)?,?\s?(?:(?:da |duoc ){0,2}(?P<by>do)|(?:ban hanh )?(?P<of>cua)"
    r"|(?:(?:issued|signed|promulgated|adopted) )?(?:by|of)(?: the)?)\s"
)
DONE_BY = re.compile(r"\s(?:da )?(?:ky |thong qua )?(?:ban hanh|ky|thong qua)(?!\w)")
TO_DATE_AGAIN = re.compile(r"\s(?:(?:ky |ban hanh )?ngay|dated|on)\s")
# How far behind a number its date and issuer may reach; how many characters and words an issuer's name has at most.
REACH, LONGEST_NAME, MOST_WORDS = 300, 90, 16

# Nobody issues by these names: what a law is of, whose permit it is.
NO_HEADS = re.compile(r"(?:luat|nghi dinh|quyet dinh|thong tu|nghi quyet|du an|de an|cong trinh|ong|ba|ho)(?!\w)")
GAP = re.compile(rf" {DASH} (?=[A-ZĐ])|, (?=[A-ZĐ])| ")
NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
# What begins so is a name in small letters, too.
HEADS = re.compile(r"(?:uy ban|hoi dong|chinh phu|thu tuong|quoc hoi|lien (?:bo|so)|bo|so|chu tich|ban thuong)(?!\w)")
# Behind these a name goes on only with capitals: UBND tỉnh | Lạng Sơn, but Thủ tướng Chính phủ | giao.
CLOSED = re.compile(
    r"(?:tinh|thanh pho|huyen|xa(?! hoi)|phuong|quan(?! (?:ly|su|tri))|thi tran|thi xa|chinh phu|quoc hoi|trung uong)"
    r"(?!\w)(?! (?:uy|doan)(?!\w))"
)
# These hold `và`, as Sở Tài nguyên và Môi trường; others are joined by it to something else.
OF_FIELDS = re.compile(r"(?:lien )?(?:bo|so|phong|cuc|chi cuc|tong cuc|ban|ministry|department|office)(?!\w)")
AND_FIELD = re.compile(
    r"(?:va|and|&) (?!(?:bo|so|uy|ban|ubnd|hdnd|nghi|quyet|thong|ke hoach|chi thi|ministry|department|circular|decree"
    r"|decision|resolution|plan)(?!\w))\w"
)
WITH_COMMA = re.compile(r"(?:van hoa, the thao|lao dong, thuong binh)(?!\w)")
# Small words that only lead on to a next word of a name.
HANGING = re.compile(r"(?: (?:of|the|and|va))+$")
# With these words in small letters a Vietnamese name is over; all others may belong to it, as in Sở Xây dựng.
ENDS = """
về|v/v|vv|quy định|phê duyệt|ban hành|hướng dẫn|công bố|sửa đổi|bổ sung|chấp thuận|thành lập|tổ chức|điều chỉnh
thay thế|yêu cầu|chỉ đạo|đồng ý|thực hiện|triển khai|áp dụng|cung cấp|thu hồi|xử phạt|xử lý|kiểm tra|thông qua
thông báo|bãi bỏ|hợp nhất|giai đoạn|quyết định|quyết nghị|đối với|liên quan|xác định|xem xét|uỷ quyền|bao gồm
có hiệu lực|giao nhiệm vụ|giao cho|giao chỉ tiêu|tiếp tục|đề nghị|phân công|phân cấp|phân bổ|tham mưu|cụ thể
cho|đã|được|là|có|tại|trong|theo|trên|nhằm|để|khi|với|đến|từ|cùng|các|những|một|do|mà|thì|này|khoá|kỳ|ký|ngày
năm|số|gửi|của|đang|sẽ|cũng|chưa|không|trước|sau|nêu|như|nên|nếu|hoặc|hay|cấp|việc|rằng|trình|gồm|cần|phải|vừa
"""
NAME_ENDS = re.compile(rf"(?:{'|'.join(ENDS.split(chr(10))[1:-1])})(?!\w)")
NAME_ENDS_BARE = re.compile(rf"(?:{'|'.join(fold.bare(ENDS).split(chr(10))[1:-1])})(?!\w)")
# The only small letters in an English name.
ENGLISH_SMALL = frozenset(
    """of the and province provincial city district commune ward town people's people’s committee council department
    ministry government minister prime chairman national assembly""".split()
)


def stated(text: str, number: DocumentNumber) -> Stated:
    """The day and the issuer that a text names right behind a number, in either order; what it does not name is
    None and empty."""
    written = text[number.after : number.after + REACH]
    bare = fold.bare(written)
    day, at = date_at(bare, 0)
    issuer, at = issuer_at(written, bare, at)
    if day is None and issuer and TO_DATE_AGAIN.match(bare, at):
        day, _ = date_at(bare, at)
    return Stated(day, issuer)


def date_at(bare: str, at: int) -> tuple[date | None, int]:
    """The date behind the words that lead to one, and where it ends; none when a span of days begins there."""
    link = TO_DATE.match(bare, at)
    found = keys.day_at(bare, link.end()) if link else None
    return (None, at) if found is None or GOES_ON.match(bare, found[1]) else found


def issuer_at(written: str, bare: str, at: int) -> tuple[str, int]:
    """The name behind the words that lead to an issuer, and where it ends."""
    link = TO_ISSUER.match(bare, at)
    if link is None:
        return "", at
    end = end_of_name(Name(written, bare, link.end(), english=not (link["by"] or link["of"])))
    if end == link.end() or (link["by"] and not DONE_BY.match(bare, end)):
        return "", at
    return " ".join(written[link.end() : end].split()), end


@dataclass(frozen=True, slots=True)
class Name:
    """Where an office's name begins in a text, and the text without marks."""

    written: str
    bare: str
    start: int
    english: bool


def end_of_name(name: Name) -> int:
    """Where a name ends, read word by word until one cannot belong to it; at its start when there is none."""
    word = NAME_WORD.match(name.written, name.start)
    if word is None or NO_HEADS.match(name.bare, name.start):
        return name.start
    if not (word.group()[0].isupper() or HEADS.match(name.bare, name.start)):
        return name.start
    end, closed = word.end(), False
    for _ in range(MOST_WORDS):
        area = CLOSED.match(name.bare, word.start())
        if area:
            end, closed = max(end, area.end()), True
        word = next_word(name, end)
        if word is None or word.end() - name.start > LONGEST_NAME or not goes_on(name, word, closed):
            break
        end = word.end()
    return name.start + len(HANGING.sub("", name.bare[name.start : end]))


def next_word(name: Name, end: int) -> re.Match[str] | None:
    """Behind a blank, or where names are known to go on: behind a dash, or the comma between two fields."""
    gap = GAP.match(name.written, end)
    if gap is None or (gap.group() == ", " and not WITH_COMMA.search(name.bare[name.start : end + 12])):
        return None
    return NAME_WORD.match(name.written, gap.end())


def goes_on(name: Name, word: re.Match[str], closed: bool) -> bool:
    """Whether a name that began goes on with a word; ``closed``: in small letters only with a wider area."""
    at, letters = word.start(), word.group()
    if fold.bare(letters) in ("va", "and"):
        return not closed and bool(OF_FIELDS.match(name.bare, name.start) and AND_FIELD.match(name.bare, at))
    if letters[0].isupper() and not (letters.isupper() and is_end(name, at)):
        return True
    if name.english:
        return letters.lower() in ENGLISH_SMALL
    return CLOSED.match(name.bare, at) is not None if closed else not is_end(name, at)


def is_end(name: Name, at: int) -> bool:
    if fold.is_marked(name.written):
        return NAME_ENDS.match(fold.modern(fold.lower(name.written)), at) is not None
    return NAME_ENDS_BARE.match(name.bare, at) is not None


def parts_of(written: str) -> tuple[str, ...]:
    """The whole parts of a number, bare, without leading zeros: 05/CBGVLXD-SXD -> 5, cbgvlxd, sxd."""
    parts = re.split(r"[^\w&]+", fold.bare(written).replace("&", ""))
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts if part)


def letters_of(parts: Iterable[str]) -> list[str]:
    """The parts that are letters, without the term behind them: qh of QH15."""
    return [re.sub(r"\d+$", "", part) for part in parts if not part[0].isdigit()]


# Questions

NO_ACCENTS = str.maketrans(dict.fromkeys("ĐđƯư"))
# Kinds behind which `tu` is surely Tỉnh ủy, whatever follows.
OF_PARTY = frozenset("nq kl qd hd ctr cthd".split())
PREFIX = r"(?:(?:so|no)(?:\s?[:.]\s?|\s))?"
KIND_WORD = "|".join(sorted(KIND_WORDS, key=len, reverse=True))
FIGURE = r"(?:\d{1,3}(?:\.\d{3}){1,2}|\d{1,5})(?:[a-d]|bis)?"
WHOLE = r"(?![^\W_])"
JOINED = rf"(?:\s?(?:/|{DASH})\s?[\w&]+){{1,{MOST_PARTS}}}"
# 338 qd ttg, 15 2021 nd cp, 788 qd-ubnd
APART = rf"(?:\s(?:19|20)\d\d)?\s[a-z&]{{2,8}}(?:(?:\s|{DASH}|/)[a-z&]{{2,8}}\d{{0,2}}{WHOLE}){{1,3}}"
KIND_AND_ISSUER = r"[a-z]{2,8}(?:[/-][a-z&]{2,8}){1,3}"
ASKED = re.compile(
    rf"(?<![\w/])(?:(?P<kind>{KIND_WORD})\s)?{PREFIX}(?P<body>{FIGURE}(?:{JOINED}|{APART})|{KIND_AND_ISSUER})(?!\w)"
)
# qd-ubnd 788, NĐ-CP số 15/2021
TURNED = re.compile(
    rf"(?<![\w/])(?<!\d{DASH})(?P<letters>[a-z]{{2,8}}(?:\s?(?:{DASH}|/)\s?|\s)[a-z]{{2,8}})\s{PREFIX}"
    rf"(?P<number>{FIGURE}(?:\s?/\s?(?:19|20)\d\d)?)(?![\w/])"
)
STANDARD_ASKED = re.compile(
    rf"(?<!\w)(?P<body>(?:qcvn|tcvn|tcxdvn|qcxdvn)\s?\d{{1,5}}(?:{DASH}\d+)?(?:\s?:\s?\d{{4}})?(?:\s?/\s?[a-z]+)?)(?!\w)"
)
CERTIFICATE_ASKED = re.compile(rf"(?<!\w)[a-z]{{3,4}}\s?{DASH}\s?\d{{8}}(?!\w)")
APART_WORD = re.compile(r"[^\s/‐‑‒–—−-]+")


def find_number_patterns(question: str) -> list[NumberPattern]:
    """The numbers and parts of numbers that a typed question asks for; a lone figure is none."""
    found: list[NumberPattern] = []
    taken = bytearray(len(question))
    for pattern in wanted(question, fold.bare(question)):
        if not any(taken[pattern.start : pattern.end]):
            taken[pattern.start : pattern.end] = b"x" * (pattern.end - pattern.start)
            found.append(pattern)
    return sorted(found, key=lambda pattern: pattern.start)


def wanted(question: str, bare: str) -> Iterator[NumberPattern]:
    """Whatever may be a number, the surer first."""
    for match in STANDARD_ASKED.finditer(bare):
        yield NumberPattern(match.start(), match.end(), parts_of(spaced(match["body"])), False)
    for match in CERTIFICATE_ASKED.finditer(bare):
        yield NumberPattern(match.start(), match.end(), parts_of(match[0]), True)
    for scale in scales(question):
        yield NumberPattern(scale.start, scale.end, scale.parts, True)
    for number in documents(question):
        if number.after > number.end:  # of a list; the last of it is read below
            yield NumberPattern(number.start, number.end, number.parts, True)
    for reader, pattern in ((turned, TURNED), (asked, ASKED)):
        for match in pattern.finditer(bare):
            read = reader(match, question)
            if read:
                yield read


def spaced(standard: str) -> str:
    """qcvn06 -> qcvn 06: two parts of the key."""
    return re.sub(r"^([a-z]+)(?=\d)", r"\1 ", standard)


def turned(match: re.Match[str], question: str) -> NumberPattern | None:
    """The letters first: `qd-ubnd 788`."""
    letters, number = parts_of(match["letters"]), parts_of(match["number"].replace(".", ""))
    known = letters[0] in KINDS and letters[1] in ISSUERS and not all(map(is_word, letters))
    if not known or is_year(number[0]) or is_marked(question[match.start() : match.end("letters")]):
        return None
    return NumberPattern(match.start(), match.end(), (*number, *letters), True)


def asked(match: re.Match[str], question: str) -> NumberPattern | None:
    """What a piece of a question asks for; words that belong to no number are given back."""
    body = match["body"]
    if re.match(rf"{FIGURE}\s[a-z\d]", body):
        body = without_words(body)
    parts = parts_of(re.sub(r"(?<=\d)\.(?=\d{3})", "", body))
    kinds = KIND_WORDS.get(match["kind"] or "", ())
    end = match.start("body") + len(body)
    if len(parts) < 2 or is_marked(question[match.start("body") : end]) or not is_number(parts, body, kinds):
        return None
    said = set(letters_of(parts)[:1]) & KINDS  # its letters say the kind better than the word in front
    return NumberPattern(match.start(), end, parts, parts[0][0].isdigit(), () if said else kinds)


def is_marked(written: str) -> bool:
    """Whether accents show words: the letters of a number have none but Đ and Ư."""
    return fold.is_marked(written.translate(NO_ACCENTS))


def without_words(body: str) -> str:
    """`338 qd ttg lang son`: behind the kind stand its issuer and unit; what follows is the rest of the question."""
    letters = [word for word in APART_WORD.finditer(body) if not word[0][0].isdigit()]
    kept = next((at for at, word in enumerate(letters) if at and not is_issuer(word[0])), len(letters))
    # `3 ct tu van`, `2 tb tu nhan`: only a resolution or the like is surely the Party's when words follow
    if kept > 1 and kept < len(letters) and is_word(letters[kept - 1][0]) and letters[0][0] not in OF_PARTY:
        kept -= 1
    return body[: letters[kept - 1].end()]


def is_number(parts: Sequence[str], body: str, kinds: Sequence[str]) -> bool:
    """Figures with a year, a known kind or an issuer behind them; or a kind and an issuer alone (QĐ-UBND).

    ``kinds``: what a word in front says of the document that follows.
    """
    letters = letters_of(parts)
    issued = bool(letters) and letters[0] in TYPES and len(letters) > 1 and all(map(is_issuer, letters[1:]))
    if not parts[0][0].isdigit():  # without figures only what is known: sở gd-đt is an office
        known = issued and letters[0] in KINDS and all(letter in ISSUERS for letter in letters[1:])
        return known and not all(map(is_word, letters))
    if not letters:  # 15/2021: a month unless a word says otherwise, 2023/2024 a school year
        is_dated = len(parts) == 2 and "/" in body and is_year(parts[1])
        is_no_month = not parts[0].isdecimal() or (int(parts[0]) > 12 and not is_year(parts[0]))
        return is_dated and (is_no_month or not NUMBERED_BY_YEAR.isdisjoint(kinds))
    if issued:
        return not all(map(is_word, letters))
    if "/" not in body or re.match(rf"{FIGURE}\s[a-z\d]", body) or letters[0] in NO_LETTERS or ROADS.match(parts[1]):
        return False
    return len(letters) > 1 if letters[0] not in TYPES else len(letters) > 1 or not is_word(letters[0])


def is_year(figures: str) -> bool:
    return YEAR.fullmatch(figures) is not None


def matches_bare(pattern: NumberPattern, bare: str) -> bool:
    """Whether a number (its key) is met by a pattern: in full, or holding its parts side by side."""
    parts = tuple(bare.split("/"))
    size = len(pattern.parts)
    if pattern.full and parts[0] != pattern.parts[0]:
        return False
    if not any(parts[at : at + size] == pattern.parts for at in range(len(parts) - size + 1)):
        return False
    if not pattern.types:
        return True
    first = next(iter(letters_of(parts)), None)
    return first in pattern.types or ("" in pattern.types and first is not None and first not in KINDS)
