"""How does Whoosh keep the index?  Durable postings, columns copied from them, published by one small file."""

import json
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engine import Document, State
from indexer.engine.columns import Columns, IndexMissingError
from indexer.engine.places import DOCUMENT_SHIFT, ZONE_SHIFT, ZONES, Places
from indexer.engine.segments import WORD_FACETS, load_segment, save_segment
from indexer.errors import KhotinError
from indexer.language.words import Token

with warnings.catch_warnings():  # Whoosh 2.7.4 holds escapes that newer Pythons warn of
    warnings.simplefilter("ignore")
    import whoosh.index
    from whoosh.fields import ID, STORED, FieldType, Schema
    from whoosh.formats import Positions

CURRENT = "current.json"
# The document that carries the state of the index, committed together with what it speaks of.
STATE_ID = "state"
# Postings that Whoosh gathers in memory before it writes them to a temporary file.
WRITER_MEGABYTES = 128


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


class WhooshEngine:
    """The index of one archive, in ``folder``: `current.json` names a Whoosh index and the columns of its segments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def path(self) -> Path:
        return self.folder

    def state(self) -> State | None:
        try:
            current = self.current()
        except IndexMissingError:
            return None
        return state_of(current)

    def current(self) -> dict[str, Any]:
        try:
            current: dict[str, Any] = json.loads((self.folder / CURRENT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise IndexMissingError("There is no index yet. Make it with `khotin index rebuild`.") from None
        return current

    def columns(self) -> Columns:
        # A writer may clean away the generation between our reading its name and opening it: then look again.
        for last in (False, False, True):
            current = self.current()
            try:
                return self.open(current)
            except (OSError, ValueError) as problem:
                if last:
                    raise IndexMissingError(
                        "The index cannot be read (%(problem)s). Mend it with `khotin index check --repair`.",
                        problem=problem,
                    ) from problem
        raise AssertionError

    def open(self, current: dict[str, Any]) -> Columns:
        home = self.folder / current["folder"]
        segments = [load_segment(home / "columns" / name) for name in current["segments"]]
        deleted = [np.array(current["deleted"][name], dtype=np.int64) for name in current["segments"]]
        generation = f"{current['folder']}-{current['generation']}"
        return Columns(generation, segments, deleted, state_of(current).lesson)

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> None:
        current = self.current()
        put_in(self.folder / current["folder"], documents, removed, state)
        self.publish(current["folder"], state)

    def rebuild(self, documents: Iterable[Document], state: State) -> None:
        name = self.fresh_name()
        home = self.folder / name
        home.mkdir(parents=True)
        whoosh.index.create_in(str(home), SCHEMA)
        put_in(home, documents, (), state, clean=True)
        self.publish(name, state)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time over all processes: hold this around reading the state and `write` or `rebuild`.

        A killed writer frees the lock. Raises KhotinError when the files cannot be written (a full disk);
        the published generation stays as it is.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "writing.lock").open("w") as lock:
                flock(lock, LOCK_EX)
                yield
        except OSError as problem:
            raise KhotinError(
                "The index in %(folder)s could not be written (%(problem)s). The archive itself is safe; "
                "free some space and run: khotin index update",
                folder=self.folder,
                problem=problem.strerror or problem,
            ) from problem

    def fresh_name(self) -> str:
        used = [int(each.name.removeprefix("built-")) for each in self.folder.glob("built-*")]
        return f"built-{max(used, default=0) + 1:04}"

    def publish(self, name: str, state: State) -> None:
        """Copy new segments into columns, then name the generation in `current.json`, by one rename."""
        home = self.folder / name
        index = open_index(home)
        deleted = {}
        for reader in leaves(index):
            segment = reader.segment()
            folder = home / "columns" / segment.segment_id()
            if not (folder / "words.json").exists():
                copy_segment(reader, folder)
            deleted[segment.segment_id()] = sorted(segment.deleted_docs())
        current = {
            "folder": name,
            "generation": index.latest_generation(),
            "segments": list(deleted),
            "deleted": deleted,
            **told(state),
        }
        for written in (home / "columns").rglob("*"):
            sync(written)
        replace_file(self.folder / CURRENT, json.dumps(current, indent=1))
        self.clean(current)

    def clean(self, current: dict[str, Any]) -> None:
        """Remove what no generation names any more; whoever still reads it holds the files open."""
        for folder in self.folder.glob("built-*"):
            if folder.name != current["folder"]:
                shutil.rmtree(folder, ignore_errors=True)
        for folder in (self.folder / current["folder"] / "columns").iterdir():
            if folder.name not in current["segments"]:
                shutil.rmtree(folder, ignore_errors=True)

    def check(self) -> list[str]:
        try:
            current = self.current()
            columns = self.open(current)
            index = open_index(self.folder / current["folder"])
            kept = stored_state(index)
        except (OSError, ValueError, KeyError, IndexMissingError, whoosh.index.EmptyIndexError) as problem:
            return [f"The index cannot be read: {problem}"]
        if kept != state_of(current):
            # a writer was killed between Whoosh's commit and publishing; the next update publishes
            return []
        problems = []
        if int(columns.live.sum()) != index.doc_count() - 1:
            problems.append("The columns and Whoosh do not hold the same number of articles.")
        return problems


# What the columns say of a document that has no terms: the state itself.
NOTHING = {"day": None, "lengths": [0] * len(ZONES), **dict.fromkeys(WORD_FACETS, "")}


def open_index(home: Path) -> whoosh.index.Index:
    return whoosh.index.open_dir(str(home), schema=SCHEMA)


def put_in(
    home: Path, documents: Iterable[Document], removed: Iterable[int], state: State, clean: bool = False
) -> None:
    """One Whoosh commit: the documents, the removals and the state that they amount to."""
    writer = open_index(home).writer(limitmb=WRITER_MEGABYTES)
    try:
        for number in removed:
            writer.delete_by_term("number", str(number))
        for document in documents:
            # `clean`: nothing can be there yet, so no looking for what to replace
            add = writer.add_document if clean else writer.update_document
            add(number=str(document.id), about=about(document), **zones_of(document))
        writer.update_document(number=STATE_ID, about=told(state))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def zones_of(document: Document) -> dict[str, list[Token]]:
    return {zone: terms for zone, terms in document.zones.items() if terms}


def about(document: Document) -> dict[str, Any]:
    lengths = [sum(1 for token in document.zones.get(zone, ()) if token.term[0].isalnum()) for zone in ZONES]
    return {**document.facets, "lengths": lengths}


def told(state: State) -> dict[str, Any]:
    return {
        "store_id": state.store_id,
        "lanes": dict(state.lanes),
        "format": state.format,
        "lesson": state.lesson,
    }


def state_of(held: Mapping[str, Any]) -> State:
    """A state as it was written, perhaps by an older version that knew no lessons."""
    return State(held["store_id"], held["lanes"], held["format"], held.get("lesson", 0))


def stored_state(index: whoosh.index.Index) -> State | None:
    with index.searcher() as searcher:
        held = searcher.document(number=STATE_ID)
    return state_of(held["about"]) if held else None


def leaves(index: whoosh.index.Index) -> list[Any]:
    reader = index.reader()
    return [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]


def copy_segment(reader: Any, folder: Path) -> None:
    """Copy a Whoosh segment's postings into columns; its state document stays as one without terms."""
    size = reader.doc_count_all()
    ids, stored = [0] * size, [NOTHING] * size
    for document, held in reader.iter_docs():
        if held["number"] != STATE_ID:
            ids[document], stored[document] = int(held["number"]), held["about"]
    postings: dict[str, list[Places]] = {}
    for field, text in reader.all_terms():
        if field in ZONES:
            postings.setdefault(text.decode(), []).append(places_of(reader.postings(field, text), field))
    save_segment(folder, {term: np.sort(np.concatenate(parts)) for term, parts in postings.items()}, ids, stored)


def places_of(matcher: Any, zone: str) -> Places:
    at = ZONES.index(zone) << ZONE_SHIFT
    found = [
        (document << DOCUMENT_SHIFT) + at + position
        for document, positions in matcher.items_as("positions")
        for position in positions
    ]
    return np.array(found, dtype=np.int64)


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old one or the new one, also after a power cut."""
    aside = path.with_suffix(".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync(path.parent)
