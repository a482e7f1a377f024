"""What did a look at a site find?  Its settings as typed, the few pages that were fetched, and what they give."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from indexer import clock
from indexer.store.tables import preview_pages, previews

# A look is work in hand; whoever comes back later looks again. So no page of a site lies here for long.
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Preview:
    """A look at a site: ``source_id`` is none while it is no source yet."""

    id: int
    source_id: int | None
    settings: Mapping[str, Any]
    report: Mapping[str, Any]
    trial: Mapping[str, Any]
    job_id: int | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """A page as it was fetched for a look; ``place`` 0 is the start page."""

    place: int
    address: str
    fetched_at: datetime
    listed_at: datetime | None
    headers: Mapping[str, str]
    body: bytes


COLUMNS = [previews.c[each.name] for each in fields(Preview)]


def add(connection: Connection, made_by: str, settings: Mapping[str, Any], source_id: int | None = None) -> int:
    """A new look; those that are older than a week go."""
    old = select(previews.c.id).where(previews.c.made_at < clock.now() - KEPT)
    for number in connection.execute(old).scalars().all():
        remove(connection, number)
    row = {
        "source_id": source_id, "settings": dict(settings), "report": {}, "trial": {}, "made_by": made_by,
        "made_at": clock.now(),
    }  # fmt: skip
    key = connection.execute(insert(previews).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def get(connection: Connection, number: int) -> Preview | None:
    row = connection.execute(select(*COLUMNS).where(previews.c.id == number)).first()
    return Preview(**row._mapping) if row else None


def of_source(connection: Connection, source_id: int) -> Preview | None:
    """The newest look at a source."""
    wanted = select(*COLUMNS).where(previews.c.source_id == source_id).order_by(previews.c.id.desc()).limit(1)
    row = connection.execute(wanted).first()
    return Preview(**row._mapping) if row else None


def change(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(previews).where(previews.c.id == number).values(values))


def put_pages(connection: Connection, number: int, pages: Sequence[Looked]) -> None:
    """Keep these pages in the place of those before."""
    connection.execute(delete(preview_pages).where(preview_pages.c.preview_id == number))
    for each in pages:
        row = {
            "preview_id": number, "place": each.place, "address": each.address, "fetched_at": each.fetched_at,
            "listed_at": each.listed_at, "headers": dict(each.headers), "body": zlib.compress(each.body),
        }  # fmt: skip
        connection.execute(insert(preview_pages).values(row))


def pages(connection: Connection, number: int) -> list[Looked]:
    wanted = select(preview_pages).where(preview_pages.c.preview_id == number).order_by(preview_pages.c.place)
    return [
        Looked(row.place, row.address, row.fetched_at, row.listed_at, row.headers, zlib.decompress(row.body))
        for row in connection.execute(wanted)
    ]


def remove(connection: Connection, number: int) -> None:
    connection.execute(delete(preview_pages).where(preview_pages.c.preview_id == number))
    connection.execute(delete(previews).where(previews.c.id == number))


def forget(connection: Connection) -> None:
    """Drop every look: their pages may hold the text of an article that must be nowhere any more."""
    connection.execute(delete(preview_pages))
    connection.execute(delete(previews))
