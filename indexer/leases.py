"""Who holds what, and until when?  A lease ends by itself unless its holder renews it."""

from datetime import timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from indexer import clock
from indexer.store.tables import leases


def take(connection: Connection, name: str, holder: str, seconds: float, job_id: int | None = None) -> bool:
    """Take a lease that is free, ended or one's own; False when another holds it."""
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    row = {"name": name, "holder": holder, "job_id": job_id, "until": until}
    # one that would end later than any given now was given before the clock was put back
    is_free = (leases.c.until < now) | (leases.c.until > until) | (leases.c.holder == holder)
    wish = upsert(leases).values(row).on_conflict_do_update(index_elements=["name"], set_=row, where=is_free)
    return connection.execute(wish).rowcount == 1


def renew(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    """Hold on for so many seconds more; False when the lease is another's by now."""
    mine = update(leases).where(leases.c.name == name, leases.c.holder == holder)
    return connection.execute(mine.values(until=clock.now() + timedelta(seconds=seconds))).rowcount == 1


def release(connection: Connection, name: str, holder: str) -> None:
    """Give a lease back; another's stays untouched."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def last_holder(connection: Connection, name: str) -> str | None:
    """Who holds a lease, or held it last, had not given it back, and may be at work still."""
    return connection.execute(select(leases.c.holder).where(leases.c.name == name)).scalar()


def holder_of(connection: Connection, name: str) -> str | None:
    """Who holds a lease now."""
    held = select(leases.c.holder).where(leases.c.name == name, leases.c.until >= clock.now())
    return connection.execute(held).scalar()
