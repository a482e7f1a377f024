"""What do readers report of articles, and what was done about it?  The admins' inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, Connection, String, cast, func, insert, select, true, update

from indexer import alarms, clock
from indexer.clock import local_day
from indexer.store.belonging import Reach, of_articles
from indexer.store.tables import alarms as alarm_rows
from indexer.store.tables import requests

Kind = Literal["personal-data", "wrong", "copyright", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# "answered": by an earlier version of Khotin, which did not ask how.
State = Literal["new", "examined", "granted", "partly", "refused", "answered"]
Decided = Literal["granted", "partly", "refused"]
DECIDED: tuple[Decided, ...] = get_args(Decided)


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
    state: State = "new"
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it is open beyond its day, or was decided behind it."""
        return self.due_at is not None and (self.answered_at or clock.now()) > self.due_at


class Handled(NamedTuple):
    """How the requests of a span were dealt with; those without a due date (of older versions) count as in time."""

    received: int
    decided: int
    in_time: int
    late: int
    open: int


def add(
    connection: Connection, article_id: int, kind: Kind, text: str, contact: str, due_at: datetime | None = None
) -> int:
    row = {"article_id": article_id, "made_at": clock.now(), "kind": kind, "text": text, "contact": contact}
    key = connection.execute(insert(requests).values(row | {"state": "new", "due_at": due_at})).inserted_primary_key
    assert key is not None
    return int(key[0])


def get(connection: Connection, number: int) -> Request | None:
    row = connection.execute(select(requests).where(requests.c.id == number)).first()
    return Request(**row._mapping) if row else None


def examine(connection: Connection, number: int) -> None:
    """Somebody looks into it."""
    is_new = (requests.c.id == number) & (requests.c.state == "new")
    connection.execute(update(requests).where(is_new).values(state="examined"))


def decide(connection: Connection, number: int, who: str, state: Decided, why: str) -> None:
    """Write down what was decided about an open request; a decided one stays as it is."""
    is_open = (requests.c.id == number) & requests.c.answered_at.is_(None)
    values = {"answered_at": clock.now(), "answered_by": who, "answer": why, "state": state}
    connection.execute(update(requests).where(is_open).values(values))
    alarms.calm(connection, f"request {number}")


def ring_for_late(connection: Connection) -> None:
    """An alarm for each request that is open beyond its day."""
    late = (requests.c.answered_at.is_(None)) & (requests.c.due_at < clock.now())
    for row in connection.execute(select(requests.c.id, requests.c.due_at).where(late)).all():
        message = "Request %(number)s was due on %(day)s and is not decided."
        day = local_day(row.due_at).strftime("%d/%m/%Y")
        alarms.ring(connection, f"request {row.id}", message, number=row.id, day=day)


def has_silent_late(connection: Connection) -> bool:
    """Whether a request is late and nobody was told (cheap: asked again and again)."""
    told = select(alarm_rows.c.cause).where(alarm_rows.c.ended_at.is_(None))
    late = (requests.c.answered_at.is_(None)) & (requests.c.due_at < clock.now())
    silent = ("request " + cast(requests.c.id, String)).not_in(told)
    return connection.scalar(select(requests.c.id).where(late, silent).limit(1)) is not None


def handled(connection: Connection, begin: datetime, end: datetime, reach: Reach = None) -> Handled:
    """How the requests received from ``begin`` until before ``end`` were dealt with."""
    span = (requests.c.made_at >= begin) & (requests.c.made_at < end)
    found = [Request(**row._mapping) for row in connection.execute(select(requests).where(span & within(reach)))]
    decided = [each for each in found if each.answered_at]
    late = sum(each.is_late for each in found)
    in_time = sum(not each.is_late for each in decided)
    return Handled(len(found), len(decided), in_time, late, len(found) - len(decided))


def of_article(connection: Connection, article_id: int) -> list[Request]:
    """What was asked about an article, the newest first."""
    wanted = select(requests).where(requests.c.article_id == article_id).order_by(requests.c.id.desc())
    return [Request(**row._mapping) for row in connection.execute(wanted)]


def listed(connection: Connection, is_open: bool, limit: int, reach: Reach = None) -> list[Request]:
    """The open ones, who is due first comes first; or the decided ones, the newest first."""
    if is_open:
        soonest = func.coalesce(requests.c.due_at, requests.c.made_at)
        wanted = select(requests).where(requests.c.answered_at.is_(None)).order_by(soonest, requests.c.id)
    else:
        wanted = select(requests).where(requests.c.answered_at.is_not(None))
        wanted = wanted.order_by(requests.c.answered_at.desc(), requests.c.id.desc())
    return [Request(**row._mapping) for row in connection.execute(wanted.where(within(reach)).limit(limit))]


def within(reach: Reach) -> ColumnElement[bool]:
    return true() if reach is None else of_articles(requests.c.article_id, reach)


def count_open(connection: Connection, reach: Reach = None) -> int:
    wanted = select(func.count()).select_from(requests).where(requests.c.answered_at.is_(None), within(reach))
    return int(connection.execute(wanted).scalar_one())


def count_since(connection: Connection, moment: datetime) -> int:
    """How many came after a moment."""
    wanted = select(func.count()).select_from(requests).where(requests.c.made_at > moment)
    return int(connection.execute(wanted).scalar_one())
