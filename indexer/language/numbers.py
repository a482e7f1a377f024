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

NumberKind = Literal["document", "standard", "scale", "certificate"]

# Kinds of documents: Decree 30/2020/NĐ-CP, laws, and what construction departments use (bare form).
KINDS = frozenset(
    """ba bb bc bn cbg cbgia cbgvl cbgvlxd cd cn ct ctr cty cv da dn dt gcn gd gg gm gp gpxd gqd gt gxn gy hd hddp hdlv
    hp kh kl l lct ls lt nd nq nqlt pa pc pg pl pt ptm qc qcvn qd qh qt tb tbh tc tcvn td th tl tt ttlt ttr ubtvqh vbhn
    vp xn""".split()
)
# Offices whose letters bear a number without a kind: 1637/SXD-ĐKHĐ.
OFFICES = frozenset("hdnd sgtvt soxd stc sxd ttg ubnd".split())
# Further issuers, and their units, that could be read as words.
ISSUERS = OFFICES | frozenset(
    """ban bca bct bgdt bgtvt bkhcn bkhdt bnnptnt bnv bqp btc btnmt btp bxd btttt bvhttdl byt chinhphu cp hd hdtv
    qh stnmt skhdt snnptnt snv ldtbxh bldtbxh tinhuy tu tw ubmttq ubqh vpcp vpub""".split()
)
TYPES = KINDS | OFFICES
# Words that say a number's kind, by their bare form, and the kinds they may mean; "" = an official letter, whose number
# names no kind. The National Assembly numbers its laws and resolutions by its term: 27/2023/QH15.
KIND_WORDS: dict[str, tuple[str, ...]] = {
    "nghi dinh": ("nd",), "quyet dinh": ("qd",), "thong tu lien tich": ("ttlt",), "thong tu": ("tt", "ttlt"),
    "chi thi": ("ct",), "nghi quyet": ("nq", "qh", "ubtvqh"), "cong van": ("",), "ke hoach": ("kh",),
    "thong bao": ("tb",), "bao cao": ("bc",), "to trinh": ("ttr",), "luat": ("qh",), "cong dien": ("cd",),
    "decree": ("nd",), "decision": ("qd",), "circular": ("tt", "ttlt"), "directive": ("ct",), "law": ("qh",),
    "resolution": ("nq", "qh", "ubtvqh"), "plan": ("kh",), "official letter": ("",),
    "nd": ("nd",), "qd": ("qd",), "tt": ("tt", "ttlt"), "nq": ("nq", "qh", "ubtvqh"), "cv": ("",),
}  # fmt: skip

DASH = r"[-‐‑‒–—−]"
FIGURES = r"\d{1,3}(?:\.\d{3})+|\d{1,5}"
SUFFIX = r"(?:[a-dA-D]|bis)?"
# A part of the letters: begins with a capital, holds capitals, figures and few small letters (TTg, SoXD, QLN&TTBĐS).
PART = r"[A-ZĐƯ][A-Za-zĐđƯư0-9&.]*"
LETTERS = rf"{PART}(?:\s?(?:{DASH}|/)\s?{PART})*"
# Longer lists are tables of figures; a bound keeps the reading of them linear.
LONGEST_LIST = 20
DOCUMENT = re.compile(
    rf"(?<![\w/.,-])(?P<list>(?:(?:{FIGURES}){SUFFIX}\s?(?:,|và|and)\s?){{0,{LONGEST_LIST}}})"
    rf"(?P<number>(?:{FIGURES}){SUFFIX})\s?/\s?(?:(?P<year>(?:19|20)\d\d)\s?/\s?)?(?P<letters>{LETTERS})"
)
PARTY = re.compile(
    rf"(?<![\w/.,-])(?P<number>\d{{1,4}})\s?{DASH}\s?(?P<type>[A-ZĐ]{{2,4}})\s?/\s?(?P<issuer>[A-ZĐƯ]{{2,6}})(?!\w)"
)
# As hurried editors type it: known kinds and issuers only, no blanks.
LOWER = re.compile(
    rf"(?<![\w/.,-])(?P<list>)(?P<number>(?:{FIGURES}){SUFFIX})/(?:(?P<year>(?:19|20)\d\d)/)?"
    rf"(?P<letters>[a-zđ]{{2,8}}(?:{DASH}[a-zđ]{{2,8}})+)(?!\w)"
)
STANDARD = re.compile(
    r"(?<!\w)(?P<name>QCVN|TCVN|TCXDVN|QCXDVN)\s?(?P<number>\d{1,5}(?:-\d+)?)"
    r"(?:\s?:\s?(?P<year>(?:19|20)\d\d))?(?:\s?/\s?(?P<issuer>[A-ZĐ]{2,6}))?(?!\w)",
    re.IGNORECASE,
)
SCALE = re.compile(r"(?<![\w/.,:-])1\s?[/:]\s?(?P<size>\d{1,3}\.000|[125]\d{2,4})(?![\w/:])")
CERTIFICATE = re.compile(rf"(?<!\w)(?P<issuer>[A-ZĐ]{{3,4}})\s?{DASH}\s?(?P<number>\d{{8}})(?!\w)")
ONE_OF_A_LIST = re.compile(rf"(?:{FIGURES}){SUFFIX}")
# In front of such letters stands no document: kilometres, roads, what something is counted by.
ROADS = re.compile(r"QL\d|DT\d|ĐT\d|TL\d|HL\d")


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
        figures = [part for part in self.parts if part.isdigit()]
        return int(figures[1]) if self.kind in ("document", "standard") and len(figures) > 1 else None

    @property
    def type(self) -> str:
        """Its kind of document, bare: qd; empty for an official letter."""
        first = next(iter(letters_of(self.parts)), "")
        return first if first in KINDS else ""

    @property
    def issuer(self) -> str:
        """Who issued it, bare, with the unit: ubnd, bxd/bnv, sxd/dkhd."""
        letters = [part for part in self.parts if not part[0].isdigit()]
        return "/".join(letters[1:] if self.type and len(letters) > 1 else letters)


class Stated(NamedTuple):
    """What a text says of a document beside its number."""

    day: date | None
    issuer: str


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A number or whole parts of one, as asked for; ``types``: the kinds that a word beside it names, else empty."""

    start: int
    end: int
    parts: tuple[str, ...]
    full: bool
    types: tuple[str, ...] = ()


def find_numbers(text: str) -> list[DocumentNumber]:
    """Every document number, standard, scale and certificate code of a clean text, in order, without overlaps."""
    if not any(letter.isdigit() for letter in text):
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
    for match in DOCUMENT.finditer(text):
        letters = match["letters"].rstrip(".")
        following = text[match.start("letters") + len(letters) :][:1]
        if is_issued(letters, following) and not before_is_a_road(text, match.start()):
            yield from listed(match, letters)
    for match in LOWER.finditer(text):
        first, *rest = re.split(DASH, fold.bare(match["letters"]))
        if first in TYPES and all(map(is_issuer, rest)):
            yield from listed(match, match["letters"].upper())


def listed(match: re.Match[str], letters: str) -> Iterator[DocumentNumber]:
    """The numbers of a list that share their letters, or the only one."""
    end = match.start("letters") + len(letters)
    tail = re.sub(rf"\s?{DASH}\s?", "-", re.sub(r"\s?/\s?", "/", letters))
    ones = [(one.start(), one.end(), one[0]) for one in ONE_OF_A_LIST.finditer(match["list"])]
    for start, stop, figures in (*ones, (match.start("number") - match.start(), end - match.start(), match["number"])):
        canonical = "/".join(part for part in (figures.replace(".", ""), match["year"] or "", tail) if part)
        yield make(match.start() + start, match.start() + stop, canonical, "document", after=end)


def is_issued(letters: str, following: str) -> bool:
    """Whether letters behind a figure and a slash are a document's: a known kind, or an issuer with its unit."""
    if following.isalnum() or ROADS.match(letters):
        return False
    parts = re.split(rf"\s?(?:{DASH}|/)\s?", letters)
    first = fold.bare(re.sub(r"\d+$", "", parts[0]))
    capitals = sum(letter.isupper() for letter in parts[0])
    return (first in TYPES and capitals >= 2) or (len(parts) > 1 and capitals >= 2)


def is_issuer(part: str) -> bool:
    """Whether bare letters are an issuer or its unit: a known one, or letters that no word has (DKHD, QH15)."""
    return part in ISSUERS or not re.search(r"[aeiouy]", part) or part[-1].isdigit()


def before_is_a_road(text: str, at: int) -> bool:
    return bool(re.search(r"(?:Km|km|KM|số nhà|lô|thửa)\s?$", text[max(0, at - 8) : at]))


def make(start: int, end: int, canonical: str, kind: NumberKind, after: int | None = None) -> DocumentNumber:
    return DocumentNumber(start, end, canonical, kind, parts_of(canonical), end if after is None else after)


def party(text: str) -> Iterator[DocumentNumber]:
    for match in PARTY.finditer(text):
        yield make(match.start(), match.end(), f"{match['number']}-{match['type']}/{match['issuer']}", "document")


def standards(text: str) -> Iterator[DocumentNumber]:
    for match in STANDARD.finditer(text):
        year = f":{match['year']}" if match["year"] else ""
        issuer = f"/{match['issuer']}" if match["issuer"] else ""
        canonical = f"{match['name']} {match['number']}{year}{issuer}".upper()
        yield make(match.start(), match.end(), canonical, "standard")


def scales(text: str) -> Iterator[DocumentNumber]:
    for match in SCALE.finditer(text):
        yield make(match.start(), match.end(), f"1/{match['size'].replace('.', '')}", "scale")


def certificates(text: str) -> Iterator[DocumentNumber]:
    for match in CERTIFICATE.finditer(text):
        yield make(match.start(), match.end(), f"{match['issuer']}-{match['number']}", "certificate")


# What a text says of a document right behind its number

TO_DATE = re.compile(r"\s*[,(;]?\s*(?:(?:duoc ban hanh|ky ban hanh|ban hanh|ky|ra|ngay|issued|signed|dated|of|on)\s+)*")
TO_ISSUER = re.compile(r"\s*[,)]?\s*(?:của|do|issued by(?: the)?|by(?: the)?|of the|of)\s+(?=[A-ZĐƯÂÔỦỨ])")
# Where the name of an issuer ends: at a sign, or at a word that begins what the document does.
ISSUER_END = re.compile(
    r"[,;:()“”\"\n]|\.(?!\w)|\s(?:về|v/v|việc|quy định|phê duyệt|ban hành|hướng dẫn|sửa đổi|công bố|giao|ngày|số"
    r"|và|đã|là|có|được|thì|theo|tại|nhằm|đối với|trong|cho|để"
    r"|on|approving|regarding|promulgating|dated|and|which|has|was)(?!\w)",
    re.IGNORECASE,
)
LONGEST_ISSUER = 80


def stated(text: str, number: DocumentNumber) -> Stated:
    """The day and the issuer that a text names right behind a number, in either order; what it does not name is
    None and empty."""
    day, issuer, at = None, "", number.after
    for _ in range(2):
        if day is None:
            day, at = date_at(text, at)
        if not issuer:
            issuer, at = issuer_at(text, at)
    return Stated(day, issuer)


def date_at(text: str, at: int) -> tuple[date | None, int]:
    """The date that begins here, behind linking words, and where it ends."""
    ahead = text[at : at + 60]
    linked = TO_DATE.match(fold.bare(ahead))
    for key in keys.find_keys(ahead):
        if linked and key.key.startswith("d:") and key.start <= linked.end():
            return date.fromisoformat(key.key[2:]), at + key.end
    return None, at


def issuer_at(text: str, at: int) -> tuple[str, int]:
    """The issuer that is named here, and where its name ends."""
    linked = TO_ISSUER.match(text, at)
    if not linked:
        return "", at
    ahead = text[linked.end() : linked.end() + LONGEST_ISSUER]
    end = ISSUER_END.search(ahead)
    name = ahead[: end.start()] if end else ahead.rsplit(" ", 1)[0] if len(ahead) == LONGEST_ISSUER else ahead
    return " ".join(name.rstrip(".").split()), linked.end() + len(name)


def parts_of(written: str) -> tuple[str, ...]:
    """The whole parts of a number, bare, without leading zeros: 05/CBGVLXD-SXD -> 5, cbgvlxd, sxd."""
    parts = re.split(r"[^\w&]+", fold.bare(written).replace("&", ""))
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts if part)


def letters_of(parts: Iterable[str]) -> list[str]:
    """The parts that are letters, without the term behind them: qh of QH15."""
    return [re.sub(r"\d+$", "", part) for part in parts if not part[0].isdigit()]


# Questions

PREFIX = r"(?:(?:số|so|no)\s*[:.]?\s+)?"
KIND_WORD = "|".join(sorted(KIND_WORDS, key=len, reverse=True))
FIGURE = r"(?:\d{1,3}(?:\.\d{3})+|\d{1,5})(?:[a-d]|bis)?"
JOINED = rf"(?:\s?(?:/|{DASH})\s?[\w&]+)+"
APART = r"(?:\s[a-z&]{2,8}\d{0,2}(?=\W|$)){2,4}"
KIND_AND_ISSUER = r"[a-z]{2,}(?:[/-][a-z&]+)+"
ASKED = re.compile(
    rf"(?<![\w/])(?:(?P<kind>{KIND_WORD})\s+)?{PREFIX}(?P<body>{FIGURE}(?:{JOINED}|{APART})|{KIND_AND_ISSUER})(?!\w)"
)
STANDARD_ASKED = re.compile(
    r"(?<!\w)(?P<body>(?:qcvn|tcvn|tcxdvn|qcxdvn)\s?\d+(?:-\d+)?(?:\s?:\s?\d{4})?(?:\s?/\s?[a-z]+)?)(?!\w)"
)
YEAR = re.compile(r"(?:19|20)\d\d")


def find_number_patterns(question: str) -> list[NumberPattern]:
    """The numbers and parts of numbers that a typed question asks for; a lone figure is none."""
    bare = fold.bare(question)
    wanted = [
        NumberPattern(m.start(), m.end(), parts_of(spaced(m["body"])), False) for m in STANDARD_ASKED.finditer(bare)
    ]
    wanted += [NumberPattern(scale.start, scale.end, scale.parts, True) for scale in scales(question)]
    wanted += [pattern for match in ASKED.finditer(bare) if (pattern := asked(match))]
    found: list[NumberPattern] = []
    taken = bytearray(len(bare))
    for pattern in wanted:
        if not any(taken[pattern.start : pattern.end]):
            taken[pattern.start : pattern.end] = b"x" * (pattern.end - pattern.start)
            found.append(pattern)
    return sorted(found, key=lambda pattern: pattern.start)


def spaced(standard: str) -> str:
    """qcvn06 -> qcvn 06: two parts of the key."""
    return re.sub(r"^([a-z]+)(?=\d)", r"\1 ", standard)


def asked(match: re.Match[str]) -> NumberPattern | None:
    """What a piece of a question asks for; words that belong to no number are given back."""
    body = match["body"]
    if not re.search(rf"/|{DASH}", body):
        body = without_words(body)
    parts = parts_of(re.sub(r"(?<=\d)\.(?=\d{3})", "", body))
    if len(parts) < 2 or not is_number(parts, body, match["kind"] is not None):
        return None
    full = parts[0][0].isdigit() and any(not part.isdigit() for part in parts)
    return NumberPattern(
        match.start(), match.start("body") + len(body), parts, full, KIND_WORDS.get(match["kind"] or "", ())
    )


def without_words(body: str) -> str:
    """`338 qd ttg lang son`: behind the kind stand its issuer and unit; what follows is the rest of the question."""
    words = body.split(" ")
    size = next((at for at, word in enumerate(words) if at > 1 and not is_issuer(word)), len(words))
    return " ".join(words[:size])


def is_number(parts: Sequence[str], body: str, named: bool) -> bool:
    """Figures with a year, a known kind or an issuer behind them; or a kind and an issuer alone (QĐ-UBND).

    ``named``: a word in front says that a document follows.
    """
    letters = letters_of(parts)
    issued = bool(letters) and letters[0] in TYPES and len(letters) > 1 and all(map(is_issuer, letters[1:]))
    if not parts[0][0].isdigit():  # without figures only what is known: sở gd-đt is an office
        return issued and all(letter in ISSUERS for letter in letters[1:])
    if not letters:  # 15/2021: a month unless a word says otherwise
        is_dated = len(parts) == 2 and "/" in body and YEAR.fullmatch(parts[1]) is not None
        return is_dated and (named or int(parts[0]) > 12)
    return issued or ("/" in body and (letters[0] in TYPES or len(letters) > 1))


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
