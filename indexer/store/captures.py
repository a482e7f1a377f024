"""What did we fetch, when, and where does it lie?  One row for every answer in the WARC files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, and_, func, insert, select

from indexer.store import warc
from indexer.store.database import Store
from indexer.store.tables import captures, rounds

BATCH = 200  # rows; a replay reads on in such steps, so that no read lasts while pages are parsed


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer's row; ``revisit`` means that its payload lies in an earlier capture."""

    id: int
    source_id: int
    round_id: int
    address: str
    fetched_at: datetime
    status: int
    media_type: str
    digest: str
    bytes: int
    warc_file: str
    warc_offset: int
    warc_length: int
    revisit: bool


def add(
    connection: Connection,
    source_id: int,
    round_id: int,
    captured: warc.Captured,
    place: warc.Place,
    origin_digest: str = "",
) -> int:
    """Note where an answer was written, a revisit with its origin's digest; returns the capture's number."""
    row = {
        "source_id": source_id,
        "round_id": round_id,
        "address": captured.address,
        "fetched_at": captured.at,
        "status": captured.status,
        "media_type": captured.named.get("content-type", "").partition(";")[0].strip().lower(),
        "digest": origin_digest or captured.digest,
        "bytes": len(captured.payload),
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "revisit": bool(origin_digest),
    }
    key = connection.execute(insert(captures).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def origin_of(connection: Connection, source_id: int, captured: warc.Captured, known_digest: str) -> warc.Origin | None:
    """The earlier capture of this address that holds what the answer says; None when it brought something new."""
    unmodified = captured.status == 304
    if not (captured.payload or unmodified):
        return None
    held = select(captures).where(
        captures.c.source_id == source_id,
        captures.c.address == captured.address,
        captures.c.digest == (known_digest if unmodified else captured.digest),
        captures.c.status == (200 if unmodified else captured.status),
        captures.c.revisit.is_(False),
    )
    row = connection.execute(held.order_by(captures.c.id.desc()).limit(1)).first()
    return warc.Origin(row.address, row.fetched_at, row.digest) if row else None


def last(connection: Connection, source_id: int, address: str) -> Capture | None:
    """The newest capture of an address that holds a payload."""
    held = select(captures).where(
        captures.c.source_id == source_id, captures.c.address == address, captures.c.revisit.is_(False)
    )
    row = connection.execute(held.order_by(captures.c.id.desc()).limit(1)).first()
    return Capture(**row._mapping) if row else None


def said(connection: Connection, source_id: int, address: str, after: int, round_id: int) -> Capture | None:
    """What an address answered when a round asked for it after a capture; else what it had answered last."""
    fine = and_(captures.c.source_id == source_id, captures.c.address == address, captures.c.status == 200)
    then = and_(fine, captures.c.id > after, captures.c.round_id == round_id)
    digest = connection.scalar(select(captures.c.digest).where(then).order_by(captures.c.id).limit(1))
    held = and_(fine, captures.c.revisit.is_(False), captures.c.digest == digest if digest else captures.c.id < after)
    row = connection.execute(select(captures).where(held).order_by(captures.c.id.desc()).limit(1)).first()
    return Capture(**row._mapping) if row else None


def every(store: Store, source_id: int) -> Iterator[Capture]:
    """All captures of a source that hold a payload, oldest first."""
    after = 0
    while True:
        wanted = select(captures).where(
            captures.c.source_id == source_id, captures.c.revisit.is_(False), captures.c.id > after
        )
        with store.read() as connection:
            rows = connection.execute(wanted.order_by(captures.c.id).limit(BATCH)).all()
        if not rows:
            return
        yield from (Capture(**row._mapping) for row in rows)
        after = rows[-1].id


def read(store: Store, capture: Capture) -> warc.Captured:
    return warc.read_record(store.warc / capture.warc_file, capture.warc_offset)


def path_of(store: Store, round_id: int) -> Path:
    """The file of a round."""
    return store.warc / f"round-{round_id:06}.warc.gz"


def recover(store: Store, source_id: int) -> int:
    """Take up what a killed crawl of this source had written but not noted; returns how many answers.

    The caller holds the lease of the source's host, so nobody else writes to these files.
    """
    open_rounds = select(rounds.c.id).where(rounds.c.source_id == source_id, rounds.c.state == "running")
    with store.read() as connection:
        numbers = list(connection.execute(open_rounds).scalars())
    return sum(adopt(store, source_id, number) for number in numbers)


def adopt(store: Store, source_id: int, round_id: int) -> int:
    path = path_of(store, round_id)
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    with store.read() as connection:
        offset = connection.scalar(select(end).where(captures.c.warc_file == path.name)) or 0
    adopted = 0
    for place, captured, digest, revisit in warc.whole_after(path, offset):
        if captured is not None:
            with store.write() as connection:
                add(connection, source_id, round_id, captured, place, digest if revisit else "")
            adopted += 1
    return adopted
