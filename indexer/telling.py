"""Which troubles are admins to be told of by letter?  Each cause once when it begins, and once when it is over."""

from typing import NamedTuple

from sqlalchemy import Connection

from indexer import alarms
from indexer.alarms import Alarm
from indexer.store import Store, letters, mailboxes
from indexer.store.belonging import rings_for
from indexer.store.departments import reach_of


class News(NamedTuple):
    """What one admin is to be told: troubles that began, and those that are over."""

    begun: list[Alarm]
    ended: list[Alarm]


def is_due(connection: Connection) -> bool:
    """Whether there is something to tell, and somebody to tell it to; what cannot be told yet waits."""
    return bool(due(connection))


def due(connection: Connection) -> dict[int, News]:
    """By account; who is bound to departments is told of their sources alone."""
    begun, ended = alarms.untold(connection)
    if not begun and not ended:
        return {}
    told = {}
    for account_id in mailboxes.for_notices(connection):
        reach = reach_of(connection, account_id)
        ours = News(*([each for each in part if rings_for(connection, each.cause, reach)] for part in (begun, ended)))
        if any(ours):
            told[account_id] = ours
    return told


def write(store: Store) -> None:
    """Put the letters down and note their troubles as told, in one: so nothing is told twice, and nothing is lost."""
    with store.write() as connection:
        told = due(connection)
        for account_id, (begun, ended) in told.items():
            content = {"begun": [each.id for each in begun], "ended": [each.id for each in ended]}
            letters.write(connection, "notice", account_id, content)
        known = {each.id: each for news in told.values() for part in news for each in part}.values()
        alarms.note_told(connection, [e for e in known if e.ended_at is None], [e for e in known if e.ended_at])
