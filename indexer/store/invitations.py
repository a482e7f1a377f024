"""Who may make an account although not everybody may?  Whoever holds a link that works once."""

import secrets

from sqlalchemy import Connection, insert, select, update

from indexer import clock
from indexer.store.tables import invitations


def add(connection: Connection, made_by: str) -> str:
    """A new invitation; the secret that its link carries."""
    nonce = secrets.token_hex(12)
    connection.execute(insert(invitations).values(nonce=nonce, made_by=made_by, made_at=clock.now()))
    return nonce


def is_open(connection: Connection, nonce: str) -> bool:
    wanted = select(invitations.c.id).where(invitations.c.nonce == nonce, invitations.c.used_at.is_(None))
    return connection.scalar(wanted) is not None


def use(connection: Connection, nonce: str) -> bool:
    """Use an invitation up; False when it was used before."""
    mine = update(invitations).where(invitations.c.nonce == nonce, invitations.c.used_at.is_(None))
    return connection.execute(mine.values(used_at=clock.now())).rowcount == 1
