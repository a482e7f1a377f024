"""When did what come into the archive?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from indexer.store.tables import archive, versions


def archive_made(connection: Connection) -> datetime:
    """When the archive began."""
    made: datetime = connection.execute(select(archive.c.made_at)).scalar_one()
    return made


def last_versions(connection: Connection, numbers: Sequence[int]) -> dict[int, datetime]:
    """When the present version of each article was taken, by number."""
    wanted = select(versions.c.article_id, func.max(versions.c.captured_at).label("at"))
    rows = connection.execute(wanted.where(versions.c.article_id.in_(numbers)).group_by(versions.c.article_id))
    return {row.article_id: row.at for row in rows}
