"""How are fetched bytes kept?  As standard WARC files, one for each round, that only ever grow at their end.

They lie in a folder, or in a store of objects (bucket.py).
"""

import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from indexer.errors import KhotinError
from indexer.lasting import sync
from indexer.store import bucket
from indexer.store.bucket import Bucket, Kept

VERSION = "WARC/1.1"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
TIME = "%Y-%m-%dT%H:%M:%SZ"
# What Python makes of the bytes of a header that are no UTF-8; the database takes no such letters.
TORN = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Captured:
    """One answer as it was received; ``payload`` is what came before any decompression."""

    address: str
    at: datetime
    status_line: str  # HTTP/1.1 200 OK
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    came_as: str = ""  # the digest of what came, where words of a destroyed article were taken out of it

    @cached_property
    def status(self) -> int:
        return int(self.status_line.split(" ", 2)[1])

    @cached_property
    def named(self) -> dict[str, str]:
        """The headers by their names in small letters, bytes that are no text as in an address (%F4); the last of
        several counts."""
        return {
            name.lower(): TORN.sub(lambda each: f"%{ord(each[0]) - 0xDC00:02X}", value) for name, value in self.headers
        }

    @cached_property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256(self.payload).hexdigest()


class Place(NamedTuple):
    """Where a record stands."""

    file: str
    offset: int
    length: int


class Origin(NamedTuple):
    """The earlier capture that a revisit record points to."""

    address: str
    at: datetime
    digest: str


class RawHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Writes headers byte for byte; warcio itself would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_str().encode("utf-8", "surrogateescape") + b"\r\n"


# Where WARC files are, and one of them.
Folder = Path | Bucket
File = Path | Kept

# The files whose names this process has seen to be on the disk; one that was killed may have left that to us.
named: set[Path] = set()
# Where the files of a bucket end to which this process writes.
ends: dict[Kept, int] = {}


def append(path: File, captured: Captured, origin: Origin | None = None) -> Place:
    """Write one answer at the end of a file and return when the disk has it.

    With ``origin`` a revisit record is written: the answer brought nothing that we do not hold.
    """
    if isinstance(path, Kept):
        return append_apart(path, captured, origin)
    with path.open("ab") as file:
        begin = file.tell()
        try:
            if begin == 0:
                write(file, information(path))
            offset = file.tell()
            write(file, record(captured, origin))
            file.flush()
            os.fsync(file.fileno())
        except OSError as problem:
            os.truncate(path, begin)
            raise KhotinError(
                "%(file)s cannot be written: %(problem)s. Nothing was lost; free space on its disk and start again.",
                file=path,
                problem=problem.strerror,
            ) from problem
    if begin == 0 or path not in named:
        sync(path.parent)
        named.add(path)
    return Place(path.name, offset, path.stat().st_size - offset)


def append_apart(kept: Kept, captured: Captured, origin: Origin | None) -> Place:
    """The same where nothing can be appended to: each record by itself, at the offset that it will have."""
    end = ends.pop(kept) if kept in ends else kept.size()  # kept again when all went well
    for made in (record(captured, origin),) if end else (information(kept), record(captured, origin)):
        block = BytesIO()
        write(block, made)
        kept.add(end, block.getvalue())
        offset, end = end, end + len(block.getvalue())
    ends[kept] = end
    return Place(kept.name, offset, end - offset)


@contextmanager
def written(path: File) -> Iterator[BinaryIO]:
    """A new file to write, which is on the disk, or in the store, at the end."""
    if isinstance(path, Kept):
        with bucket.written(path) as file:
            yield file
        return
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def lasting(folder: Folder) -> None:
    """What was removed from a folder stays removed after a power cut; a store of objects sees to that by itself."""
    if isinstance(folder, Path):
        sync(folder)


def files(folder: Folder) -> list[File]:
    """All WARC files of a folder."""
    return sorted(folder.glob("*.warc.gz"), key=lambda each: each.name)


def size(path: File) -> int:
    return path.size() if isinstance(path, Kept) else path.stat().st_size


def join(path: File) -> None:
    """A round has ended: what lies in parts becomes one."""
    if isinstance(path, Kept):
        path.join()


def write(file: BinaryIO, made: Any) -> None:
    WARCWriter(file, gzip=True, warc_version=VERSION).write_record(made)


def information(path: File) -> Any:
    told = {"software": "Khotin", "format": "WARC File Format 1.1"}
    return WARCWriter(BytesIO(), warc_version=VERSION).create_warcinfo_record(path.name, told)


def record(captured: Captured, origin: Origin | None) -> Any:
    maker = WARCWriter(BytesIO(), warc_version=VERSION)
    protocol, _, status = captured.status_line.partition(" ")
    headers = RawHeaders(status, list(captured.headers), protocol)
    told = {"WARC-Date": captured.at.astimezone(UTC).strftime(TIME)}
    if origin is None:
        told["WARC-Payload-Digest"] = captured.digest
        payload = BytesIO(captured.payload)
        return maker.create_warc_record(
            captured.address, "response", payload, len(captured.payload), http_headers=headers, warc_headers_dict=told
        )
    date = origin.at.astimezone(UTC).strftime(TIME)
    made = maker.create_revisit_record(captured.address, origin.digest, origin.address, date, headers, told)
    if captured.status == 304:
        made.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
    return made


def read_record(path: File, offset: int) -> Captured:
    """The answer that stands at a place."""
    with path.open("rb") as file:
        file.seek(offset)
        found = captured_in(file)
    if found is None:
        raise KhotinError(
            "%(file)s holds no answer at byte %(offset)s. Bring the file back from a backup.", file=path, offset=offset
        )
    return found


def captured_in(file: BinaryIO) -> Captured | None:
    """The answer of the first record; None when it is no answer."""
    told = next(iter(ArchiveIterator(file)), None)
    if told is None or told.rec_type not in ("response", "revisit"):
        return None
    headers = tuple((str(name), str(value)) for name, value in told.http_headers.headers)
    line = f"{told.http_headers.protocol} {told.http_headers.statusline}"
    at = datetime.fromisoformat(told.rec_headers.get_header("WARC-Date"))
    return Captured(told.rec_headers.get_header("WARC-Target-URI"), at, line, headers, told.raw_stream.read())


def revisited(path: File, offset: int) -> str:
    """The digest of what a revisit record points to."""
    with path.open("rb") as file:
        file.seek(offset)
        told = next(iter(ArchiveIterator(file)))
        return str(told.rec_headers.get_header("WARC-Payload-Digest") or "")


class Whole(NamedTuple):
    """A whole record that was found in a file; ``captured`` is None for one that is no answer."""

    place: Place
    captured: Captured | None
    digest: str
    revisit: bool


def whole_after(path: File, offset: int) -> Iterator[Whole]:
    """The whole records from ``offset`` on; what follows the last of them is cut off the file."""
    if isinstance(path, Kept):
        for part in path.parts():  # none is ever torn
            if part.offset >= offset:
                yield whole(path.piece(part.offset), Place(path.name, part.offset, part.length))
        return
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(offset)
        tail = file.read()  # a record or two: every committed one lies before the offset
    good = 0
    while good < len(tail):
        length = member(tail[good:])
        if length == 0:
            os.truncate(path, offset + good)
            return
        block = tail[good : good + length]
        yield whole(block, Place(path.name, offset + good, length))
        good += length


def whole(block: bytes, place: Place) -> Whole:
    told = next(iter(ArchiveIterator(BytesIO(block))))
    digest = told.rec_headers.get_header("WARC-Payload-Digest") or ""
    return Whole(place, captured_in(BytesIO(block)), digest, told.rec_type == "revisit")


def member(data: bytes) -> int:
    """The length of the gzip member that ``data`` begins with; 0 when it is torn."""
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        reader.decompress(data)
    except zlib.error:
        return 0
    return len(data) - len(reader.unused_data) if reader.eof else 0


class Noted(Protocol):
    """What the database noted of a record."""

    @property
    def address(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def revisit(self) -> bool: ...
    @property
    def warc_offset(self) -> int: ...
    @property
    def warc_length(self) -> int: ...


UNREADABLE, CUT = "the file cannot be read", "the record is cut or its bytes were changed"
OTHER, CHANGED = "another record stands there", "the digest does not fit"


def proved(path: File, noted: Noted) -> str:
    """What is wrong with a record, an English message; empty when it says what it said when it was written."""
    try:
        with path.open("rb") as file:
            file.seek(noted.warc_offset)
            block = file.read(noted.warc_length)
    except OSError:
        return UNREADABLE
    if len(block) != noted.warc_length or member(block) != noted.warc_length:
        return CUT
    told = next(iter(ArchiveIterator(BytesIO(block))), None)
    if told is None or told.rec_headers.get_header("WARC-Target-URI") != noted.address:
        return OTHER
    digest = told.rec_headers.get_header("WARC-Payload-Digest")
    if not noted.revisit:
        digest = "sha256:" + hashlib.sha256(told.raw_stream.read()).hexdigest()
    return "" if digest == noted.digest else CHANGED


# Content-Encoding -> how zlib is to read it. Others are never asked for.
PACKINGS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def unpacked(captured: Captured, most: int) -> bytes:
    """The body as its author wrote it, at most ``most`` bytes.  Raises KhotinError."""
    packing = captured.named.get("content-encoding", "identity").strip().lower()
    if packing in ("identity", "") or not captured.payload:
        return captured.payload
    if packing not in PACKINGS:
        raise KhotinError("The page is packed as “%(packing)s”, which we did not ask for.", packing=packing)
    body = inflated(captured.payload, PACKINGS[packing], most + 1)
    if body is None and packing == "deflate":  # some servers leave the frame out
        body = inflated(captured.payload, -zlib.MAX_WBITS, most + 1)
    if body is None:
        raise KhotinError("The page is packed in a damaged way and could not be read.")
    if len(body) > most:
        raise KhotinError("The page unpacks to more than %(most)s bytes. Raise max_page_bytes to take it.", most=most)
    return body


def inflated(payload: bytes, window: int, most: int) -> bytes | None:
    try:
        return zlib.decompressobj(window).decompress(payload, most)
    except zlib.error:
        return None
