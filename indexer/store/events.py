"""Who came in, who was refused, whose way in was changed?  The security log: apart from the decisions, and forgotten
after some months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from indexer import clock
from indexer.store.tables import security_events


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to somebody's way in; ``network`` is shortened, or nothing."""

    id: int
    at: datetime
    kind: str
    who: str
    about: str
    network: str


# Every kind there is, with its message.
KINDS: Mapping[str, str] = {
    "signed in": "signed in",
    "wrong password": "wrong name or password",
    "wrong code": "wrong code of the second factor",
    "recovery code": "signed in with a recovery code",
    "refused": "asked for what is not theirs",
    "password": "password changed",
    "link": "link for a new password made",
    "second factor on": "second factor switched on",
    "second factor off": "second factor taken off",
    "recovery codes": "new recovery codes made",
    "bound": "departments chosen",
    "session ended": "sessions ended",
    "token": "token for programs made",
    "token revoked": "token for programs revoked",
    "token refused": "token for programs refused",
    "disabled": "account disabled",
    "enabled": "account enabled",
    "role": "role changed",
    "deleted": "account deleted",
    "made": "account made",
}


def note(connection: Connection, kind: str, who: str, about: str = "", network: str = "", days: int = 0) -> None:
    """Write down one event; ``days``: how long events are kept."""
    assert kind in KINDS
    now = clock.now()
    if days:
        connection.execute(delete(security_events).where(security_events.c.at < now - timedelta(days=days)))
    row = {"at": now, "kind": kind, "who": who, "about": about[:200], "network": network}
    connection.execute(insert(security_events).values(row))


def latest(connection: Connection, limit: int, before: int | None = None, who: str = "", kind: str = "") -> list[Event]:
    """The last events, newest first: those of one account or kind, and older than one of them."""
    wanted = select(security_events).order_by(security_events.c.id.desc()).limit(limit)
    wanted = wanted.where(security_events.c.id < before) if before is not None else wanted
    wanted = wanted.where(security_events.c.who == who) if who else wanted
    wanted = wanted.where(security_events.c.kind == kind) if kind else wanted
    return [Event(**row._mapping) for row in connection.execute(wanted)]
