"""With what does a program show whose it is?  Tokens: shown once, kept as digests, for some purposes and a time."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from indexer import clock
from indexer.accounts import Account
from indexer.errors import KhotinError
from indexer.store.sessions import digest
from indexer.store.tables import tokens

# Programs that look for lost secrets know ours by this.
PREFIX = "khotin_"
# What a token may open, and who may make one for it.
SCOPES = {
    "search": ("researcher", "editor", "admin"),
    "export": ("researcher", "editor", "admin"),
    "restrict": ("editor", "admin"),
}
LIVES = (30, 90, 365)  # days
LONGEST_NAME = 100
MOST = 20  # one for each program, and some to spare


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it."""

    id: int
    account_id: int
    name: str
    scopes: Sequence[str]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_good(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now()


COLUMNS = [tokens.c[each.name] for each in fields(Token)]


def add(connection: Connection, account: Account, name: str, scopes: Sequence[str], days: int) -> str:
    """A new token, to be shown once. Raises KhotinError."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise KhotinError("Name the program that will use the token, in up to %(most)s characters.", most=LONGEST_NAME)
    if not scopes or not set(scopes) <= {each for each, roles in SCOPES.items() if account.role in roles}:
        raise KhotinError("Choose what the token may do.")
    if not 1 <= days <= LIVES[-1]:
        raise KhotinError("Choose how long the token is good: up to %(most)s days.", most=LIVES[-1])
    if sum(each.is_good for each in every(connection, account.id)) >= MOST:
        raise KhotinError("You have %(most)s tokens. Revoke one that is not needed any more.", most=MOST)
    told, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    row = {"account_id": account.id, "name": name.strip(), "digest": digest(told), "scopes": list(scopes)}
    connection.execute(insert(tokens).values(row | {"made_at": now, "expires_at": now + timedelta(days=days)}))
    return told


def of(connection: Connection, told: str) -> Token | None:
    """The token that a program shows; the caller asks whether it is good."""
    row = connection.execute(select(*COLUMNS).where(tokens.c.digest == digest(told))).first()
    return Token(**row._mapping) if row else None


def every(connection: Connection, account_id: int) -> list[Token]:
    """All of an account, the newest first."""
    rows = connection.execute(select(*COLUMNS).where(tokens.c.account_id == account_id).order_by(tokens.c.id.desc()))
    return [Token(**row._mapping) for row in rows]


def used(connection: Connection, token: Token) -> None:
    connection.execute(update(tokens).where(tokens.c.id == token.id).values(used_at=clock.now()))


def revoke(connection: Connection, account_id: int, number: int) -> bool:
    """Good no more, at once; False when there is no such token."""
    mine = (tokens.c.id == number) & (tokens.c.account_id == account_id) & tokens.c.revoked_at.is_(None)
    return connection.execute(update(tokens).where(mine).values(revoked_at=clock.now())).rowcount == 1


def remove_all(connection: Connection, account_id: int) -> None:
    connection.execute(delete(tokens).where(tokens.c.account_id == account_id))
