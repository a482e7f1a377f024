"""How is one index written?  A folder with a Whoosh index and, beside it, the columns of each of its segments."""

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine import Document, State, postings
from indexer.engine.gathered import NO_TERMS, NOTHING, Gathered
from indexer.engine.postings import STATE_ID, Codec, Postings, copied, leaves, parts
from indexer.engine.segments import Segment, is_saved, is_whole, load_segment
from indexer.lasting import sync

# So many segments of about one size become one, as long as they are small together, in documents and in places: a merge
# is work that new articles wait for. What is larger waits for the index to be tidied.
ALIKE, MOST_MERGED, MOST_PLACES_MERGED = 6, 2000, 2_000_000
# A segment that is written in one go has so many places or a few more: sorting them takes some 300 MB.
MOST_PLACES = 10_000_000
# What Whoosh calls the file that names the segments of a generation.
TOC = re.compile(r"_MAIN_(\d+)\.toc")

Held = tuple[Any, Segment]  # one of Whoosh's segments, and its columns


@dataclass(frozen=True, slots=True)
class Built:
    """One index in its folder, published or still aside; in how many places the terms of a full segment stand."""

    home: Path
    segment_places: int = MOST_PLACES

    def create(self) -> None:
        self.home.mkdir(parents=True)
        postings.create(self.home)

    def index(self) -> Any:
        return postings.opened(self.home)

    def generation(self) -> int:
        """The newest one that Whoosh has committed, read from the names of its files alone."""
        found = (TOC.fullmatch(each.name) for each in self.home.iterdir())
        return max((int(each[1]) for each in found if each), default=-1)

    def columns(self, name: str) -> Path:
        """The folder of a segment's columns."""
        return self.home / "columns" / name

    def files(self, name: str) -> list[Path]:
        """All files of a segment: its columns, and Whoosh's own."""
        return sorted([*self.columns(name).iterdir(), *self.home.glob(f"{name}.*")])

    def toc(self, generation: int) -> Path:
        """Whoosh's list of the segments of a generation."""
        return self.home / f"_MAIN_{generation}.toc"

    def state(self) -> State | None:
        """How far this index has come, as it says itself."""
        with self.index().searcher() as searcher:
            held = searcher.document(number=STATE_ID)
        return state_of(held["about"]) if held else None

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> int:
        """One commit: the documents, the removals and the state that they amount to. Returns how many documents."""
        with self.segment_writer() as (writer, gathered):
            for document in documents:
                gathered.add(document.id, document.terms, document.facets)
                writer.add_document(number=str(document.id), about=dict(document.facets))
            written = len(gathered.ids)
            self.delete(writer, {*gathered.ids, *removed, 0})
            self.merge(writer, gathered)
            add_state(writer, gathered, state)
        return written

    def merge(self, writer: Any, gathered: Gathered) -> None:
        """Take some small segments into the new one."""
        small = [(each, self.segment(each)) for each in alike(writer.segments)]
        if sum(len(columns.places) for _, columns in small) <= MOST_PLACES_MERGED:
            writer.segments = [each for each in writer.segments if each not in [segment for segment, _ in small]]
            readers = [(postings.reader(writer, segment), columns) for segment, columns in small]
            add_segments(writer, gathered, readers)
            for reader, _ in readers:
                reader.close()

    def forget(self, numbers: Collection[int], state: State) -> bool:
        """Write the first segment that ever held some articles anew, without what was deleted; whether there is one."""
        with self.segment_writer() as (writer, gathered):
            self.delete(writer, {*numbers, 0})
            holding = [each for each in writer.segments if np.isin(self.ids(each), list(numbers)).any()]
            for segment in holding[:1]:
                writer.segments = [each for each in writer.segments if each is not segment]
                columns, reader = self.segment(segment), postings.reader(writer, segment)
                add_segments(writer, gathered, [(reader, columns)])
                reader.close()
            add_state(writer, gathered, state)
        return bool(holding)

    def fill(self, documents: Iterable[Document], state: State) -> int:
        """Write as many documents as there are into an index that nobody sees yet, segment by segment: what is gathered
        stays in memory. Returns how many there were."""
        coming = iter(documents)
        done = self.write(until_full(coming, self.segment_places), (), state)
        for first in coming:
            done += self.write(until_full(chain([first], coming), self.segment_places), (), state)
        return done

    def take_over(self, held: Iterable[Held], state: State) -> None:
        """All that another index holds, in as few segments as memory allows; its words are not cut again."""
        for group in grouped(held, self.segment_places):
            with self.segment_writer() as (writer, gathered):
                self.delete(writer, {0})
                add_segments(writer, gathered, group)
                add_state(writer, gathered, state)

    @contextmanager
    def segment_writer(self) -> Iterator[tuple[Any, Gathered]]:
        """Whoosh's writer, and where the terms of one new segment are gathered. Its columns are there before Whoosh
        names it."""
        gathered = Gathered()
        writer = self.index().writer(codec=Codec())
        writer.pool = Postings(gathered)
        try:
            yield writer, gathered
            gathered.save(self.columns(writer.newsegment.segment_id()))
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=False)

    def delete(self, writer: Any, numbers: Collection[int]) -> None:
        """Mark the documents of these articles as deleted, wherever they are."""
        for segment in writer.segments:
            for at in np.flatnonzero(np.isin(self.ids(segment), list(numbers))).tolist():
                if not segment.is_deleted(at):
                    segment.delete_document(at)

    def held(self) -> list[Held]:
        """All segments, opened: they can be read to the end, whatever is merged or cleaned away meanwhile."""
        return [(reader, self.segment(reader.segment())) for reader in leaves(self.index())]

    def ids(self, segment: Any) -> npt.NDArray[np.int64]:
        """The articles' numbers in a segment, and nothing else of it."""
        self.complete(segment)
        ids: npt.NDArray[np.int64] = np.load(self.columns(segment.segment_id()) / "ids.npy", mmap_mode="r")
        return ids

    def size(self, segment: Any) -> int:
        """In how many places its terms stand."""
        self.complete(segment)
        return len(np.load(self.columns(segment.segment_id()) / "places.npy", mmap_mode="r"))

    def segment(self, segment: Any) -> Segment:
        """The columns of one of our segments, found to be whole; copied anew when they are not."""
        self.complete(segment, is_whole)
        return load_segment(self.columns(segment.segment_id()))

    def complete(self, segment: Any, is_there: Callable[[Path], bool] = is_saved) -> None:
        """See to it that a segment has its columns; what is missing is copied from Whoosh."""
        folder = self.columns(segment.segment_id())
        if not is_there(folder):
            aside = folder.with_name(
                f"{folder.name}.new"
            )  # readers have the files in their memory: not to be written over
            shutil.rmtree(aside, ignore_errors=True)
            with self.index().reader() as all_of_them:
                reader = next(each for each in parts(all_of_them) if each.segment().segment_id() == folder.name)
                copied(reader).save(aside)
            for each in aside.iterdir():
                sync(each)
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
            sync(folder.parent)

    def segments(self) -> list[Any]:
        """Whoosh's segments that hold something."""
        return [each for each in self.index()._segments() if each.doc_count_all()]


def add_state(writer: Any, gathered: Gathered, state: State) -> None:
    gathered.add(0, NO_TERMS, NOTHING)
    writer.add_document(number=STATE_ID, about=state_told(state))


def add_segments(writer: Any, gathered: Gathered, held: Iterable[Held]) -> None:
    """The live documents of segments, but for the states of their indexes."""
    for reader, columns in held:
        segment = reader.segment()
        for at in np.flatnonzero(columns.ids == 0).tolist():
            if not segment.is_deleted(at):
                segment.delete_document(at)  # in memory only
        first = len(gathered.ids)
        gathered.add_segment(columns, segment.deleted_docs())
        writer.write_per_doc(("number", "about"), reader)
        for document, number in enumerate(gathered.ids[first:], start=first):
            writer.pool.add(("number", str(number).encode(), document, 1.0, b""))


def until_full(documents: Iterable[Document], segment_places: int) -> Iterator[Document]:
    """As many documents as one segment takes."""
    places = 0
    for each in documents:
        yield each
        places += len(each.terms.places)
        if places >= segment_places:
            return


def grouped(held: Iterable[Held], segment_places: int) -> Iterator[list[Held]]:
    """Segments side by side, as many as one segment takes."""
    group: list[Held] = []
    for each in held:
        if group and sum(len(columns.places) for _, columns in [*group, each]) > segment_places:
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def alike(segments: list[Any]) -> list[Any]:
    """The segments to be merged: of about one size, as many as make it worth while, not many documents together."""
    by_size: dict[int, list[Any]] = {}
    for segment in segments:
        size, level = segment.doc_count_all(), 0
        while size >= ALIKE:
            size, level = size // ALIKE, level + 1
        by_size.setdefault(level, []).append(segment)
    for group in by_size.values():
        if len(group) >= ALIKE and sum(each.doc_count_all() for each in group) <= MOST_MERGED:
            return group
    return []


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
