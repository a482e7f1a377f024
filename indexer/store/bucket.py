"""How are fetched bytes kept in a store of objects (S3), which nothing can be appended to?

While a round is open each record is an object of its own, named by its file and the offset that it has there:
`round-000001.warc.gz/000000001234`. It is there, whole, before its row is committed: a host that dies takes nothing
with it. The objects of a round that has ended are joined to one of the file's own name, and offsets stay what they
are. Readers ask for the joined one first, and for the record's own where that does not reach so far.
"""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple

from indexer.errors import KhotinError, NotNowError

# What one request brings: most records are shorter, and a whole file is read in not too many.
PIECE = 256 * 1024
CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 30, 4
DIGITS = 12  # so that names sort as numbers do
UNREACHABLE = (
    "The store of fetched pages %(place)s cannot be used now (%(problem)s). Nothing is lost; look whether it runs, and "
    "whether its address and keys are right."
)


class Part(NamedTuple):
    """A record of an open round, by itself."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """The folder of fetched pages, in a store of objects; used as a `Path` is."""

    address: str
    endpoint: str = ""

    def __truediv__(self, name: str) -> "Kept":
        return Kept(self, name)

    def glob(self, pattern: str) -> Iterator["Kept"]:
        """Every file, joined or in parts; the pattern is the one there is, of WARC files."""
        names = {each.removeprefix(f"{self.root}/").partition("/")[0] for each in self.found(self.root)}
        yield from (Kept(self, name) for name in sorted(names) if Path(name).match(pattern))

    @property
    def root(self) -> str:
        return self.address.partition("://")[2].rstrip("/")

    def found(self, under: str) -> dict[str, int]:
        """The names and sizes of all objects under one name."""
        with asking(self) as system:
            told = system.find(under, detail=True)
        return {name: int(each["size"]) for name, each in told.items()}


@dataclass(frozen=True, slots=True)
class Kept:
    """One WARC file there."""

    bucket: Bucket
    name: str

    def __str__(self) -> str:
        return f"{self.bucket.address.rstrip('/')}/{self.name}"

    @property
    def key(self) -> str:
        return f"{self.bucket.root}/{self.name}"

    def open(self, mode: str = "rb") -> BinaryIO:
        return io.BufferedReader(Reading(self), PIECE)

    def parts(self) -> list[Part]:
        """The records that are objects by themselves, in their order."""
        told = self.bucket.found(f"{self.key}/")
        sizes = {name.removeprefix(f"{self.key}/"): size for name, size in told.items()}
        return sorted(Part(int(name), size) for name, size in sizes.items() if name.isdigit())

    def joined(self) -> int:
        """The length of the joined object; 0 while there is none."""
        with asking(self.bucket) as system, suppress(FileNotFoundError):
            return int(system.info(self.key)["size"]) if system.isfile(self.key) else 0
        return 0

    def size(self) -> int:
        return max([self.joined(), *(each.offset + each.length for each in self.parts())])

    def exists(self) -> bool:
        return self.size() > 0

    def add(self, offset: int, block: bytes) -> None:
        """Write one record.  Raises KhotinError when another process has written there."""
        try:
            with asking(self.bucket) as system:
                system.pipe_file(f"{self.key}/{offset:0{DIGITS}}", block, mode="create")
        except FileExistsError:
            raise KhotinError("Another process writes to %(file)s. Nothing of it was overwritten.", file=self) from None

    def piece(self, offset: int) -> bytes:
        """Some bytes from a place on; none at the end. Raises FileNotFoundError when there is no such file."""
        with asking(self.bucket) as system:
            for _ in range(2):  # it may be joined between one question and the other
                if found := joined_piece(system, self.key, offset):
                    return found
                with suppress(FileNotFoundError):
                    return bytes(system.cat_file(f"{self.key}/{offset:0{DIGITS}}"))
        parts = self.parts()
        within = next((each for each in parts if each.offset < offset < each.offset + each.length), None)
        if within:
            return self.piece(within.offset)[offset - within.offset :]
        if not parts and not self.joined():
            raise FileNotFoundError(str(self))
        return b""

    def put(self, file: BinaryIO) -> None:
        """Write the whole file; it is there as a whole or not at all, and then its parts go."""
        with asking(self.bucket) as system, system.open(self.key, "wb") as target:
            shutil.copyfileobj(file, target, PIECE)
        self.forget_parts()

    def join(self) -> None:
        """Make one object of the parts of a round that has ended."""
        length, reaches = self.joined(), self.size()
        if length < reaches:
            with self.open() as file:
                self.put(file)
        else:
            self.forget_parts()

    def forget_parts(self) -> None:
        """Remove the parts that the joined object holds; one that was written since stays."""
        length = self.joined()
        with asking(self.bucket) as system:
            for each in self.parts():
                if each.offset + each.length <= length:
                    system.rm_file(f"{self.key}/{each.offset:0{DIGITS}}")

    def unlink(self, missing_ok: bool = False) -> None:
        names = self.bucket.found(f"{self.key}/")
        with asking(self.bucket) as system:
            for name in (*names, *([self.key] if self.joined() else [])):
                system.rm_file(name)


class Reading(io.RawIOBase):
    """A file that is read where it lies, a piece at a time."""

    def __init__(self, kept: Kept) -> None:
        self.kept, self.at, self.begin, self.held = kept, 0, 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.at}.get(whence)
        self.at = offset + (self.kept.size() if base is None else base)
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        if not self.begin <= self.at < self.begin + len(self.held):
            self.begin, self.held = self.at, self.kept.piece(self.at)
        part = self.held[self.at - self.begin :][: len(buffer)]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)


def joined_piece(system: Any, key: str, offset: int) -> bytes:
    """Bytes of the joined object; none where there is none, or where it ends before."""
    try:
        return bytes(system.cat_file(key, start=offset, end=offset + PIECE))
    except FileNotFoundError:
        return b""
    except OSError as problem:
        if "range" in str(problem).lower():  # it ends before
            return b""
        raise


@contextmanager
def written(kept: Kept) -> Iterator[BinaryIO]:
    """A file to write, that takes its place when it is whole."""
    with TemporaryFile() as draft:
        yield draft
        draft.seek(0)
        kept.put(draft)


@contextmanager
def asking(bucket: Bucket) -> Iterator[Any]:
    """What speaks to the store.  Raises NotNowError when that cannot be reached or refuses us."""
    system = system_of(bucket.address, bucket.endpoint, os.getpid())
    try:
        yield system
    except (FileNotFoundError, FileExistsError, KhotinError):
        raise
    except Exception as problem:
        if not isinstance(problem, OSError) and not type(problem).__module__.startswith(("botocore", "aiohttp")):
            raise
        told = str(problem).strip().splitlines() or [type(problem).__name__]
        raise NotNowError(UNREACHABLE, place=bucket.address, problem=told[0][:200]) from problem


@lru_cache(maxsize=8)
def system_of(address: str, endpoint: str, pid: int) -> Any:
    """One for a process: its connections are no other's.  Raises KhotinError when the library is not installed."""
    try:
        import s3fs
    except ImportError:
        raise KhotinError(
            "Fetched pages are kept in S3, and what speaks to it is not installed: pip install khotin[cluster]"
        ) from None
    waiting = {"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS, "retries": {"max_attempts": TRIES}}
    return s3fs.S3FileSystem(
        endpoint_url=endpoint or None, use_listings_cache=False, skip_instance_cache=True, config_kwargs=waiting
    )
