"""How is one index written?  A folder with a Whoosh index and, beside it, the columns of each of its segments."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engine import Document, State
from indexer.engine.places import DOCUMENT_SHIFT, ZONE_SHIFT, ZONES, Places
from indexer.engine.segments import NOTHING, Gathered, Segment, is_syllable, is_whole, load_segment
from indexer.language.words import Token

with warnings.catch_warnings():  # Whoosh 2.7.4 holds escapes that newer Pythons warn of
    warnings.simplefilter("ignore")
    import whoosh.index
    from whoosh.fields import ID, STORED, FieldType, Schema
    from whoosh.formats import Positions
    from whoosh.reading import SegmentReader

# The document that carries the state of the index, committed together with what it speaks of.
STATE_ID = "state"
# Postings that Whoosh gathers in memory before it writes them to a temporary file.
WRITER_MEGABYTES = 128
# So many segments of about one size become one, as long as they are small together: a merge is work that new articles
# wait for. What is larger waits for the index to be tidied.
ALIKE, MOST_MERGED = 6, 2000


class Zone(FieldType):  # type: ignore[misc]
    """A field of terms that we made ourselves, with their positions; Whoosh has nothing to analyse."""

    def __init__(self) -> None:
        self.format = Positions()
        self.analyzer = self.vector = self.column_type = None
        self.scorable = True  # without stored lengths Whoosh looks for a file at every posting
        self.stored = self.unique = False

    def index(self, value: list[Token], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        positions: dict[str, list[int]] = {}
        for token in value:
            positions.setdefault(token.term, []).append(token.position)
        for term, found in positions.items():
            yield term.encode(), len(found), float(len(found)), self.format.encode(found)


SCHEMA = Schema(number=ID(stored=True, unique=True), about=STORED(), **{zone: Zone() for zone in ZONES})


Held = tuple[Any, Segment]  # Whoosh's reader of a segment, and its columns


@dataclass(frozen=True, slots=True)
class Built:
    """One index in its folder, published or still aside."""

    home: Path

    def create(self) -> None:
        self.home.mkdir(parents=True)
        whoosh.index.create_in(str(self.home), SCHEMA)

    def index(self) -> whoosh.index.Index:
        return whoosh.index.open_dir(str(self.home), schema=SCHEMA)

    def columns(self, segment_id: str) -> Path:
        return self.home / "columns" / segment_id

    def state(self) -> State | None:
        """How far this index has come, as it says itself."""
        with self.index().searcher() as searcher:
            held = searcher.document(number=STATE_ID)
        return state_of(held["about"]) if held else None

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> None:
        """One Whoosh commit: the documents, the removals and the state that they amount to; then their columns."""
        index, gathered = self.index(), Gathered()
        fresh = index.is_empty()  # nothing can be there yet, so no looking for what to replace
        writer = index.writer(limitmb=WRITER_MEGABYTES)
        try:
            for number in removed:
                writer.delete_by_term("number", str(number))
            for document in documents:
                if not fresh:
                    writer.delete_by_term("number", str(document.id))
                told = about(document)
                zones = {zone: terms for zone, terms in document.zones.items() if terms}
                writer.add_document(number=str(document.id), about=told, **zones)
                gathered.add(document.id, zones, told)
            writer.update_document(number=STATE_ID, about=state_told(state))
            gathered.add(0, {}, NOTHING)
        except BaseException:
            writer.cancel()
            raise
        self.finish(writer, gathered, is_small)

    def held(self) -> list[Held]:
        """All segments, opened: they can be read to the end, whatever is merged or cleaned away meanwhile."""
        return [(reader, load_segment(self.columns(reader.segment().segment_id()))) for reader in leaves(self.index())]

    def take_over(self, held: Iterable[Held], state: State) -> None:
        """All that another index holds, as one segment; its words are not cut again."""
        gathered = Gathered()
        writer = self.index().writer(limitmb=WRITER_MEGABYTES)
        writer.add_document(number=STATE_ID, about=state_told(state))
        gathered.add(0, {}, NOTHING)
        for reader, columns in held:
            for at in [at for at, stored in reader.iter_docs() if stored["number"] == STATE_ID]:
                reader.segment().delete_document(at)  # in memory only
            gathered.add_segment(columns, reader.segment().deleted_docs())
            writer.add_reader(reader)
        self.finish(writer, gathered, lambda segments: [])

    def finish(self, writer: Any, gathered: Gathered, choose: Any) -> None:
        """Commit, small segments merged into the new one, and write its columns."""

        def merging(writer: Any, segments: list[Any]) -> list[Any]:
            merged = choose(segments)
            for segment in merged:
                gathered.add_segment(self.segment(segment), segment.deleted_docs())
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
            return [segment for segment in segments if segment not in merged]

        before = {segment.segment_id() for segment in self.index()._segments()}
        writer.commit(mergetype=merging)
        for segment in self.index()._segments():
            if segment.segment_id() not in before:
                gathered.save(self.columns(segment.segment_id()))

    def segment(self, segment: Any) -> Segment:
        """The columns of one of our segments; copied anew when they are missing or damaged."""
        folder = self.columns(segment.segment_id())
        if not is_whole(folder):
            with self.index().reader() as all_of_them:
                reader = next(leaf for leaf in parts(all_of_them) if leaf.segment().segment_id() == folder.name)
                copied(reader).save(folder)
        return load_segment(folder)

    def complete(self) -> dict[str, list[int]]:
        """See to it that every segment has its columns; each with the documents that were deleted in it."""
        found = {}
        for segment in self.index()._segments():
            if segment.doc_count_all():
                if not is_whole(self.columns(segment.segment_id())):
                    self.segment(segment)
                found[segment.segment_id()] = sorted(segment.deleted_docs())
        return found


def is_small(segments: list[Any]) -> list[Any]:
    """The segments to be merged: of about one size, as many as make it worth while, not many documents together."""
    by_size: dict[int, list[Any]] = {}
    for segment in segments:
        size, level = segment.doc_count_all(), 0
        while size >= ALIKE:
            size, level = size // ALIKE, level + 1
        by_size.setdefault(level, []).append(segment)
    for alike in by_size.values():
        if len(alike) >= ALIKE and sum(each.doc_count_all() for each in alike) <= MOST_MERGED:
            return alike
    return []


def about(document: Document) -> dict[str, Any]:
    lengths = [sum(1 for token in document.zones.get(zone, ()) if is_syllable(token.term)) for zone in ZONES]
    return {**document.facets, "lengths": lengths}


def state_told(state: State) -> dict[str, Any]:
    return {
        "store_id": state.store_id,
        "lanes": dict(state.lanes),
        "format": state.format,
        "lesson": state.lesson,
    }


def state_of(held: Mapping[str, Any]) -> State:
    """A state as it was written, perhaps by an older version that knew no lessons."""
    return State(held["store_id"], held["lanes"], held["format"], held.get("lesson", 0))


def leaves(index: whoosh.index.Index) -> list[Any]:
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
    for field, text in reader.all_terms():
        if field in ZONES:
            gathered.add_places(text.decode(), places_of(reader.postings(field, text), field))
    return gathered


def places_of(matcher: Any, zone: str) -> Places:
    at = ZONES.index(zone) << ZONE_SHIFT
    found = [
        (document << DOCUMENT_SHIFT) + at + position
        for document, positions in matcher.items_as("positions")
        for position in positions
    ]
    return np.array(found, dtype=np.int64)
