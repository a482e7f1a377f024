"""Which document numbers stand in a text, and which does a question ask for?  (pure)

A number is one or more figures, perhaps a year, and the letters of the kind of document, its issuer and its unit:
788/QĐ-UBND, 15/2021/NĐ-CP, 22-NQ/TU, 14/2008/TTLT/BXD-BNV. It is no identity: 788/QĐ-UBND exists every year in
every province.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.language import fold
from indexer.language.syllable import carrier

NumberKind = Literal["document", "standard", "scale", "certificate"]

# Kinds of documents: Decree 30/2020/NĐ-CP, laws, and what construction departments use (bare form).
TYPES = frozenset(
    """ba bb bc bn cbg cbgia cbgvl cbgvlxd cd cn ct ctr cty cv da dn dt gcn gd gg gm gp gpxd gqd gt gxn gy hd hddp hdlv
    hdnd hp kh kl l lct ls lt nd nq nqlt pa pc pg pl pt ptm qc qcvn qd qh qt sgtvt sl soxd stc sxd tb tbh tc tcvn td th
    tl tt ttg ttlt ttr ubnd vbhn vp xn""".split()
)
# Words that say a number's kind, by their bare form; "" = an official letter, whose number names no kind.
KIND_WORDS = {
    "nghi dinh": "nd", "quyet dinh": "qd", "thong tu": "tt", "chi thi": "ct", "nghi quyet": "nq", "cong van": "",
    "ke hoach": "kh", "thong bao": "tb", "bao cao": "bc", "to trinh": "ttr", "luat": "qh", "cong dien": "cd",
    "decree": "nd", "decision": "qd", "circular": "tt", "directive": "ct", "resolution": "nq", "plan": "kh",
    "official letter": "",
}  # fmt: skip

DASH = r"[-‐‑‒–—−]"
FIGURES = r"\d{1,3}(?:\.\d{3})+|\d{1,5}"
SUFFIX = r"(?:[a-dA-D]|bis)?"
# A part of the letters: begins with a capital, holds capitals, figures and few small letters (TTg, SoXD, QLN&TTBĐS).
PART = r"[A-ZĐƯ][A-Za-zĐđƯư0-9&.]*"
LETTERS = rf"{PART}(?:\s?(?:{DASH}|/)\s?{PART})*"
DOCUMENT = re.compile(
    rf"(?<![\w/.,-])(?P<list>(?:(?:{FIGURES}){SUFFIX}\s?(?:,|và|and)\s?)*)"
    rf"(?P<number>(?:{FIGURES}){SUFFIX})\s?/\s?(?:(?P<year>(?:19|20)\d\d)\s?/\s?)?(?P<letters>{LETTERS})"
)
PARTY = re.compile(
    rf"(?<![\w/.,-])(?P<number>\d{{1,4}})\s?{DASH}\s?(?P<type>[A-ZĐ]{{2,4}})\s?/\s?(?P<issuer>[A-ZĐƯ]{{2,6}})(?!\w)"
)
STANDARD = re.compile(
    r"(?<!\w)(?P<name>QCVN|TCVN|TCXDVN|QCXDVN)\s?(?P<number>\d{1,5}(?:-\d+)?)"
    r"(?:\s?:\s?(?P<year>(?:19|20)\d\d))?(?:\s?/\s?(?P<issuer>[A-ZĐ]{2,6}))?(?!\w)"
)
SCALE = re.compile(r"(?<![\w/.,-])1\s?/\s?(?P<size>\d{1,3}\.000|[125]\d{2,4})(?![\w/])")
CERTIFICATE = re.compile(rf"(?<!\w)(?P<issuer>[A-ZĐ]{{3,4}})\s?{DASH}\s?(?P<number>\d{{8}})(?!\w)")
ONE_OF_A_LIST = re.compile(rf"(?:{FIGURES}){SUFFIX}")
# In front of such letters stands no document: kilometres, roads, what something is counted by.
ROADS = re.compile(r"QL\d|DT\d|ĐT\d|TL\d|HL\d")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number in a text, at characters ``start`` to ``end``; ``bare`` is its key, ``parts`` the key's whole parts."""

    start: int
    end: int
    canonical: str
    kind: NumberKind
    parts: tuple[str, ...]

    @property
    def bare(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A number or whole parts of one, as asked for; ``type`` holds the kind when a word beside it named one."""

    start: int
    end: int
    parts: tuple[str, ...]
    full: bool
    type: str | None = None


def find_numbers(text: str) -> list[DocumentNumber]:
    """Every document number, standard, scale and certificate code of a clean text, in order, without overlaps."""
    found: list[DocumentNumber] = []
    if not any(letter.isdigit() for letter in text):
        return found
    for number in (*standards(text), *certificates(text), *documents(text), *party(text), *scales(text)):
        if not any(number.start < other.end and other.start < number.end for other in found):
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def documents(text: str) -> Iterator[DocumentNumber]:
    for match in DOCUMENT.finditer(text):
        letters = match["letters"].rstrip(".")
        end = match.start("letters") + len(letters)
        if not is_issued(letters, text[end : end + 1]) or before_is_a_road(text, match.start()):
            continue
        year = match["year"] or ""
        tail = re.sub(rf"\s?{DASH}\s?", "-", re.sub(r"\s?/\s?", "/", letters))
        for one in ONE_OF_A_LIST.finditer(match["list"]):
            yield make(match.start() + one.start(), match.start() + one.end(), one.group(), year, tail)
        yield make(match.start("number"), end, match["number"], year, tail)


def is_issued(letters: str, following: str) -> bool:
    """Whether letters behind a figure and a slash are a document's: a known kind, or an issuer with its unit."""
    if following.isalnum() or ROADS.match(letters):
        return False
    parts = re.split(rf"\s?(?:{DASH}|/)\s?", letters)
    first = fold.bare(re.sub(r"\d+$", "", parts[0]))
    capitals = sum(letter.isupper() for letter in parts[0])
    return (first in TYPES and capitals >= 2) or (len(parts) > 1 and capitals >= 2)


def before_is_a_road(text: str, at: int) -> bool:
    return bool(re.search(r"(?:Km|km|KM|số nhà|lô|thửa)\s?$", text[max(0, at - 8) : at]))


def make(start: int, end: int, number: str, year: str, tail: str) -> DocumentNumber:
    number = number.replace(".", "")
    canonical = "/".join(part for part in (number, year, tail) if part)
    return DocumentNumber(start, end, canonical, "document", parts_of(canonical))


def party(text: str) -> Iterator[DocumentNumber]:
    for match in PARTY.finditer(text):
        canonical = f"{match['number']}-{match['type']}/{match['issuer']}"
        yield DocumentNumber(match.start(), match.end(), canonical, "document", parts_of(canonical))


def standards(text: str) -> Iterator[DocumentNumber]:
    for match in STANDARD.finditer(text):
        year = f":{match['year']}" if match["year"] else ""
        issuer = f"/{match['issuer']}" if match["issuer"] else ""
        canonical = f"{match['name']} {match['number']}{year}{issuer}"
        yield DocumentNumber(match.start(), match.end(), canonical, "standard", parts_of(canonical))


def scales(text: str) -> Iterator[DocumentNumber]:
    for match in SCALE.finditer(text):
        size = match["size"].replace(".", "")
        yield DocumentNumber(match.start(), match.end(), f"1/{size}", "scale", ("1", size))


def certificates(text: str) -> Iterator[DocumentNumber]:
    for match in CERTIFICATE.finditer(text):
        canonical = f"{match['issuer']}-{match['number']}"
        yield DocumentNumber(match.start(), match.end(), canonical, "certificate", parts_of(canonical))


def parts_of(written: str) -> tuple[str, ...]:
    """The whole parts of a number, bare, without leading zeros: 05/CBGVLXD-SXD -> 5, cbgvlxd, sxd."""
    parts = re.split(r"[^\w&]+", fold.bare(written).replace("&", ""))
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts if part)


# Questions

PREFIX = r"(?:(?:số|so|no)\s*[:.]?\s+)?"
KIND_WORD = "|".join(sorted(KIND_WORDS, key=len, reverse=True))
FIGURE = r"(?:\d{1,3}(?:\.\d{3})+|\d{1,5})[a-d]?"
JOINED = rf"(?:\s?(?:/|{DASH})\s?[\w&]+)+"
APART = r"(?:\s[a-z&]{2,8}(?=\W|$)){2,4}"
KIND_AND_ISSUER = r"[a-z]{2,}(?:\s?[/-]\s?[a-z&]+)+"
ASKED = re.compile(
    rf"(?<![\w/])(?:(?P<kind>{KIND_WORD})\s+)?{PREFIX}(?P<body>{FIGURE}(?:{JOINED}|{APART})|{KIND_AND_ISSUER})(?!\w)"
)
STANDARD_ASKED = re.compile(r"(?<!\w)(?P<body>(?:qcvn|tcvn|tcxdvn)\s?\d+(?:\s?:\s?\d{4})?(?:\s?/\s?[a-z]+)?)(?!\w)")


def find_number_patterns(question: str) -> list[NumberPattern]:
    """The numbers and parts of numbers that a typed question asks for; a lone figure is none."""
    bare = fold.bare(question)
    found = []
    for match in STANDARD_ASKED.finditer(bare):
        found.append(NumberPattern(match.start(), match.end(), parts_of(match["body"]), False))
    for scale in scales(question):
        found.append(NumberPattern(scale.start, scale.end, scale.parts, True))
    for match in ASKED.finditer(bare):
        pattern = asked(match)
        if pattern and not any(pattern.start < other.end and other.start < pattern.end for other in found):
            found.append(pattern)
    return sorted(found, key=lambda pattern: pattern.start)


def asked(match: re.Match[str]) -> NumberPattern | None:
    """What a piece of a question asks for; words that belong to no number are given back."""
    body = match["body"]
    if not re.search(rf"/|{DASH}", body):
        body = without_words(body)
    parts = parts_of(body.replace(".", ""))
    if len(parts) < 2 or not is_number(parts, body):
        return None
    kind = KIND_WORDS.get(match["kind"]) if match["kind"] else None
    full = parts[0][0].isdigit() and any(not part.isdigit() for part in parts)
    return NumberPattern(match.start(), match.start("body") + len(body), parts, full, kind)


def without_words(body: str) -> str:
    """`338 qd ttg lang son`: behind the kind and its issuer, what could be a word is one."""
    words = body.split(" ")
    size = next((at for at, word in enumerate(words) if at > 2 and carrier(word) is not None), len(words))
    return " ".join(words[:size])


def is_number(parts: Sequence[str], body: str) -> bool:
    """Figures with a year, a known kind or an issuer behind them; or a kind and an issuer alone (QĐ-UBND)."""
    letters = [re.sub(r"\d+$", "", part) for part in parts if not part.isdigit()]
    if not parts[0][0].isdigit():
        return (
            len(parts) > 1
            and parts[0] in TYPES
            and "-" in body
            and all(part in TYPES or len(part) <= 5 for part in parts[1:])
        )
    if not letters:
        return (
            len(parts) == 2
            and len(parts[1]) == 4
            and parts[1][:2] in ("19", "20")
            and "/" in body
            and int(parts[0]) > 12
        )
    if " " in body and not re.search(r"[/-]", body):
        return letters[0] in TYPES and len(letters) > 1 and all(len(part) <= 8 for part in letters)
    return letters[0] in TYPES or len(letters) > 1


def matches_bare(pattern: NumberPattern, bare: str) -> bool:
    """Whether a number (its key) is met by a pattern: in full, or holding its parts side by side."""
    parts = tuple(bare.split("/"))
    size = len(pattern.parts)
    if pattern.full and parts[0] != pattern.parts[0]:
        return False
    if not any(parts[at : at + size] == pattern.parts for at in range(len(parts) - size + 1)):
        return False
    if pattern.type is None:
        return True
    letters = [re.sub(r"\d+$", "", part) for part in parts if not part.isdigit()]
    return pattern.type in letters[:1] if pattern.type else bool(letters) and letters[0] not in set(KIND_WORDS.values())
