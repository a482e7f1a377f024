"""What does OpenSearch keep of an article?  Its terms by field, and packed so that they come back whole (pure)."""

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from indexer.engine import Document
from indexer.engine.gathered import Terms
from indexer.engine.places import ZONES, position_of, zone_of
from indexer.engine.segments import WORD_FACETS, is_syllable
from indexer.language import fold
from indexer.language.words import NUMBER, PLACE, STEM, WORD

# Longer terms would be cut by the server, and what comes behind them would stand elsewhere.
LONGEST, KEPT = 200, 180
# What stands where a field has nothing to say, so that positions are alike in all of them.
NOTHING_HERE = "·"

Standing = tuple[str, int]  # a term and its position


def short(term: str) -> str:
    """A term as the fields hold it: without blanks, and never so long that the server would cut it."""
    whole = term.replace(" ", "_")
    return whole if len(whole) <= LONGEST else f"{whole[:KEPT]}…{zlib.crc32(whole.encode()):08x}"


def body(document: Document) -> dict[str, Any]:
    """All that is written of an article."""
    by_zone = standing(document.terms)
    syllables = sorted({term for each in by_zone.values() for term, _ in each if is_syllable(term)})
    others = sorted({term for each in by_zone.values() for term, _ in each if not is_syllable(term)})
    return {
        "id": document.id,
        **dates(document.facets["day"]),
        "facet": {name: document.facets[name] for name in WORD_FACETS},
        "length": {zone: sum(is_syllable(term) for term, _ in by_zone.get(zone, ())) for zone in ZONES},
        "spelled": [spelling(each) for each in syllables],
        "number": [short(each[1:]) for each in others if each[0] == NUMBER],
        "place": [each[1:] for each in others if each[0] == PLACE],
        "beside": [short(each) for each in others if each[0] not in (NUMBER, PLACE)],
        "terms": {"packed": packed(document.terms)},
        **{zone: fields(each) for zone, each in by_zone.items()},
    }


def dates(day: Any) -> Mapping[str, int]:
    """The day, month and year of an article that has a date."""
    if day is None:
        return {}
    known = date.fromordinal(day)
    return {"day": day, "month": 12 * known.year + known.month - 1, "year": known.year}


def spelling(syllable: str) -> str:
    """A syllable under all its spellings: without accents, folded, written."""
    return " ".join(map(short, (fold.bare_key(syllable), fold.key(syllable), syllable)))


def standing(terms: Terms) -> dict[str, list[Standing]]:
    """The terms of each zone with their positions, in order."""
    found: dict[str, list[Standing]] = defaultdict(list)
    columns = terms.numbers, zone_of(terms.places), position_of(terms.places)
    for number, zone, position in zip(*(each.tolist() for each in columns), strict=True):
        found[ZONES[zone]].append((terms.names[number], position))
    return found


def fields(zone: Sequence[Standing]) -> Mapping[str, Any]:
    """The fields of one zone."""
    written = {position: term for term, position in zone if is_syllable(term)}
    stems = {position: term for term, position in zone if term[0] == STEM}
    inside = {at for term, position in zone if term[0] == WORD for at in range(position, position + term.count("_"))}
    other = [short(term) for term, _ in zone if not is_syllable(term) and term[0] != STEM]
    paragraphs = list(runs(sorted(written)))
    told = {
        "w": [" ".join(short(written[at]) for at in each) for each in paragraphs],
        "k": [" ".join(short(fold.key(written[at])) for at in each) for each in paragraphs],
        "b": [" ".join(short(fold.bare_key(written[at])) for at in each) for each in paragraphs],
        "s": [" ".join(short(stems.get(at, NOTHING_HERE)) for at in each) for each in paragraphs] if stems else [],
        "x": " ".join(other),
        "a": " ".join(short(fold.key(term)) for at, term in written.items() if at not in inside),
    }
    return {name: value for name, value in told.items() if value}


def runs(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    """Positions, paragraph by paragraph: between two of these one is empty."""
    first = 0
    for at in range(1, len(positions) + 1):
        if at == len(positions) or positions[at] != positions[at - 1] + 1:
            yield positions[first:at]
            first = at


def packed(terms: Terms) -> str:
    """The terms of a document as one word."""
    names = json.dumps(list(terms.names), ensure_ascii=False).encode()
    places = np.diff(terms.places.astype("<i8"), prepend=0).astype("<i8")  # small steps pack well
    whole = len(names).to_bytes(4, "little") + names + places.tobytes() + terms.numbers.astype("<i4").tobytes()
    return base64.b64encode(zlib.compress(whole, 6)).decode()


def unpacked(told: str) -> Terms:
    """The terms again."""
    whole = zlib.decompress(base64.b64decode(told))
    after = 4 + int.from_bytes(whole[:4], "little")
    count = (len(whole) - after) // 12
    places = np.cumsum(np.frombuffer(whole, "<i8", count, after)).astype(np.int64)
    numbers = np.frombuffer(whole, "<i4", count, after + 8 * count).astype(np.int32)
    return Terms(json.loads(whole[4:after]), numbers, places)


def document_of(source: Mapping[str, Any]) -> Document:
    """The document of which a body was made."""
    facets = {"day": source.get("day"), **{name: source["facet"][name] for name in WORD_FACETS}}
    return Document(source["id"], unpacked(source["terms"]["packed"]), facets)
