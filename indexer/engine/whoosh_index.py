"""Which index is published?  `current.json` names a folder and its segments; readers keep to what it named."""

import errno
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from indexer.engine import FORMAT, Document, State
from indexer.engine.built import MOST_PLACES, Built, state_of, state_told
from indexer.engine.columns import Columns, IndexMissingError
from indexer.engine.segments import CHECKSUMS, Segment, checksum, is_whole, load_segment
from indexer.errors import KhotinError
from indexer.lasting import replace_file, sync
from indexer.speech import say

CURRENT = "current.json"
# A disk that takes nothing more, or a folder that is not ours to write in; anything else is damage.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE}
# Beyond these a search feels it: each segment is asked for itself, and deleted documents are read in vain.
MOST_SMALL, MOST_DELETED = 24, 0.25

Stamp = tuple[str, int, int]


class WhooshEngine:
    """The index of one archive, in ``folder``."""

    def __init__(self, folder: Path, segment_places: int = MOST_PLACES) -> None:
        self.folder, self.segment_places = folder, segment_places
        self.opened: dict[Stamp, Segment] = {}  # of the generation opened last
        self.proved: set[Any] = set()  # found to be whole before anybody opened them

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
            if current.get("sum", sum_of(current)) != sum_of(current):
                raise ValueError(CURRENT)
        except (OSError, ValueError, AttributeError):
            raise IndexMissingError("There is no index yet. Make it with `khotin index rebuild`.") from None
        return current

    def published(self) -> Built:
        """The published index.  Raises IndexMissingError when there is none."""
        return self.built(self.current()["folder"])

    def built(self, name: str) -> Built:
        return Built(self.folder / name, self.segment_places)

    def stamp(self) -> object:
        """`current.json` is always replaced, never written over."""
        try:
            found = (self.folder / CURRENT).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def numbers(self) -> set[int]:
        columns = self.columns()
        return set(columns.ids[columns.live].tolist())

    def size(self) -> int:
        return int(self.columns().live.sum())

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

    def reading(self) -> Columns:
        return self.columns()

    def open(self, current: dict[str, Any]) -> Columns:
        built = self.built(current["folder"])
        # segments never change, so a new generation shares most of them with the one before
        known = dict(self.whole_segment(built.columns(name)) for name in current["segments"])
        self.opened = known
        deleted = [np.array(current["deleted"][name], dtype=np.int64) for name in current["segments"]]
        generation = f"{current['folder']}-{current['generation']}"
        state = state_of(current)
        return Columns(generation, list(known.values()), deleted, state.lesson, state.lanes)

    def whole_segment(self, folder: Path) -> tuple[Stamp, Segment]:
        """A segment, read to its end when it is opened first: what is damaged must not answer."""
        mark = stamp(folder)
        held = self.opened.get(mark)
        if held is None and mark not in self.proved and not is_whole(folder):
            raise ValueError(f"{folder} is damaged")
        return mark, held or load_segment(folder)

    def prove(self) -> None:
        """Read what is published to its end, so that opening it need not."""
        try:
            current = self.current()
            folders = [self.built(current["folder"]).columns(name) for name in current["segments"]]
            self.proved = {stamp(folder) for folder in folders if is_whole(folder)}
        except (OSError, IndexMissingError):  # a writer cleaned it away, or there is none yet
            self.proved = set()

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
            if problem.errno not in NO_ROOM:
                raise
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
        before = self.current() if self.state() else {}
        deleted = {}
        for segment in built.segments():
            built.complete(segment)
            deleted[segment.segment_id()] = sorted(segment.deleted_docs())
        for name in set(deleted) - set(before.get("segments", ())):
            for written in (*built.columns(name).iterdir(), built.columns(name)):
                sync(written)
        known = before.get("files", {}) if before.get("folder") == built.home.name else {}
        current = {
            "folder": built.home.name,
            "generation": built.index().latest_generation(),
            "segments": list(deleted),
            "deleted": deleted,
            "files": lasting_files(built, known),
            **state_told(state),
        }
        replace_file(self.folder / CURRENT, json.dumps(current | {"sum": sum_of(current)}, indent=1))
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
            if changed := self.changed_files(current):
                return [f"{', '.join(changed)}: missing or damaged."]
            if damaged:
                return [say("The columns of %(count)s segments are missing or damaged.", count=len(damaged))]
            kept, size, columns = built.state(), built.index().doc_count(), self.open(current)
        except Exception as problem:  # whatever Whoosh stumbles over in damaged files
            return [say("The index cannot be read: %(problem)s", problem=problem)]
        # otherwise a writer was killed between Whoosh's commit and publishing; the next update publishes
        if kept == state_of(current) and int(columns.live.sum()) != size - 1:
            return [say("The columns and Whoosh do not hold the same number of articles.")]
        return []

    def looks(self) -> dict[str, object]:
        """What tells, without reading them, that a published segment or the list of them was touched; by its name."""
        try:
            current = self.current()
            built = self.built(current["folder"])
            toc = built.toc(current["generation"])
            segments = {name: [each.name + told(each) for each in built.files(name)] for name in current["segments"]}
            return {**segments, toc.name: told(toc)}
        except (OSError, IndexMissingError):  # a writer cleaned it away, or there is none
            return {}

    def changed_files(self, current: dict[str, Any]) -> list[str]:
        """Which of Whoosh's own files are not as they were published. A writer that was killed before publishing has
        left other ones; those are found out when they are read."""
        built = self.built(current["folder"])
        if built.generation() != current["generation"]:
            return []
        return [name for name, told in current.get("files", {}).items() if is_changed(built.home / name, told)]

    def mend(self) -> None:
        built = self.published()
        if changed := self.changed_files(self.current()):  # nothing can be copied from these
            raise ValueError(f"{', '.join(changed)}: damaged")
        for segment in built.segments():
            built.complete(segment, is_whole)
        self.opened = {}
        self.publish(built, built.state() or state_of(self.current()))


def told(path: Path) -> str:
    found = path.stat()
    return f" {found.st_ino} {found.st_size} {found.st_mtime_ns}"


def stamp(folder: Path) -> Stamp:
    """What tells a segment's columns from others, and from those made anew in their place.  Raises OSError."""
    found = (folder / CHECKSUMS).stat()
    return folder.name, found.st_ino, found.st_mtime_ns


def sum_of(current: Mapping[str, Any]) -> int:
    """A checksum of all that `current.json` says."""
    return crc32(json.dumps({**current, "sum": 0}, sort_keys=True).encode())


def lasting_files(built: Built, known: Mapping[str, int]) -> dict[str, int]:
    """Whoosh's own files, each with its checksum; those that are new are on the disk when this returns."""
    sums = {}
    for path in sorted(each for each in built.home.iterdir() if each.is_file() and each.stat().st_size):
        if path.name not in known:
            sync(path)
        sums[path.name] = known.get(path.name) or checksum(path)
    for folder in (built.home / "columns", built.home):
        sync(folder)
    return sums


def is_changed(path: Path, told: int) -> bool:
    return not path.exists() or checksum(path) != told
