"""Which articles does a person keep together, and what does she note about them?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from indexer import clock
from indexer.errors import KhotinError
from indexer.store.dialects import upsert
from indexer.store.searches import named
from indexer.store.tables import collected, collections

LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 2000, 50, 20
MOST_COLLECTIONS, MOST_ARTICLES = 200, 5000


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles that somebody keeps together under a name."""

    id: int
    name: str
    note: str
    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a collection, with what was noted about it."""

    article_id: int
    note: str
    tags: tuple[str, ...]
    added_at: datetime


def add(connection: Connection, account_id: int, name: str, note: str = "") -> int:
    """A new collection. Raises KhotinError without a name, or when there are too many."""
    if len(every(connection, account_id)) >= MOST_COLLECTIONS:
        raise KhotinError("You have %(most)s collections already. Delete some first.", most=MOST_COLLECTIONS)
    row = {"account_id": account_id, "name": named(name), "note": noted(note), "made_at": clock.now()}
    key = connection.execute(insert(collections).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def noted(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise KhotinError("A note holds up to %(most)s characters. Shorten it.", most=LONGEST_NOTE)
    return note.strip()


def tags_of(written: str) -> tuple[str, ...]:
    """Tags as they are typed, with commas between; each once."""
    tags = [" ".join(each.split())[:LONGEST_TAG] for each in written.split(",")]
    return tuple(dict.fromkeys(each for each in tags if each))[:MOST_TAGS]


def change(connection: Connection, collection_id: int, name: str, note: str) -> None:
    values = {"name": named(name), "note": noted(note)}
    connection.execute(update(collections).where(collections.c.id == collection_id).values(values))


def remove(connection: Connection, collection_id: int) -> None:
    connection.execute(delete(collected).where(collected.c.collection_id == collection_id))
    connection.execute(delete(collections).where(collections.c.id == collection_id))


def put(connection: Connection, collection_id: int, article_id: int, note: str, tags: Sequence[str]) -> None:
    """Keep an article in a collection, or note something else about one that is there."""
    row = {"collection_id": collection_id, "article_id": article_id, "note": noted(note), "tags": list(tags)}
    there = [each.article_id for each in items(connection, collection_id)]
    if article_id not in there and len(there) >= MOST_ARTICLES:
        raise KhotinError("A collection holds up to %(most)s articles. Begin another one.", most=MOST_ARTICLES)
    wish = upsert(collected).values(row | {"added_at": clock.now()})
    keys = ["collection_id", "article_id"]
    connection.execute(wish.on_conflict_do_update(index_elements=keys, set_={"note": row["note"], "tags": row["tags"]}))


def take_out(connection: Connection, collection_id: int, article_id: int) -> None:
    connection.execute(
        delete(collected).where(collected.c.collection_id == collection_id, collected.c.article_id == article_id)
    )


def items(connection: Connection, collection_id: int) -> list[Item]:
    """What is in a collection, what was put in last first."""
    rows = connection.execute(
        select(collected)
        .where(collected.c.collection_id == collection_id)
        .order_by(collected.c.added_at.desc(), collected.c.article_id.desc())
    )
    return [Item(row.article_id, row.note, tuple(row.tags), row.added_at) for row in rows]


def get(connection: Connection, account_id: int, collection_id: int) -> Collection | None:
    """A collection, if it is this account's."""
    return next(iter(many(connection, chosen(account_id).where(collections.c.id == collection_id))), None)


def every(connection: Connection, account_id: int) -> list[Collection]:
    """All collections of an account, by name."""
    return many(connection, chosen(account_id).order_by(func.lower(collections.c.name), collections.c.id))


def holding(connection: Connection, account_id: int, article_id: int) -> list[Collection]:
    """The account's collections that hold an article."""
    held = select(collected.c.collection_id).where(collected.c.article_id == article_id)
    return many(connection, chosen(account_id).where(collections.c.id.in_(held)))


def chosen(account_id: int) -> Select[Any]:
    size = select(func.count()).where(collected.c.collection_id == collections.c.id).scalar_subquery()
    wanted = (collections.c.id, collections.c.name, collections.c.note, collections.c.made_at, size.label("size"))
    return select(*wanted).where(collections.c.account_id == account_id)


def many(connection: Connection, query: Select[Any]) -> list[Collection]:
    return [Collection(**row._mapping) for row in connection.execute(query)]
