"""Which articles cite a document?  Grouped by the date and issuer that they state: a number alone is no identity."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import takewhile

import numpy as np

from indexer.article import Kept
from indexer.corrected import day_of
from indexer.engine.columns import Columns, Pairs
from indexer.engine.places import Mask, documents_of
from indexer.language import numbers
from indexer.language.words import NUMBER
from indexer.passages import Passage, piece
from indexer.personal import masked
from indexer.store import Store, articles
from indexer.zones import zone_texts

# How the letters of a number are written when it is shown; all others are capitals.
WRITTEN = {"qd": "QĐ", "nd": "NĐ", "cd": "CĐ", "da": "ĐA", "gd": "GĐ", "hd": "HĐ", "ttg": "TTg", "hdnd": "HĐND"}
PARTY = ("tu", "tw")  # 22-NQ/TU: the Party writes the dash first


@dataclass(frozen=True, slots=True)
class Citation:
    """One article that cites the document, how it writes the number, and the passage that does."""

    kept: Kept
    written: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Bearer:
    """One document of this number, as articles state it: its date and issuer, either of them perhaps unknown."""

    stated: date | None
    issuer: str
    citations: tuple[Citation, ...]


def bare_of(written: str) -> str:
    """The key of a number however it is written: 788/QĐ-UBND -> 788/qd/ubnd."""
    return "/".join(numbers.parts_of(written))


def written(bare: str) -> str:
    """How a number is shown: 788/qd/ubnd -> 788/QĐ-UBND, 22/nq/tu -> 22-NQ/TU."""
    parts = bare.split("/")
    figures = list(takewhile(lambda part: part[0].isdigit(), parts[:2]))
    letters = [WRITTEN.get(part, part.upper()) for part in parts[len(figures) :]]
    if not figures:
        return f"{letters[0]} {':'.join(letters[1:3])}{''.join('/' + each for each in letters[3:])}"
    if parts[-1] in PARTY and len(letters) == 2:
        return f"{'/'.join(figures)}-{letters[0]}/{letters[1]}"
    return "/".join([*figures, "-".join(letters)]) if letters else "/".join(figures)


def is_document(bare: str) -> bool:
    """Whether a key is that of a document, and not of a scale (1/500) or a standard."""
    return bare[0].isdigit() and any(part[:1].isalpha() for part in bare.split("/")[1:])


def bearers(bare: str, ids: Sequence[int], store: Store) -> list[Bearer]:
    """The documents of this number that the articles with ``ids`` cite, the newest first, those without a date last."""
    with store.read() as connection:
        kept = articles.several(connection, ids)
    grouped: dict[numbers.Stated, list[Citation]] = {}
    for number in (each for each in ids if each in kept):
        for stated, citation in citations(kept[number], bare):
            grouped.setdefault(stated, []).append(citation)
    found = [Bearer(stated.day, stated.issuer, newest_first(each)) for stated, each in grouped.items()]
    return sorted(found, key=lambda each: (each.stated is None, -(each.stated or date.min).toordinal(), each.issuer))


def citations(kept: Kept, bare: str) -> Iterator[tuple[numbers.Stated, Citation]]:
    """What an article states of the document, each date and issuer once. Who names them once and then only the
    number, or its date, speaks of one document: what says less than another mention is left out."""
    found: dict[numbers.Stated, Citation] = {}
    for zone, text in zone_texts(kept).items():
        for line in text.split("\n"):
            for number in numbers.find_numbers(line):
                if number.bare == bare:
                    passage = piece(zone, masked(line), [(number.start, number.end)])
                    found.setdefault(numbers.stated(line, number), Citation(kept, number.canonical, passage))
    for stated, citation in found.items():
        if not any(says_less(stated, other) for other in found):
            yield stated, citation


def says_less(stated: numbers.Stated, other: numbers.Stated) -> bool:
    """Whether another mention says the same and more."""
    return stated != other and stated.day in (None, other.day) and stated.issuer in ("", other.issuer)


def usual(found: Sequence[Bearer], bare: str) -> str:
    """How most of the articles write the number; the key itself does not know its accents."""
    often = Counter(citation.written for bearer in found for citation in bearer.citations)
    return max(often, key=lambda each: (often[each], each), default=written(bare))


def newest_first(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    def order(citation: Citation) -> tuple[int, int]:
        day = day_of(citation.kept)
        return -(day.toordinal() if day else 0), citation.kept.id

    return tuple(sorted(citations, key=order))


@lru_cache(maxsize=4)  # an old and a new generation may be asked side by side
def documents(columns: Columns) -> Pairs:
    """Which documents are cited by which articles."""
    names, numbers, citing = columns.pairs(NUMBER)
    kept = np.array([is_document(name[1:]) for name in names], dtype=np.bool_)[numbers] if names else numbers > 0
    return Pairs(names, numbers[kept], citing[kept])


def mask(columns: Columns, written_number: str) -> Mask:
    held = np.zeros(columns.size, dtype=np.bool_)
    held[documents_of(columns.places(NUMBER + bare_of(written_number)))] = True
    return held
