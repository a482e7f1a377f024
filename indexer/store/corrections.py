"""What did admins correct by hand?  Rows beside the articles: no crawl and no re-reading writes over them."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from indexer import clock
from indexer.store.tables import corrections


@dataclass(frozen=True, slots=True)
class Written:
    """One correction as it was made; ``was`` is what the source said then."""

    id: int
    article_id: int
    field: str
    text: str
    was: str
    reason: str
    made_by: str
    made_at: datetime
    withdrawn_at: datetime | None


COLUMNS = [corrections.c[each.name] for each in fields(Written)]


def add(connection: Connection, article_id: int, field: str, text: str, was: str, reason: str, who: str) -> None:
    """Correct a field; an earlier correction of it ends."""
    standing = corrections.c.withdrawn_at.is_(None)
    former = update(corrections).where(corrections.c.article_id == article_id, corrections.c.field == field, standing)
    connection.execute(former.values(withdrawn_at=clock.now()))
    row = {"article_id": article_id, "field": field, "text": text, "was": was, "reason": reason, "made_by": who}
    connection.execute(insert(corrections).values(row | {"made_at": clock.now()}))


def withdraw(connection: Connection, number: int) -> None:
    ended = update(corrections).where(corrections.c.id == number, corrections.c.withdrawn_at.is_(None))
    connection.execute(ended.values(withdrawn_at=clock.now()))


def get(connection: Connection, number: int) -> Written | None:
    row = connection.execute(select(*COLUMNS).where(corrections.c.id == number)).first()
    return Written(**row._mapping) if row else None


def history(connection: Connection, article_id: int) -> list[Written]:
    """Every correction of an article, also those that ended, the newest first."""
    wanted = select(*COLUMNS).where(corrections.c.article_id == article_id).order_by(corrections.c.id.desc())
    return [Written(**row._mapping) for row in connection.execute(wanted)]
