"""To which source does a thing belong?  Asked for people who look after the sources of some departments alone."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, String, cast, or_, select

from indexer.store.tables import (
    articles,
    blackouts,
    corrections,
    destructions,
    findings,
    jobs,
    previews,
    requests,
    schedules,
    sources,
)

# The numbers of the sources that somebody looks after; None: all there are, and the archive itself.
Reach = frozenset[int] | None
Finder = Callable[[Connection, int], int | None]

OF_SOURCE = re.compile(r"(?:.* )?(source|request|destroy) (\d{1,18})")


def beside(column: Column[Any]) -> Finder:
    """For things that name their source themselves."""
    return lambda connection, number: connection.scalar(select(column).where(column.table.c.id == number))


def through(column: Column[Any]) -> Finder:
    """For things that name their article."""
    wanted = select(articles.c.source_id).join(column.table, column == articles.c.id)
    return lambda connection, number: connection.scalar(wanted.where(column.table.c.id == number))


def of_job(connection: Connection, number: int) -> int | None:
    """A job's own source, else that of the article or the look that it is about."""
    row = connection.execute(select(jobs.c.source_id, jobs.c.arguments).where(jobs.c.id == number)).first()
    if row is None or row.source_id is not None:
        return row.source_id if row else None
    about = ((kind, row.arguments.get(kind)) for kind in ("article", "preview"))
    return next((FINDERS[kind](connection, each) for kind, each in about if isinstance(each, int)), None)


FINDERS: Mapping[str, Finder] = {
    "source": beside(sources.c.id),
    "schedule": beside(schedules.c.source_id),
    "blackout": beside(blackouts.c.source_id),
    "preview": beside(previews.c.source_id),
    "article": beside(articles.c.source_id),
    "request": through(requests.c.article_id),
    "finding": through(findings.c.article_id),
    "correction": through(corrections.c.article_id),
    "destruction": through(destructions.c.article_id),
    "job": of_job,
}


def is_within(connection: Connection, kind: str, number: int, reach: Reach, who: str = "") -> bool:
    """Whether a thing belongs to one of the sources; a look at what is no source yet is its maker's, and so is its
    job."""
    if reach is None:
        return True
    source = FINDERS[kind](connection, number)
    if source is None and kind in ("preview", "job"):
        return bool(who) and maker_of(connection, kind, number) == who
    return source in reach


def maker_of(connection: Connection, kind: str, number: int) -> str | None:
    if kind == "preview":
        return connection.scalar(select(previews.c.made_by).where(previews.c.id == number))
    looks = select(previews.c.made_by).where(previews.c.job_id == number, previews.c.source_id.is_(None))
    return connection.scalar(looks)


def of_articles(column: ColumnElement[Any], reach: Collection[int]) -> ColumnElement[bool]:
    """What narrows a table by the articles that a column names."""
    return column.in_(select(articles.c.id).where(articles.c.source_id.in_(reach)))


def rings_for(connection: Connection, cause: str, reach: Reach) -> bool:
    """Whether a trouble is one of these sources; that of the archive itself is for who looks after all of it."""
    if reach is None:
        return True
    found = OF_SOURCE.fullmatch(cause)
    kind = "destruction" if found and found[1] == "destroy" else found[1] if found else ""
    return bool(found) and is_within(connection, kind, int(found[2]) if found else 0, reach)


def decided_on(subject: ColumnElement[str], reach: Collection[int]) -> ColumnElement[bool]:
    """What narrows the log of decisions: the sources themselves, their articles and their jobs."""
    return or_(*(subject.in_(each) for each in subjects(reach)))


def subjects(reach: Collection[int]) -> Iterator[Any]:
    yield select("source " + sources.c.name).where(sources.c.id.in_(reach))
    yield select("article " + cast(articles.c.id, String)).where(articles.c.source_id.in_(reach))
    yield select("job " + cast(jobs.c.id, String)).where(jobs.c.source_id.in_(reach))


def stands_elsewhere(connection: Connection, article_id: int, reach: Reach) -> bool:
    """Whether a text of this article that may hold personal data stands in articles of other sources too."""
    if reach is None:
        return False
    signs = select(findings.c.signature).where(findings.c.article_id == article_id)
    others = select(findings.c.id).where(findings.c.signature.in_(signs), ~of_articles(findings.c.article_id, reach))
    return connection.scalar(others.limit(1)) is not None
