"""How is a running archive copied, whole and of one moment?  Into one tar file that can be proved by itself."""

import hashlib
import io
import json
import os
import re
import tarfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from indexer import clock
from indexer.destroy import LIST as DESTROYED
from indexer.errors import KhotinError
from indexer.lasting import sync
from indexer.settings import FILE_NAME as SETTINGS_FILE
from indexer.settings import SECRETS
from indexer.signed import KEY_FILE
from indexer.store import Store, database, health
from indexer.store.sources import CERTIFICATES
from indexer.store.warc import File, size

FORMAT = 1
MANIFEST = "manifest.json"
# Written by the destroying of articles, read by `restore`; see indexer/restore.py.
NAME = "khotin-{:%Y%m%d-%H%M}.tar"
# A destruction writes files anew; a backup that meets one begins anew, so often at most.
MOST_TRIES = 3
PIECE = 1 << 20

Tell = Callable[[int], None]


class Disturbed(Exception):
    """A file was put in another's place while we read: what we have is of two moments."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; it stands at its end, so that a torn one has none."""

    store_id: str
    made_at: str
    shape: str
    articles: dict[str, int]
    captures: int
    left_out: list[str]
    files: list[dict[str, Any]] = field(default_factory=list)
    format: int = FORMAT


class Measured:
    """Hands on the first bytes of a file, and counts and digests them on their way."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self.file, self.left, self.digest = file, length, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        self.digest.update(piece)
        return piece


def make(store: Store, target: Path, with_key: bool = True, tell: Tell = lambda done: None) -> Manifest:
    """Write a backup beside its place, prove it by reading it again, and put it there by one rename.

    Raises KhotinError when it cannot be written; a backup that was there before stays as it was.
    """
    draft = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for last in (False,) * (MOST_TRIES - 1) + (True,):
            try:
                manifest = written(store, draft, with_key, tell)
                break
            except Disturbed:
                if last:
                    raise KhotinError("Articles were destroyed while the backup was made. Make it again.") from None
        check(draft)
        draft.replace(target)
        sync(target.parent)
    except OSError as problem:
        sentence = "The backup %(file)s could not be written: %(problem)s. Backups made before are untouched."
        raise KhotinError(sentence, file=target, problem=problem.strerror or problem) from problem
    finally:
        with suppress(OSError):
            draft.unlink()
    return manifest


def written(store: Store, draft: Path, with_key: bool, tell: Tell) -> Manifest:
    before = identities(store)
    with snapshot(store, draft) as (copy, manifest, ends), private(draft) as file:
        with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as packed:
            add(packed, manifest, database.FILE_NAME, copy, copy.stat().st_size)
            for number, each in enumerate(ends, start=1):
                name = f"warc/{each.name}"
                add(packed, manifest, name, store.warc / each.name, each.end, before)
                tell(number)
            for name, path in small_files(store.home, with_key):
                add(packed, manifest, name, path, path.stat().st_size, before)
            settings, left_out = without_secrets(store.home / SETTINGS_FILE)
            manifest.left_out.extend(left_out + ([] if with_key else [KEY_FILE]))
            add_bytes(packed, manifest, SETTINGS_FILE, settings)
            add_bytes(packed, None, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    if identities(store).get(DESTROYED) != before.get(DESTROYED):
        raise Disturbed
    return manifest


def identities(store: Store) -> dict[str, tuple[int, ...]]:
    """What tells a file from another that is put in its place; of the list of the destroyed, also whether it grew."""
    found: dict[str, tuple[int, ...]] = {
        f"warc/{each.name}": (each.stat().st_ino,) for each in store.warc.glob("*.warc.gz") if isinstance(each, Path)
    }
    destroyed = store.home / DESTROYED
    if destroyed.exists():
        told = destroyed.stat()
        found[DESTROYED] = (told.st_ino, told.st_size)
    return found


@contextmanager
def snapshot(store: Store, draft: Path) -> Iterator[tuple[Path, Manifest, list[health.File]]]:
    """The database as it is at one moment, without its free pages, while others go on writing."""
    copy = draft.with_name(draft.name + ".db")
    copy.unlink(missing_ok=True)
    try:
        database.copy_to(store, copy)
        beside = database.connect_alone(copy)
        with beside.connect() as connection:
            ends = health.files(connection)
            manifest = Manifest(
                store.id, clock.now().isoformat(), database.revision(connection) or "",
                health.states_of_articles(connection), health.count_captures(connection), [],
            )  # fmt: skip
        beside.dispose()
        yield copy, manifest, ends
    finally:
        copy.unlink(missing_ok=True)


@contextmanager
def private(path: Path) -> Iterator[BinaryIO]:
    """A new file that only its owner may read: it holds what people told us, and the key of sessions."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        yield file


def small_files(home: Path, with_key: bool) -> list[tuple[str, Path]]:
    wanted = [DESTROYED, *([KEY_FILE] if with_key else [])]
    wanted += [f"{CERTIFICATES}/{each.name}" for each in sorted((home / CERTIFICATES).glob("*.pem"))]
    return [(name, home / name) for name in wanted if (home / name).exists()]


def add(
    packed: tarfile.TarFile,
    manifest: Manifest,
    name: str,
    path: File,
    length: int,
    before: dict[str, tuple[int, ...]] | None = None,
) -> None:
    """The first ``length`` bytes of a file. Raises Disturbed when it is no longer the file that it was."""
    with path.open("rb") as file:
        if before and name in before and before[name][0] != os.fstat(file.fileno()).st_ino:
            raise Disturbed
        if size(path) < length:
            sentence = "%(file)s is shorter than the database says. Look at it with: khotin doctor"
            raise KhotinError(sentence, file=path)
        measured = Measured(file, length)
        packed.addfile(entry(name, length), measured)
    manifest.files.append({"name": name, "size": length, "sha256": measured.digest.hexdigest()})


def add_bytes(packed: tarfile.TarFile, manifest: Manifest | None, name: str, content: bytes) -> None:
    packed.addfile(entry(name, len(content)), io.BytesIO(content))
    if manifest:
        told = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        manifest.files.append(told)


def entry(name: str, length: int) -> tarfile.TarInfo:
    told = tarfile.TarInfo(name)
    told.size, told.mode, told.mtime = length, 0o600, int(clock.now().timestamp())
    return told


SECRET_LINE = re.compile(rf"^\s*[\"']?({'|'.join(SECRETS)})[\"']?\s*=")


def without_secrets(path: Path) -> tuple[bytes, list[str]]:
    """The settings file without the lines that hold passwords; and the names of those."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    left_out = [found.group(1) for line in lines if (found := SECRET_LINE.match(line))]
    kept = "".join(line for line in lines if not SECRET_LINE.match(line))
    try:
        tomllib.loads(kept)
    except tomllib.TOMLDecodeError:  # a password over several lines: rather no settings than a piece of it
        return b"", [SETTINGS_FILE]
    return kept.encode(), left_out


class Member(NamedTuple):
    """A file inside a backup, while the backup is read from its beginning to its end."""

    name: str
    file: BinaryIO


def members(path: Path) -> Iterator[Member]:
    """The files of a backup in their order. Raises TarError for what is no backup, or cut off, where that is met."""
    with tarfile.open(path, "r|") as packed:
        for each in packed:
            file = packed.extractfile(each)
            if file is not None:
                yield Member(each.name, file)  # type: ignore[arg-type]


def check(path: Path, take: Callable[[Member], BinaryIO | None] = lambda member: None) -> Manifest:
    """Read a backup and compare every file with what the manifest says; ``take`` may name where a file is written to.

    Raises KhotinError that names what does not fit.
    """
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    try:
        for member in members(path):
            if member.name == MANIFEST:
                manifest = read_manifest(path, member.file.read())
            else:
                found[member.name] = passed_on(member.file, take(member))
    except (tarfile.TarError, EOFError) as problem:
        raise KhotinError("%(file)s is no whole backup: %(problem)s.", file=path, problem=problem) from None
    if manifest is None:
        raise KhotinError("%(file)s is no whole backup: its manifest is missing.", file=path)
    said = {each["name"]: (each["size"], each["sha256"]) for each in manifest.files}
    wrong = sorted(name for name in {*said, *found} if said.get(name) != found.get(name))
    if wrong:
        raise KhotinError("%(file)s is damaged: %(name)s is not as it was written.", file=path, name=wrong[0])
    return manifest


def read_manifest(path: Path, content: bytes) -> Manifest:
    try:
        told = Manifest(**json.loads(content))
    except (ValueError, TypeError):
        raise KhotinError("%(file)s is no whole backup: its manifest cannot be read.", file=path) from None
    if told.format != FORMAT:
        raise KhotinError("%(file)s was written by a newer Khotin. Install that version to restore it.", file=path)
    return told


def passed_on(source: BinaryIO, target: BinaryIO | None) -> tuple[int, str]:
    """Size and digest of what a file holds, written to ``target`` on the way and there to stay."""
    digest, size = hashlib.sha256(), 0
    with target or nullcontext():
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if target:
                target.write(piece)
        if target:
            target.flush()
            os.fsync(target.fileno())
    return size, digest.hexdigest()


def made_in(folder: Path) -> list[Path]:
    """The backups that were made by themselves, the oldest first."""
    return sorted(folder.glob("khotin-????????-????.tar"))


def make_nightly(store: Store, folder: Path, keep: int) -> tuple[Path, Manifest]:
    """One more backup in a folder, of which the newest ``keep`` stay; the older go when the new one is there."""
    for left in folder.glob("khotin-????????-????.tar.part*"):  # by one that was killed
        left.unlink()
    target = folder / NAME.format(clock.now().astimezone(clock.VIETNAM))
    manifest = make(store, target)
    for old in made_in(folder)[: -max(1, keep)]:
        old.unlink()
    return target, manifest


def size_of(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.1f}"
