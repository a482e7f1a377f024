"""Which index is published?  `current.json` names a folder and its segments; readers keep to what it named."""

import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engine import FORMAT, Document, State
from indexer.engine.built import MOST_PLACES, Built, state_of, state_told
from indexer.engine.columns import Columns, IndexMissingError
from indexer.engine.segments import Segment, is_whole, load_segment
from indexer.errors import KhotinError

CURRENT = "current.json"
# Beyond these a search feels it: each segment is asked for itself, and deleted documents are read in vain.
MOST_SMALL, MOST_DELETED = 24, 0.25


class WhooshEngine:
    """The index of one archive, in ``folder``."""

    def __init__(self, folder: Path, segment_places: int = MOST_PLACES) -> None:
        self.folder, self.segment_places = folder, segment_places
        self.opened: dict[str, Segment] = {}  # of the generation opened last

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

    def published(self) -> Built:
        """The published index.  Raises IndexMissingError when there is none."""
        return self.built(self.current()["folder"])

    def built(self, name: str) -> Built:
        return Built(self.folder / name, self.segment_places)

    def columns(self) -> Columns:
        # A writer may clean away the generation between our reading its name and opening it: then look again.
        for last in (False, False, True):
            current = self.current()
            try:
                return self.open(current)
            except (OSError, ValueError) as problem:
                if last and state_of(current).format != FORMAT:
                    raise IndexMissingError(
                        "The index was made by another version of Khotin. Make it anew with `khotin index update`."
                    ) from problem
                if last:
                    raise IndexMissingError(
                        "The index cannot be read (%(problem)s). Mend it with `khotin index check --repair`.",
                        problem=problem,
                    ) from problem
        raise AssertionError

    def open(self, current: dict[str, Any]) -> Columns:
        built = self.built(current["folder"])
        # segments never change, so a new generation shares most of them with the one before
        known = {name: self.opened.get(name) or load_segment(built.columns(name)) for name in current["segments"]}
        self.opened = known
        deleted = [np.array(current["deleted"][name], dtype=np.int64) for name in known]
        generation = f"{current['folder']}-{current['generation']}"
        state = state_of(current)
        return Columns(generation, list(known.values()), deleted, state.lesson, state.lanes)

    def write(self, documents: Iterable[Document], removed: Iterable[int], state: State) -> int:
        built = self.published()
        written = built.write(documents, removed, state)
        self.publish(built, state)
        return written

    def forget(self, numbers: Collection[int]) -> None:
        # a rebuild that began before would bring them back: its lock is waited for
        with self.alone("rebuilding.lock"), self.writing():
            for left in self.folder.glob("aside-*"):  # by one that was killed
                shutil.rmtree(left, ignore_errors=True)
            built = self.published()
            state = built.state() or state_of(self.current())
            while built.forget(numbers, state):
                self.publish(built, state)
            self.publish(built, state)

    def rebuild(self, documents: Iterable[Document], state: State) -> None:
        with self.aside() as aside:
            aside.fill(documents, state)
            with self.writing():
                self.swap(aside, state)

    @contextmanager
    def aside(self) -> Iterator[Built]:
        with self.alone("rebuilding.lock"):
            for left in self.folder.glob("aside-*"):  # by one that was killed
                shutil.rmtree(left, ignore_errors=True)
            built = self.built(f"aside-{self.fresh_name()}")
            built.create()
            try:
                yield built
            finally:
                shutil.rmtree(built.home, ignore_errors=True)

    def swap(self, aside: Built, state: State) -> None:
        named = self.built(aside.home.name.removeprefix("aside-"))
        aside.home.rename(named.home)
        self.publish(named, state)

    def writing(self) -> AbstractContextManager[None]:
        """A killed writer frees the lock. Raises KhotinError when the files cannot be written (a full disk); the
        published generation stays as it is."""
        return self.alone("writing.lock")

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / name).open("w") as lock:
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

    def publish(self, built: Built, state: State) -> None:
        """Complete the columns, then name the generation in `current.json`, by one rename."""
        before = self.current()["segments"] if self.state() else []
        deleted = {}
        for segment in built.segments():
            built.complete(segment)
            deleted[segment.segment_id()] = sorted(segment.deleted_docs())
        current = {
            "folder": built.home.name,
            "generation": built.index().latest_generation(),
            "segments": list(deleted),
            "deleted": deleted,
            **state_told(state),
        }
        for name in set(deleted) - set(before):
            for written in (*built.columns(name).iterdir(), built.columns(name)):
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

    def is_untidy(self) -> bool:
        built = self.published()
        segments = built.segments()
        deleted = sum(each.deleted_count() for each in segments)
        small = sum(built.size(each) < self.segment_places / 2 for each in segments)
        return small > MOST_SMALL or deleted > MOST_DELETED * sum(each.doc_count_all() for each in segments)

    def check(self) -> list[str]:
        try:
            current = self.current()
            built = self.published()
            damaged = [name for name in current["segments"] if not is_whole(built.columns(name))]
            if damaged:
                return [f"The columns of {len(damaged)} segments are missing or damaged."]
            kept, size, columns = built.state(), built.index().doc_count(), self.open(current)
        except Exception as problem:  # whatever Whoosh stumbles over in damaged files
            return [f"The index cannot be read: {problem}"]
        # otherwise a writer was killed between Whoosh's commit and publishing; the next update publishes
        if kept == state_of(current) and int(columns.live.sum()) != size - 1:
            return ["The columns and Whoosh do not hold the same number of articles."]
        return []

    def mend(self) -> None:
        built = self.published()
        for segment in built.segments():
            built.complete(segment, is_whole)
        self.opened = {}
        self.publish(built, built.state() or state_of(self.current()))


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
