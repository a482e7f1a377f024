"""Who changed what, when?  The decisions, by person, action, subject and day; page by page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from indexer.access import Decision
from indexer.clock import midnight
from indexer.store import Store
from indexer.store.belonging import Reach, decided_on
from indexer.store.tables import decisions

# Rows that an export reads at once.
AT_ONCE = 500


class Wish(NamedTuple):
    """Which decisions are wanted; what is empty leaves all in."""

    who: str = ""
    action: str = ""
    subject: str = ""  # the whole of it
    about: str = ""  # a part of the subject or the reason
    since: date | None = None
    until: date | None = None
    reach: Reach = None  # only about these sources, their articles and jobs


EVERYTHING = Wish()


def found(
    connection: Connection, wish: Wish = EVERYTHING, limit: int | None = None, before: int | None = None
) -> list[Decision]:
    """The last ones that are wanted, newest first; older than one of them."""
    wanted = narrowed(select(decisions), wish).order_by(decisions.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(decisions.c.id < before)
    return [Decision(**row._mapping) for row in connection.execute(wanted)]


def narrowed(wanted: Select[Any], wish: Wish) -> Select[Any]:
    if wish.reach is not None:
        wanted = wanted.where(decided_on(decisions.c.subject, wish.reach))
    if wish.who:
        wanted = wanted.where(decisions.c.who == wish.who)
    if wish.action:
        wanted = wanted.where(decisions.c.action == wish.action)
    if wish.subject:
        wanted = wanted.where(decisions.c.subject == wish.subject)
    if wish.about:
        told = decisions.c.subject.icontains(wish.about, autoescape=True)
        wanted = wanted.where(told | decisions.c.reason.icontains(wish.about, autoescape=True))
    if wish.since:
        wanted = wanted.where(decisions.c.at >= midnight(wish.since))
    if wish.until:
        wanted = wanted.where(decisions.c.at < midnight(wish.until + timedelta(days=1)))
    return wanted


def known(connection: Connection, reach: Reach = None) -> tuple[list[str], list[str]]:
    """The people and the actions that there are, to choose among."""
    wish = Wish(reach=reach)
    people, actions = (
        list(connection.execute(narrowed(select(column).distinct().order_by(column), wish)).scalars())
        for column in (decisions.c.who, decisions.c.action)
    )
    return people, actions


def every(store: Store, wish: Wish) -> Iterator[Decision]:
    """All that are wanted, newest first; no transaction lasts while somebody slow reads them."""
    before: int | None = None
    while True:
        with store.read() as connection:
            part = found(connection, wish, AT_ONCE, before)
        yield from part
        if len(part) < AT_ONCE:
            return
        before = part[-1].id
