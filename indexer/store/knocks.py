"""Was this asked for too often lately?  Counted for a day, under digests that name nobody."""

import hashlib
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select

from indexer import clock
from indexer.errors import KhotinError
from indexer.store.tables import knocks

REMEMBER = timedelta(days=1)


def knock(connection: Connection, what: str, who: str, most: int) -> bool:
    """Count one more of these by somebody; whether there were not too many within a day."""
    now = clock.now()
    bucket = hashlib.sha256(f"{what} {who.lower()}".encode()).hexdigest()
    connection.execute(delete(knocks).where(knocks.c.at < now - REMEMBER))
    count = connection.scalar(select(func.count()).where(knocks.c.bucket == bucket)) or 0
    if count < most:
        connection.execute(insert(knocks).values(bucket=bucket, at=now))
    return count < most


def knock_or_raise(connection: Connection, what: str, who: str, most: int) -> None:
    """The same; raises KhotinError when there were too many."""
    if not knock(connection, what, who, most):
        raise KhotinError("This was asked for too often today. Try again tomorrow.")
