"""Which letters have not left yet?  Each stays here until it was taken, whatever becomes of worker and mail server."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, or_, select, update

from indexer import clock
from indexer.store.tables import accounts, letters, mailboxes

Kind = Literal["confirm", "reset", "invite", "digest", "notice", "reply"]
# What is sent of ourselves, and waits while its address is not to be written to.
OF_OURSELVES = ("digest", "notice")
# After a failure: quickly, since many pass by themselves, then with patience; the last one again and again.
WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60))
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is to leave; its words are found when it does, from what may be seen then."""

    id: int
    kind: Kind
    account_id: int | None
    content: Mapping[str, Any]
    made_at: datetime
    tries: int
    next_try: datetime


COLUMNS = [letters.c[each.name] for each in fields(Letter)]


def write(connection: Connection, kind: Kind, account_id: int | None, content: Mapping[str, Any] | None = None) -> None:
    """Put a letter down; the worker sends it."""
    row = {"kind": kind, "account_id": account_id, "content": dict(content or {})}
    connection.execute(insert(letters).values(row | {"made_at": clock.now(), "tries": 0, "next_try": clock.now()}))


def waiting() -> Any:
    """What makes a letter one that may leave now."""
    open_box = select(mailboxes.c.account_id).where(mailboxes.c.confirmed_at.is_not(None), mailboxes.c.off_at.is_(None))
    works = select(accounts.c.id).where(accounts.c.disabled_at.is_(None))
    for_somebody = letters.c.account_id.is_(None) | letters.c.account_id.in_(works)
    may_leave = or_(letters.c.kind.not_in(OF_OURSELVES), letters.c.account_id.in_(open_box))
    return (letters.c.next_try <= clock.now()) & for_somebody & may_leave


def due(connection: Connection) -> list[Letter]:
    """The letters that are to leave now, oldest first."""
    wanted = select(*COLUMNS).where(waiting()).order_by(letters.c.id).limit(MOST_AT_ONCE)
    return [Letter(**row._mapping) for row in connection.execute(wanted)]


def is_due(connection: Connection) -> bool:
    return connection.scalar(select(letters.c.id).where(waiting()).limit(1)) is not None


def later(connection: Connection, letter: Letter) -> None:
    """Try again after a while."""
    wait = WAITS[min(letter.tries, len(WAITS) - 1)]
    values = {"tries": letter.tries + 1, "next_try": clock.now() + wait}
    connection.execute(update(letters).where(letters.c.id == letter.id).values(values))


def drop(connection: Connection, letter_id: int) -> None:
    """It has left, or is not to leave any more."""
    connection.execute(delete(letters).where(letters.c.id == letter_id))


def drop_all(connection: Connection, account_id: int, kind: Kind | None = None) -> None:
    mine = delete(letters).where(letters.c.account_id == account_id)
    connection.execute(mine if kind is None else mine.where(letters.c.kind == kind))
