"""What does OpenSearch take of an article?  Its words, made by us, as fields that need no analysis (pure).

A field of text holds a zone a value, each a line of terms in reading order, so that two syllables are neighbours when
their positions differ by one. What stands beside the syllables (words, numbers, keys, places) are keywords.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from indexer.engine import Document
from indexer.engine.gathered import Terms
from indexer.engine.places import ZONES, Ints, position_of, zone_of
from indexer.engine.segments import WORD_FACETS, is_syllable
from indexer.language import fold
from indexer.language.words import NUMBER, PLACE, STEM, WORD

# Which zones a question may ask for together: anywhere, or those of a field of the query language.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "all": ZONES,
    "title": ("title",),
    "body": ("lead", "body"),
    "byline": ("byline",),
}
STREAMS = ("written", "key", "bare", "stem")
# Stands where no syllable stands: between paragraphs. Zones lie farther apart than any `near` reaches.
GAP, ZONE_GAP = "¶", 2000
ALONE = "="  # before a syllable over which no joined word reaches
# The tokenizer would cut what is longer, and shift what follows.
LONGEST_TERM = 200
KEPT = ("id", "day", *WORD_FACETS, "packed")

KEYWORD = {"type": "keyword"}
TEXT = {
    "type": "text",
    "analyzer": "whitespace",
    "norms": True,
    "position_increment_gap": ZONE_GAP,
    "index_options": "positions",
}
MAPPINGS: Mapping[str, Any] = {
    "dynamic": "strict",
    "_source": {"includes": list(KEPT)},
    "properties": {
        "id": {"type": "long"},
        **{name: {"type": "integer"} for name in ("day", "month", "year")},
        **dict.fromkeys((*WORD_FACETS, "numbers", "documents", "places", "syllables"), KEYWORD),
        **{f"length_{zone}": {"type": "integer"} for zone in ZONES},
        **{f"{group}_{stream}": TEXT for group in GROUPS for stream in STREAMS},
        **{f"{group}_beside": KEYWORD for group in GROUPS},
        "packed": {"type": "binary"},
    },
}


def body_of(document: Document) -> dict[str, Any]:
    """All that is sent of an article."""
    lines, beside = lines_of(document.terms), beside_of(document.terms)
    numbers = {term[1:] for terms in beside.values() for term in terms if term[0] == NUMBER}
    return {
        "id": document.id,
        **{name: cut(str(document.facets[name])) for name in WORD_FACETS},
        **dated(document.facets["day"]),
        "numbers": sorted(numbers),
        "documents": sorted(each for each in numbers if is_document(each)),
        "places": sorted({term[1:] for terms in beside.values() for term in terms if term[0] == PLACE}),
        "syllables": sorted({term for line in lines.values() for term in line if term != GAP}),
        **{f"length_{zone}": sum(term != GAP for term in line) for zone, line in lines.items()},
        **{name: value for group in GROUPS for name, value in fields_of(group, lines, beside, document.terms)},
        "packed": packed(document.terms),
    }


def document_of(source: Mapping[str, Any]) -> Document:
    """The article again, from what OpenSearch kept of it."""
    facets = {name: source[name] for name in WORD_FACETS}
    return Document(source["id"], unpacked(source["packed"]), {**facets, "day": source.get("day")})


def dated(day: Any) -> dict[str, int]:
    """The day, its month as 12 x year + month - 1 and its year; 0 when unknown."""
    if day is None:
        return {"month": 0, "year": 0}
    found = date.fromordinal(day)
    return {"day": day, "month": 12 * found.year + found.month - 1, "year": found.year}


def is_document(bare: str) -> bool:
    from indexer.cited import is_document as is_one  # which reads articles, and so the engine

    return is_one(bare)


def lines_of(terms: Terms) -> dict[str, list[str]]:
    """The syllables of each zone that has some, in reading order."""
    spoken = np.array([is_syllable(name) for name in terms.names], dtype=np.bool_)
    kept = spoken[terms.numbers] if len(spoken) else np.zeros(0, np.bool_)
    found: dict[str, list[str]] = {}
    for zone, position, number in told(terms, kept):
        line = found.setdefault(zone, [])
        line += [GAP] * (position - len(line))
        line.append(cut(terms.names[number]))
    return found


def beside_of(terms: Terms) -> dict[str, set[str]]:
    """What stands beside the syllables of each zone, and which syllables stand alone there."""
    found: dict[str, set[str]] = {zone: set() for zone in ZONES}
    covered: set[tuple[str, int]] = set()
    syllables: list[tuple[str, int, str]] = []
    for zone, position, number in told(terms, np.ones(len(terms.numbers), np.bool_)):
        term = terms.names[number]
        if is_syllable(term):
            syllables.append((zone, position, term))
        elif term[0] != STEM:
            found[zone].add(cut(term))
        if term[0] == WORD:
            covered |= {(zone, position + step) for step in range(term.count("_"))}
    for zone, position, term in syllables:
        if (zone, position) not in covered:
            found[zone].add(ALONE + key(term))
    return found


def stems_of(terms: Terms, lines: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The lines of each zone, English words as their stems."""
    stems = np.array([name[0] == STEM for name in terms.names], dtype=np.bool_)
    kept = stems[terms.numbers] if len(stems) else np.zeros(0, np.bool_)
    found = {zone: list(line) for zone, line in lines.items()}
    for zone, position, number in told(terms, kept):
        found[zone][position] = cut(terms.names[number])
    return found


def fields_of(
    group: str, lines: Mapping[str, list[str]], beside: Mapping[str, set[str]], terms: Terms
) -> Iterator[tuple[str, Any]]:
    """The fields of some zones; those that hold nothing are left out."""
    zones = [zone for zone in GROUPS[group] if zone in lines]
    if not zones:
        return
    stems = stems_of(terms, lines)
    yield f"{group}_written", [" ".join(lines[zone]) for zone in zones]
    yield f"{group}_key", [" ".join(map(key, lines[zone])) for zone in zones]
    yield f"{group}_bare", [" ".join(map(bare, lines[zone])) for zone in zones]
    yield f"{group}_stem", [" ".join(stems[zone]) for zone in zones]
    yield f"{group}_beside", sorted(set().union(*(beside[zone] for zone in zones)))


def told(terms: Terms, kept: Any) -> Iterator[tuple[str, int, int]]:
    """Zone, position and number of some of the terms, in reading order."""
    places, numbers = terms.places[kept], terms.numbers[kept]
    zones = zone_of(places).tolist()
    for zone, position, number in zip(zones, position_of(places).tolist(), numbers.tolist(), strict=True):
        yield ZONES[zone], position, number


def cut(term: str) -> str:
    return term[:LONGEST_TERM]


@lru_cache(100_000)  # the syllables of an archive, met again and again
def key(term: str) -> str:
    return cut(fold.key(term))


@lru_cache(100_000)
def bare(term: str) -> str:
    return cut(fold.bare_key(term))


def packed(terms: Terms) -> str:
    """The terms as a text that JSON takes: names line by line, numbers and places as differences."""
    names = "\n".join(terms.names).encode()
    numbers = differences(terms.numbers).tobytes()
    places = differences(terms.places.astype(np.int32)).tobytes()
    sizes = np.array([len(names), len(terms.numbers)], dtype="<i4").tobytes()
    return b64encode(zlib.compress(sizes + names + numbers + places)).decode("ascii")


def unpacked(text: str) -> Terms:
    told = zlib.decompress(b64decode(text))
    length, size = np.frombuffer(told, "<i4", 2).tolist()
    names = told[8 : 8 + length].decode()
    numbers, places = np.frombuffer(told[8 + length :], "<i4").reshape(2, size).cumsum(axis=1)
    return Terms(names.split("\n") if names else [], numbers.astype(np.int32), places.astype(np.int64))


def differences(values: Ints) -> Ints:
    return np.diff(values, prepend=0).astype("<i4")
