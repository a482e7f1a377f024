"""How are records taken out of a WARC file, or written otherwise?  Aside, in a file that takes its place in one
transaction with the offsets and digests of all captures in it.

A file that nothing names any more is removed after that; its name is kept with the destruction until it is.
"""

import gzip
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from indexer.decode import MARKS, decode, labels
from indexer.errors import KhotinError
from indexer.store import warc
from indexer.store.captures import Capture
from indexer.store.database import Store
from indexer.store.tables import captures, destructions, versions
from indexer.store.warc import Captured, Origin, Place
from indexer.traces import Run, holds, without

NAME = re.compile(r"(?P<stem>.+?)(?:\.v(?P<turn>\d+))?\.warc\.gz")
# What unpacks to more is looked at no further: no page is so large.
MOST_BYTES = 50_000_000
BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a capture: it goes, or a record is written anew; ``full`` when that holds a payload."""

    gone: bool = False
    captured: Captured | None = None
    origin: Origin | None = None

    @property
    def full(self) -> bool:
        return self.captured is not None and self.origin is None


STAYS = Fate()


def files(connection: Connection) -> list[str]:
    """The WARC files, those first whose captures are the oldest: a revisit comes after what it points to."""
    first = func.min(captures.c.id)
    rows = connection.execute(select(captures.c.warc_file).group_by(captures.c.warc_file).order_by(first))
    return list(rows.scalars())


def held_in(connection: Connection, file: str) -> list[Capture]:
    wanted = select(captures).where(captures.c.warc_file == file).order_by(captures.c.warc_offset)
    return [Capture(**row._mapping) for row in connection.execute(wanted)]


def is_changed(fates: Mapping[int, Fate]) -> bool:
    return any(fate is not STAYS for fate in fates.values())


def fates(store: Store, file: str, gone: Collection[int], wanted: Collection[Run]) -> dict[int, Fate]:
    """What becomes of each capture of a file."""
    with store.read() as connection:
        held = held_in(connection, file)
    found: dict[int, Fate] = {}
    for each in held:
        found[each.id] = fate_of(store, each, gone, wanted, found)
    return found


def fate_of(
    store: Store, capture: Capture, gone: Collection[int], wanted: Collection[Run], before: Mapping[int, Fate]
) -> Fate:
    if capture.id in gone:
        return Fate(gone=True)
    captured = warc.read_record(store.warc / capture.warc_file, capture.warc_offset)
    if capture.revisit:
        return of_revisit(store, capture, captured, gone, wanted, before)
    freed = freed_of(captured, wanted)
    return STAYS if freed is None else Fate(captured=freed)


def of_revisit(
    store: Store,
    capture: Capture,
    captured: Captured,
    gone: Collection[int],
    wanted: Collection[Run],
    before: Mapping[int, Fate],
) -> Fate:
    """A revisit takes over what it pointed to when that goes, and points to it by its new digest when it changed."""
    with store.read() as connection:
        first = origin_of(connection, capture)
    if first is None:
        return STAYS
    if first.id not in gone:
        told = warc.revisited(store.warc / capture.warc_file, capture.warc_offset)
        anew = before.get(first.id, STAYS).captured
        digest = anew.digest if anew else first.digest
        pointed = Origin(first.address, first.fetched_at, digest)
        return STAYS if told == digest else Fate(captured=captured, origin=pointed)
    held = warc.read_record(store.warc / first.warc_file, first.warc_offset)
    whole = replace(held, address=capture.address, at=captured.at)
    return Fate(captured=freed_of(whole, wanted) or whole)


def origin_of(connection: Connection, capture: Capture) -> Capture | None:
    """The capture that a revisit points to: the newest before it that brought these bytes."""
    held = select(captures).where(
        captures.c.source_id == capture.source_id, captures.c.address == capture.address, captures.c.id < capture.id,
        captures.c.digest == capture.digest, captures.c.revisit.is_(False),
    )  # fmt: skip
    row = connection.execute(held.order_by(captures.c.id.desc()).limit(1)).first()
    return Capture(**row._mapping) if row else None


def freed_of(captured: Captured, wanted: Collection[Run]) -> Captured | None:
    """An answer without some runs of words; None when it holds none of them."""
    body = body_of(captured)
    if body.startswith(BINARY) or not body:
        return None
    text = decode(body, captured.named.get("content-type", ""))
    if not holds(text, wanted):
        return None
    left = without(text, wanted)
    if holds(left, wanted):  # written in a way that we cannot mend: then nothing of the page can stay
        left = ""
    return packed_again(captured, left, body)


def body_of(captured: Captured) -> bytes:
    """What came, unpacked; as it came where that fails."""
    try:
        return warc.unpacked(captured, MOST_BYTES)
    except KhotinError:
        return captured.payload


def packed_again(captured: Captured, text: str, body: bytes) -> Captured:
    """An answer with another body, written and packed as the one before."""
    payload = written_as(text, body, captured.named.get("content-type", ""))
    packing = captured.named.get("content-encoding", "").strip().lower()
    if packing in ("gzip", "x-gzip"):
        payload = gzip.compress(payload, mtime=0)
    elif packing == "deflate":
        payload = zlib.compress(payload)
    length = {"content-length": str(len(payload))}
    headers = tuple((name, length.get(name.lower(), value)) for name, value in captured.headers)
    return replace(captured, headers=headers, payload=payload, came_as=captured.digest)


def written_as(text: str, body: bytes, content_type: str) -> bytes:
    """A text in the letters in which `decode` read a body; in UTF-8 when it cannot be told."""
    mark, marked = next(((m, e) for m, e in MARKS if body.startswith(m)), (b"", "utf-8"))
    read = decode(body, content_type)
    for encoding in (marked, *labels(body, content_type), "windows-1258", "windows-1252"):
        try:
            if body[len(mark) :].decode(encoding) == read:
                return mark + text.encode(encoding)
        except (UnicodeError, LookupError):
            continue
    return text.encode("utf-8", "replace")


def next_name(file: str) -> str:
    """round-000001.warc.gz -> round-000001.v2.warc.gz -> round-000001.v3.warc.gz"""
    found = NAME.fullmatch(file)
    assert found
    return f"{found['stem']}.v{int(found['turn'] or 1) + 1}.warc.gz"


def write_anew(store: Store, file: str, fates: Mapping[int, Fate]) -> tuple[str, dict[int, Place]]:
    """Write a file aside: whole records are copied byte by byte, those given are written. Returns where all stand."""
    with store.read() as connection:
        held = held_in(connection, file)
    name = next_name(file)
    places: dict[int, Place] = {}
    with (store.warc / file).open("rb") as old, warc.written(store.warc / name) as new:
        warc.write(new, warc.information(store.warc / name))
        for each in held:
            fate, begin = fates[each.id], new.tell()
            if fate.gone:
                continue
            if fate.captured:
                warc.write(new, warc.record(fate.captured, fate.origin))
            else:
                old.seek(each.warc_offset)
                new.write(old.read(each.warc_length))
            places[each.id] = Place(name, begin, new.tell() - begin)
    return name, places


def swap(
    connection: Connection, number: int, file: str, fates: Mapping[int, Fate], places: Mapping[int, Place]
) -> None:
    """Let every capture of a file name its new place, and forget those that are gone."""
    gone = [{"capture": each} for each, fate in fates.items() if fate.gone]
    if gone:
        lost = update(versions).where(versions.c.capture_id == bindparam("capture")).values(capture_id=None)
        connection.execute(lost, gone)
        connection.execute(delete(captures).where(captures.c.id == bindparam("capture")), gone)
    for each, fate in fates.items():
        if fate.captured:
            renew(connection, each, fate)
    moved = [{"capture": each, "file": to.file, "at": to.offset, "size": to.length} for each, to in places.items()]
    if moved:
        there: dict[str, Any] = {
            "warc_file": bindparam("file"),
            "warc_offset": bindparam("at"),
            "warc_length": bindparam("size"),
        }
        connection.execute(update(captures).where(captures.c.id == bindparam("capture")).values(there), moved)
    left = connection.execute(select(destructions.c.left_over).where(destructions.c.id == number)).scalar_one()
    connection.execute(update(destructions).where(destructions.c.id == number).values(left_over=[*left, file]))


def renew(connection: Connection, capture_id: int, fate: Fate) -> None:
    """What a record that was written anew holds; the revisits that point to it follow its digest."""
    assert fate.captured
    row = connection.execute(select(captures).where(captures.c.id == capture_id)).one()
    if fate.origin:
        return
    digest = fate.captured.digest
    values: dict[str, Any] = {"digest": digest, "bytes": len(fate.captured.payload), "revisit": False}
    if digest != row.digest:
        values["came_as"] = row.came_as or row.digest
    if row.revisit:
        values["status"] = fate.captured.status
    connection.execute(update(captures).where(captures.c.id == capture_id).values(values))
    if not row.revisit and digest != row.digest:
        follow = update(captures).where(
            captures.c.source_id == row.source_id, captures.c.address == row.address,
            captures.c.digest == row.digest, captures.c.revisit.is_(True), captures.c.id > row.id,
        )  # fmt: skip
        connection.execute(follow.values(digest=digest))


def remove_left_over(store: Store, number: int) -> None:
    """Remove the files that a swap, perhaps one that was killed right after, let nothing name any more."""
    with store.read() as connection:
        left = connection.execute(select(destructions.c.left_over).where(destructions.c.id == number)).scalar_one()
        named = set(files(connection))
    for file in set(left) - named:
        (store.warc / file).unlink(missing_ok=True)
    for path in store.warc.glob("*.warc.gz"):  # written aside by one that was killed before the swap
        found = NAME.fullmatch(path.name)
        if found and found["turn"] and path.name not in named:
            path.unlink(missing_ok=True)
    warc.lasting(store.warc)
    with store.write() as connection:
        connection.execute(update(destructions).where(destructions.c.id == number).values(left_over=[]))
