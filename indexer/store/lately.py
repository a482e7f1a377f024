"""What came in since a moment, source by source?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from indexer.store.tables import articles, versions


@dataclass(slots=True)
class Lately:
    """What one source brought: new articles, further versions of known ones, and what is gone from its site."""

    new: int = 0
    changed: int = 0
    gone: int = 0


def since(connection: Connection, moment: datetime) -> dict[int, Lately]:
    """By the source's number; sources that brought nothing are not in it."""
    found: dict[int, Lately] = defaultdict(Lately)
    for source_id, count in counted(connection, articles.c.first_seen > moment):
        found[source_id].new = count
    for source_id, count in counted(connection, articles.c.gone_at > moment):
        found[source_id].gone = count
    further = (versions.c.captured_at > moment) & (versions.c.number > 1)
    joined = select(articles.c.source_id, func.count()).join(versions, versions.c.article_id == articles.c.id)
    for source_id, count in connection.execute(joined.where(further).group_by(articles.c.source_id)).all():
        found[source_id].changed = count
    return dict(found)


def counted(connection: Connection, which: ColumnElement[bool]) -> list[tuple[int, int]]:
    wanted = select(articles.c.source_id, func.count()).where(which, articles.c.merged_into.is_(None))
    return [(row[0], row[1]) for row in connection.execute(wanted.group_by(articles.c.source_id))]
