"""What came, changed and went in a time, by source; and how readers' requests were handled?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from indexer.store.tables import articles, requests, rounds, sources, versions


@dataclass(frozen=True, slots=True)
class SourceMonth:
    """One source: articles that came, changed, went; its rounds, those that failed, pages missing after the last."""

    name: str
    new: int
    changed: int
    gone: int
    rounds: int
    failed_rounds: int
    failed_pages: int


@dataclass(frozen=True, slots=True)
class Handled:
    """Readers' requests: how many came, how many were answered, how many of these in time, how many are late now."""

    received: int
    answered: int
    in_time: int
    late: int


def by_source(connection: Connection, first: datetime, before: datetime) -> list[SourceMonth]:
    """Every source that is crawled, or had anything in this time."""
    new = versions_of(connection, within(versions.c.captured_at, first, before) & (versions.c.number == 1))
    changed = versions_of(connection, within(versions.c.captured_at, first, before) & (versions.c.number > 1))
    gone = count_by(connection, articles.c.source_id, within(articles.c.gone_at, first, before))
    walked: dict[int, list[Any]] = {}
    wanted = select(rounds.c.source_id, rounds.c.state, rounds.c.report).order_by(rounds.c.id)
    for row in connection.execute(wanted.where(within(rounds.c.started_at, first, before))):
        walked.setdefault(row.source_id, []).append(row)
    met = {*new, *changed, *gone, *walked}
    listed = select(sources.c.id, sources.c.name).where(or_(sources.c.removed_at.is_(None), sources.c.id.in_(met)))
    return [
        SourceMonth(
            name, new.get(number, 0), changed.get(number, 0), gone.get(number, 0), *of_rounds(walked.get(number, []))
        )
        for number, name in connection.execute(listed.order_by(sources.c.name))
    ]


def of_rounds(walked: Sequence[Any]) -> tuple[int, int, int]:
    """How many, how many failed, how many pages the last one could not have."""
    last = walked[-1].report if walked else {}
    return len(walked), sum(1 for each in walked if each.state == "failed"), int(last.get("failed", 0))


def versions_of(connection: Connection, condition: ColumnElement[bool]) -> dict[int, int]:
    joined = versions.join(articles, articles.c.id == versions.c.article_id)
    wanted = select(articles.c.source_id, func.count()).select_from(joined).where(condition)
    return {number: int(size) for number, size in connection.execute(wanted.group_by(articles.c.source_id))}


def count_by(connection: Connection, column: Any, condition: ColumnElement[bool]) -> dict[int, int]:
    wanted = select(column, func.count()).where(condition).group_by(column)
    return {number: int(size) for number, size in connection.execute(wanted)}


def within(column: Any, first: datetime, before: datetime) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (column >= first) & (column < before)
    return condition


def handled(connection: Connection, first: datetime, before: datetime) -> Handled:
    """Late is what is still open at the end of this time and was due by then."""
    rows = connection.execute(select(requests.c.made_at, requests.c.answered_at, requests.c.due_at)).all()
    answered = [(due, at) for _, at, due in rows if at and first <= at < before]
    return Handled(
        received=sum(1 for made, _, _ in rows if first <= made < before),
        answered=len(answered),
        in_time=sum(1 for due, at in answered if due is None or at <= due),
        late=sum(1 for _, at, due in rows if due and due < before and (at is None or at >= before)),
    )
