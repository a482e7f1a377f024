"""Which searches does a person keep, and which articles was each of them told of?"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, delete, func, insert, select, update

from indexer import clock, schedules
from indexer.errors import KhotinError
from indexer.store.dialects import upsert
from indexer.store.tables import accounts, announced, articles, mailboxes, saved_searches

Alert = Literal["none", "daily", "weekly"]
ALERTS: tuple[Alert, ...] = get_args(Alert)
# When digests are made: before the working day begins, by the department's own clock.
TIMES = {"daily": "0 6 * * *", "weekly": "0 6 * * 1"}
PATIENCE = timedelta(minutes=10)  # until a search that could not be asked is asked again
LONGEST_NAME = 100
MOST_SEARCHES = 200


@dataclass(frozen=True, slots=True)
class Saved:
    """A question that somebody keeps; articles up to ``known_up_to`` were there before and are no news."""

    id: int
    account_id: int
    name: str
    question: str
    alert: Alert
    made_at: datetime
    known_up_to: int
    due_at: datetime | None


COLUMNS = [saved_searches.c[each.name] for each in fields(Saved)]


def add(connection: Connection, account_id: int, name: str, question: str, alert: str = "none") -> int:
    """Keep a search. Raises KhotinError for an unknown rhythm, or when there are too many."""
    if len(every(connection, account_id)) >= MOST_SEARCHES:
        raise KhotinError("You keep %(most)s searches already. Delete some first.", most=MOST_SEARCHES)
    row = {"account_id": account_id, "name": named(name), "question": question, "made_at": clock.now()}
    row |= rhythm(connection, alert)
    key = connection.execute(insert(saved_searches).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def named(name: str) -> str:
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise KhotinError("Give it a name by which you will know it again.")
    return name


def rhythm(connection: Connection, alert: str) -> dict[str, Any]:
    """What is kept for a rhythm that begins now: only what comes from now on is news."""
    if alert not in ALERTS:
        raise KhotinError("Choose no e-mails, daily or weekly.")
    newest = connection.scalar(select(func.max(articles.c.id))) or 0
    return {"alert": alert, "known_up_to": newest, "due_at": next_time(alert)}


def next_time(alert: str) -> datetime | None:
    line = TIMES.get(alert)
    return schedules.next_times(line, schedules.DEFAULT_ZONE, clock.now(), 1)[0] if line else None


def change(connection: Connection, saved: Saved, name: str, alert: str) -> None:
    """Another name or rhythm; what is news is counted anew only when letters begin."""
    values: dict[str, Any] = {"name": named(name)}
    if alert != saved.alert:
        fresh = rhythm(connection, alert)
        values |= fresh if saved.alert == "none" else {"alert": alert, "due_at": fresh["due_at"]}
    connection.execute(update(saved_searches).where(saved_searches.c.id == saved.id).values(values))


def silence(connection: Connection, account_id: int) -> None:
    """No more letters about any search of the account; the searches stay."""
    mine = update(saved_searches).where(saved_searches.c.account_id == account_id)
    connection.execute(mine.values(alert="none", due_at=None))


def remove(connection: Connection, saved_id: int) -> None:
    connection.execute(delete(announced).where(announced.c.search_id == saved_id))
    connection.execute(delete(saved_searches).where(saved_searches.c.id == saved_id))


def get(connection: Connection, account_id: int, saved_id: int) -> Saved | None:
    """A search, if it is this account's."""
    mine = (saved_searches.c.account_id == account_id) & (saved_searches.c.id == saved_id)
    row = connection.execute(select(*COLUMNS).where(mine)).first()
    return Saved(**row._mapping) if row else None


def every(connection: Connection, account_id: int) -> list[Saved]:
    """All searches of an account, the newest first."""
    mine = select(*COLUMNS).where(saved_searches.c.account_id == account_id).order_by(saved_searches.c.id.desc())
    return [Saved(**row._mapping) for row in connection.execute(mine)]


def ready() -> Any:
    """What makes a search one that is to be asked now: its time has come, and its letter may be sent."""
    open_box = select(mailboxes.c.account_id).where(mailboxes.c.confirmed_at.is_not(None), mailboxes.c.off_at.is_(None))
    works = select(accounts.c.id).where(accounts.c.disabled_at.is_(None))
    mine = saved_searches.c.account_id
    return (saved_searches.c.due_at <= clock.now()) & mine.in_(open_box) & mine.in_(works)


def due(connection: Connection) -> list[Saved]:
    """The searches that are to be asked for news now, each account's together."""
    wanted = select(*COLUMNS).where(ready()).order_by(saved_searches.c.account_id, saved_searches.c.id)
    return [Saved(**row._mapping) for row in connection.execute(wanted)]


def is_due(connection: Connection) -> bool:
    return connection.scalar(select(saved_searches.c.id).where(ready()).limit(1)) is not None


def postpone(connection: Connection, found: Iterable[Saved]) -> None:
    """Ask these again a little later, whatever happens meanwhile."""
    numbers = [each.id for each in found]
    later = update(saved_searches).where(saved_searches.c.id.in_(numbers))
    connection.execute(later.values(due_at=clock.now() + PATIENCE))


def told_of(connection: Connection, saved_id: int) -> set[int]:
    """The articles that the search was told of."""
    return set(connection.execute(select(announced.c.article_id).where(announced.c.search_id == saved_id)).scalars())


def tell(connection: Connection, saved: Saved, numbers: Iterable[int]) -> None:
    """Note the articles as told, and when the search is to be asked again."""
    rows = [{"search_id": saved.id, "article_id": each} for each in numbers]
    if rows:
        connection.execute(upsert(announced).on_conflict_do_nothing(), rows)
    mine = update(saved_searches).where(saved_searches.c.id == saved.id)
    connection.execute(mine.values(due_at=next_time(saved.alert)))
