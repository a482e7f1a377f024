"""What did we fetch, when, and where does it lie?  One row for every answer in the WARC files."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select

from indexer.errors import KhotinError
from indexer.store import warc
from indexer.store.database import Store
from indexer.store.tables import aliases, articles, captures, file_links, rounds, versions

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
    came_as: str = ""


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
        "came_as": captured.came_as,
    }
    key = connection.execute(insert(captures).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def origin_of(connection: Connection, source_id: int, captured: warc.Captured, known_digest: str) -> warc.Origin | None:
    """The earlier capture of this address that holds what the answer says; None when it brought something new."""
    unmodified = captured.status == 304
    if not (captured.payload or unmodified):
        return None
    wanted = known_digest if unmodified else captured.digest
    if not wanted:
        return None
    held = select(captures).where(
        captures.c.source_id == source_id,
        captures.c.address == captured.address,
        or_(captures.c.digest == wanted, captures.c.came_as == wanted),
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


def page_of(connection: Connection, article_id: int, number: int, until: datetime | None = None) -> Capture | None:
    """The page that a version of an article was read from; with ``until`` its last capture up to then.

    A version that a new file made has the page of the version before it. None for what was imported.
    """
    made = select(captures.c.id, captures.c.source_id, captures.c.address)
    made = made.join(versions, versions.c.capture_id == captures.c.id)
    made = made.where(versions.c.article_id == article_id, versions.c.number <= number)
    rows = connection.execute(made.order_by(versions.c.number.desc())).all()
    linked = select(file_links.c.address).where(file_links.c.article_id == article_id)
    files = set(connection.execute(linked).scalars())
    page = next((row for row in rows if row.address not in files), None)
    if page is None:
        return None
    held = select(captures).where(
        captures.c.source_id == page.source_id,
        captures.c.address == page.address,
        captures.c.status.in_((200, 304)),
        captures.c.fetched_at <= until if until else captures.c.id <= rows[0].id,
    )
    row = connection.execute(held.order_by(captures.c.id.desc()).limit(1)).first()
    return Capture(**row._mapping) if row else None


def origin(connection: Connection, capture: Capture) -> Capture | None:
    """The capture that holds what this one says: itself, or the one that a revisit points to."""
    if not capture.revisit:
        return capture
    return holding(connection, capture.source_id, capture.address, capture.digest)


def holding(connection: Connection, source_id: int, address: str, digest: str) -> Capture | None:
    """The newest capture of an address that brought exactly these bytes."""
    held = select(captures).where(
        captures.c.source_id == source_id, captures.c.address == address, captures.c.digest == digest,
        captures.c.status == 200, captures.c.revisit.is_(False),
    )  # fmt: skip
    row = connection.execute(held.order_by(captures.c.id.desc()).limit(1)).first()
    return Capture(**row._mapping) if row else None


def beside(connection: Connection, page: Capture, addresses: Collection[str]) -> dict[str, Capture]:
    """What we hold of some addresses, by address, as near as we have it to when a page was fetched: what its own round
    brought, else the rounds before, else later ones."""
    held = select(captures).where(
        captures.c.source_id == page.source_id, captures.c.address.in_(addresses), captures.c.status == 200,
        captures.c.revisit.is_(False),
    )  # fmt: skip
    found: dict[str, Capture] = {}
    for row in connection.execute(held.order_by(captures.c.id)):
        if row.address not in found or row.round_id <= page.round_id:
            found[row.address] = Capture(**row._mapping)
    return found


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


def of_article(connection: Connection, article_id: int) -> list[Capture]:
    """All captures of an article's pages and files that hold a payload, oldest first."""
    source = select(articles.c.source_id).where(articles.c.id == article_id).scalar_subquery()
    pages = select(aliases.c.address).where(aliases.c.article_id == article_id)
    files = select(file_links.c.address).where(file_links.c.article_id == article_id)
    wanted = select(captures).where(
        captures.c.source_id == source, captures.c.address.in_(pages.union(files)), captures.c.revisit.is_(False)
    )
    return [Capture(**row._mapping) for row in connection.execute(wanted.order_by(captures.c.id))]


def seen(connection: Connection, article_id: int, limit: int) -> list[Capture]:
    """When an article's own pages were fetched, with what answer, the newest first; also those that brought nothing."""
    source = select(articles.c.source_id).where(articles.c.id == article_id).scalar_subquery()
    pages = select(aliases.c.address).where(aliases.c.article_id == article_id)
    wanted = select(captures).where(captures.c.source_id == source, captures.c.address.in_(pages))
    rows = connection.execute(wanted.order_by(captures.c.id.desc()).limit(limit))
    return [Capture(**row._mapping) for row in rows]


def read(store: Store, capture: Capture) -> warc.Captured:
    """The answer itself.  Its file may have been written anew since its row was read: then it is looked for again."""
    try:
        return warc.read_record(store.warc / capture.warc_file, capture.warc_offset)
    except FileNotFoundError:
        with store.read() as connection:
            row = connection.execute(select(captures).where(captures.c.id == capture.id)).first()
        if row is None or row.warc_file == capture.warc_file:
            raise KhotinError(
                "%(file)s is missing. Bring it back from a backup.", file=store.warc / capture.warc_file
            ) from None
        return warc.read_record(store.warc / row.warc_file, row.warc_offset)


def path_of(store: Store, round_id: int) -> warc.File:
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
