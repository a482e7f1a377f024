"""What do readers report of articles, and what was done about it?  The admins' inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, func, insert, select, update

from indexer import clock
from indexer.store.tables import requests

Kind = Literal["personal-data", "wrong", "copyright", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Request:
    """One report; ``answer`` says what was done about it, and by whom."""

    id: int
    article_id: int
    made_at: datetime
    kind: Kind
    text: str
    contact: str
    answered_at: datetime | None
    answered_by: str
    answer: str


def add(connection: Connection, article_id: int, kind: Kind, text: str, contact: str) -> int:
    row = {"article_id": article_id, "made_at": clock.now(), "kind": kind, "text": text, "contact": contact}
    key = connection.execute(insert(requests).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def get(connection: Connection, number: int) -> Request | None:
    row = connection.execute(select(requests).where(requests.c.id == number)).first()
    return Request(**row._mapping) if row else None


def answer(connection: Connection, number: int, who: str, what: str) -> None:
    """Note what was done about an open report; an answered one stays as it is."""
    is_open = (requests.c.id == number) & requests.c.answered_at.is_(None)
    values = {"answered_at": clock.now(), "answered_by": who, "answer": what}
    connection.execute(update(requests).where(is_open).values(values))


def listed(connection: Connection, is_open: bool, limit: int) -> list[Request]:
    """The open ones, oldest first: who waited longest is next; or the answered ones, the newest first."""
    if is_open:
        wanted = select(requests).where(requests.c.answered_at.is_(None)).order_by(requests.c.id)
    else:
        wanted = select(requests).where(requests.c.answered_at.is_not(None))
        wanted = wanted.order_by(requests.c.answered_at.desc(), requests.c.id.desc())
    return [Request(**row._mapping) for row in connection.execute(wanted.limit(limit))]


def count_open(connection: Connection) -> int:
    wanted = select(func.count()).select_from(requests).where(requests.c.answered_at.is_(None))
    return int(connection.execute(wanted).scalar_one())


def count_since(connection: Connection, moment: datetime) -> int:
    """How many came after a moment."""
    wanted = select(func.count()).select_from(requests).where(requests.c.made_at > moment)
    return int(connection.execute(wanted).scalar_one())
