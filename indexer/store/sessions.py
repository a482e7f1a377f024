"""Who is signed in, and where?  One row for each session; its cookie holds a secret of which only a digest is kept."""

import hashlib
import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from indexer import clock
from indexer.accounts import Account, fingerprint
from indexer.store.tables import sessions

# Noted again only after this long: a person's pages are not to become a row of writes, nor a diary of reading.
NOTED_EVERY = timedelta(minutes=5)


class Limits(NamedTuple):
    """How long a session lasts at the most, and how long without a page asked for."""

    whole: timedelta
    idle: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """One device on which somebody is signed in."""

    id: int
    account_id: int
    fingerprint: str
    device: str
    network: str
    began_at: datetime
    seen_at: datetime


COLUMNS = [sessions.c[each.name] for each in fields(Session)]


def begin(connection: Connection, account: Account, device: str, network: str, limits: Limits) -> str:
    """A new session; the secret for its cookie. Those that ended long ago are dropped with it."""
    told, now = secrets.token_urlsafe(32), clock.now()
    connection.execute(delete(sessions).where(sessions.c.began_at < now - limits.whole))
    row = {"account_id": account.id, "digest": digest(told), "fingerprint": fingerprint(account)}
    row |= {"device": device, "network": network, "began_at": now, "seen_at": now}
    connection.execute(insert(sessions).values(row))
    return told


def digest(told: str) -> str:
    """What is kept of a secret that nobody could guess."""
    return hashlib.sha256(told.encode()).hexdigest()


def of(connection: Connection, told: str, limits: Limits) -> Session | None:
    """The session of a cookie, while it lasts; whether the account is as it was, the caller asks."""
    row = connection.execute(select(*COLUMNS).where(sessions.c.digest == digest(told), lasts(limits))).first()
    return Session(**row._mapping) if row else None


def lasts(limits: Limits) -> ColumnElement[bool]:
    now = clock.now()
    return and_(sessions.c.began_at > now - limits.whole, sessions.c.seen_at > now - limits.idle)


def every(connection: Connection, account: Account, limits: Limits) -> list[Session]:
    """Where an account is signed in now, the last seen first."""
    mine = and_(sessions.c.account_id == account.id, sessions.c.fingerprint == fingerprint(account))
    rows = connection.execute(
        select(*COLUMNS).where(mine, lasts(limits)).order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
    )
    return [Session(**row._mapping) for row in rows]


def seen(connection: Connection, session: Session) -> None:
    connection.execute(update(sessions).where(sessions.c.id == session.id).values(seen_at=clock.now()))


def end(connection: Connection, account_id: int, session_id: int) -> bool:
    """End one session of an account; False when there is none."""
    mine = and_(sessions.c.id == session_id, sessions.c.account_id == account_id)
    return connection.execute(delete(sessions).where(mine)).rowcount == 1


def end_all(connection: Connection, account_id: int, but: int | None = None) -> None:
    """End every session of an account, or every other one."""
    connection.execute(delete(sessions).where(sessions.c.account_id == account_id, sessions.c.id.is_distinct_from(but)))
