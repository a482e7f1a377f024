"""What does Whoosh keep?  Our terms as postings with positions, written from sorted arrays and read back into them."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engine.gathered import NOTHING, Gathered
from indexer.engine.places import DOCUMENT_SHIFT, ZONE_SHIFT, ZONES, Places, joined

with warnings.catch_warnings():  # Whoosh 2.7.4 holds escapes that newer Pythons warn of
    warnings.simplefilter("ignore")
    import whoosh.index
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.fields import ID, STORED, FieldType, Schema
    from whoosh.formats import Format
    from whoosh.index import Index
    from whoosh.reading import SegmentReader

# The document that carries the state of the index, committed together with what it speaks of; its article number is 0.
STATE_ID = "state"


class Positions(Format):  # type: ignore[misc]
    """Where a term stands in a zone: 32-bit numbers, one behind the other."""

    def decode_positions(self, value: bytes) -> list[int]:
        positions: list[int] = np.frombuffer(value, "<i4").tolist()
        return positions

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_weight(self, value: bytes) -> float:
        return float(len(value) // 4)


class Zone(FieldType):  # type: ignore[misc]
    """A field of terms that we made and sorted ourselves; Whoosh has nothing to analyse."""

    def __init__(self) -> None:
        self.format = Positions()
        self.analyzer = self.vector = self.column_type = None
        self.scorable = self.stored = self.unique = False


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own, without the lengths of fields: the columns have them, and looking them up is slow."""

    length_stats = False


class Postings:
    """What stands in the place of Whoosh's pool of postings, which would pickle all of them and sort them on disk: ours
    are sorted already."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.numbers: list[tuple[str, bytes, int, float, bytes]] = []  # of the articles: all that Whoosh adds itself

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        self.numbers.append(posting)

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """By field, term and document, as Whoosh wants them."""
        for field in sorted(("number", *ZONES)):
            yield from sorted(self.numbers) if field == "number" else self.gathered.sorted.postings(field)

    def cleanup(self) -> None:
        """Nothing was put aside."""


SCHEMA = Schema(number=ID(stored=True, unique=True), about=STORED(), **{zone: Zone() for zone in ZONES})


def create(folder: Path) -> None:
    whoosh.index.create_in(str(folder), SCHEMA)


def opened(folder: Path) -> Index:
    return whoosh.index.open_dir(str(folder), schema=SCHEMA)


def reader(writer: Any, segment: Any) -> Any:
    """One segment of an index that is being written."""
    return SegmentReader(writer.storage, writer.schema, segment)


def leaves(index: Index) -> list[Any]:
    return parts(index.reader())


def parts(reader: Any) -> list[Any]:
    return [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]


def copied(reader: Any) -> Gathered:
    """A Whoosh segment's postings, read back from Whoosh; its state document stays as one without terms."""
    gathered = Gathered()
    size = reader.doc_count_all()
    gathered.ids, gathered.stored = [0] * size, [NOTHING] * size
    for document, held in reader.iter_docs():
        if held["number"] != STATE_ID:
            gathered.ids[document], gathered.stored[document] = int(held["number"]), held["about"]
    postings = [(text.decode(), places_of(reader, field, text)) for field, text in reader.all_terms() if field in ZONES]
    numbers = np.repeat(np.arange(len(postings)), [len(places) for _, places in postings])
    places = joined([places for _, places in postings], np.int64)
    order = np.argsort(places, kind="stable")  # Whoosh tells them field by field
    gathered.take([term for term, _ in postings], numbers[order], places[order])
    return gathered


def places_of(reader: Any, zone: str, term: bytes) -> Places:
    """Where Whoosh has a term in a zone."""
    at = ZONES.index(zone) << ZONE_SHIFT
    found = [
        (document << DOCUMENT_SHIFT) + at + position
        for document, positions in reader.postings(zone, term).items_as("positions")
        for position in positions
    ]
    return np.array(found, dtype=np.int64)
