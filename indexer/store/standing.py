"""Which articles stand at their source now, and since when as they are?  What a sitemap tells."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from indexer.store.tables import articles, versions


class Standing(NamedTuple):
    """An article that its source still shows, and when its present text was first seen."""

    id: int
    since: datetime


def between(connection: Connection, first: int, last: int) -> list[Standing]:
    """Those whose numbers lie in a span, by number."""
    newest = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.versions)
    wanted = select(articles.c.id, versions.c.captured_at).join(versions, newest)
    wanted = wanted.where(articles.c.id.between(first, last), articles.c.gone_at.is_(None)).order_by(articles.c.id)
    return [Standing(*row) for row in connection.execute(wanted)]


def highest(connection: Connection) -> int:
    """The highest number that any article has; 0 when there is none."""
    return connection.scalar(select(func.max(articles.c.id))) or 0
