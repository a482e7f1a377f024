"""May this reader see this?  The one place that answers, and the one place that changes the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, union

from indexer import clock
from indexer.article import Kept
from indexer.errors import KhotinError
from indexer.store import articles as shelf
from indexer.store import destructions, screening
from indexer.store.tables import articles, decisions

Role = Literal["reader", "researcher", "editor", "admin"]
# Two questions, each answered by an index of its own: one with "or" would walk through all articles. Every search asks
# them, so they are made once.
HIDDEN = union(
    select(articles.c.id).where(articles.c.restricted_at.is_not(None)),
    select(articles.c.id).where(articles.c.merged_into.is_not(None)),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who did what, to what, and why; the changed fields as they were and as they are."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    reason: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def may_see(kept: Kept, role: Role = "reader") -> bool:
    """A restricted article is for those who may lift the restriction; a merged one is shown under its new number; a
    destroyed one is for nobody."""
    if kept.destroyed_at:
        return False
    return kept.merged_into is None and (kept.restricted_at is None or role in ("admin", "editor"))


def hidden(connection: Connection) -> frozenset[int]:
    """The numbers of all articles that no search, count, passage or export may hold, whoever asks."""
    return frozenset(connection.execute(HIDDEN).scalars())


def restricted(connection: Connection) -> list[Kept]:
    """All articles that are not public, the last restricted one first."""
    wanted = shelf.chosen().where(articles.c.restricted_at.is_not(None), articles.c.destroyed_at.is_(None))
    return shelf.many(connection, wanted.order_by(articles.c.restricted_at.desc().nulls_last(), articles.c.id.desc()))


def restrict(connection: Connection, article_id: int, who: str, reason: str) -> None:
    """Keep the article but show it to the public no more. Raises KhotinError without a reason."""
    if not reason.strip():
        raise KhotinError("Give the reason for restricting this article; it is kept in the log.")
    shelf.mark(connection, article_id, "crawl", restricted_at=clock.now())
    decide(connection, who, "restrict", f"article {article_id}", reason, {"public": True}, {"public": False})


def release(connection: Connection, article_id: int, who: str, reason: str) -> None:
    """Show the article to the public again. Raises KhotinError when there is nothing left to show, or soon will be."""
    if destructions.of_article(connection, article_id):
        raise KhotinError("Article %(number)s is destroyed by decision; nothing can be shown again.", number=article_id)
    screening.page_may_be_seen(connection, article_id, who)
    shelf.mark(connection, article_id, "crawl", restricted_at=None)
    decide(connection, who, "release", f"article {article_id}", reason, {"public": False}, {"public": True})


def decide(
    connection: Connection,
    who: str,
    action: str,
    subject: str,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did what, and why; of a change also the fields as they were and as they are now."""
    row = {"at": clock.now(), "who": who, "action": action, "subject": subject, "reason": reason}
    connection.execute(insert(decisions).values(row | {"before": before, "after": after}))
