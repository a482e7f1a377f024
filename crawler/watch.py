"""Does a source behave unlike itself?  Judged from its own history when a round ends (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from indexer.clock import local_day
from indexer.errors import KhotinError

PERIOD = timedelta(days=120)  # of the history that is looked at
FEWEST = 4  # days with articles in it: of a source that hardly publishes nobody can say that it went quiet
BACKLOG = timedelta(days=1)  # what the first round brings was published long before
QUIET = timedelta(days=7)
GAPS = 4  # so many times its usual pause before a source is called quiet
ENOUGH_BEFORE, ENOUGH_NOW = 10, 5  # articles read, before a selector is judged
ALWAYS, SELDOM = 0.8, 0.2
PARTS = {"title": "title", "body": "text", "date": "date", "author": "author"}  # as they are told


def doubts(
    report: Mapping[str, Any], before: Sequence[Mapping[str, Any]], came: Sequence[datetime], now: datetime
) -> list[tuple[str, KhotinError]]:
    """What an admin should look at, each with what it is about: quiet lists, or changed pages.

    Judged by the report, those of earlier rounds, and when articles came in.
    """
    found = [("quiet", quiet(came, now)), *(("changed", stopped(part, report, before)) for part in PARTS)]
    return [(about, each) for about, each in found if each]


def quiet(came: Sequence[datetime], now: datetime) -> KhotinError | None:
    """A source that brought articles at a steady pace and brings none any more."""
    first = min(came, default=now)
    recent = sorted(at for at in came if at > now - PERIOD and at - first > BACKLOG)
    days = sorted({local_day(at) for at in recent})
    if len(days) < FEWEST:
        return None
    span, silent = recent[-1] - recent[0], now - recent[-1]
    if silent < QUIET or silent < GAPS * span / (len(days) - 1):
        return None
    weekly = max(1, round(len(recent) / max(span / timedelta(weeks=1), 1)))
    return KhotinError(
        "No new article for %(days)s days; usually %(number)s a week. The site's lists may have changed.",
        days=silent.days,
        number=weekly,
    )


def stopped(part: str, report: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> KhotinError | None:
    """A selector that found a part of nearly every article and now finds hardly any: the site was rebuilt."""
    past = Counter[str]()
    for each in before:
        past.update(hits_of(each, part))
    now = hits_of(report, part)
    if past.total() < ENOUGH_BEFORE or now.total() < ENOUGH_NOW:
        return None
    selector, times = past.most_common(1)[0]
    if times < ALWAYS * past.total() or now[selector] > SELDOM * now.total():
        return None
    return KhotinError(
        "“%(selector)s” found the %(part)s of nearly every article before, and of %(now)s in %(all)s this time. The "
        "site's pages may have changed.",
        selector=selector,
        part={"message": PARTS[part]},
        now=now[selector],
        all=now.total(),
    )


def hits_of(report: Mapping[str, Any], part: str) -> Counter[str]:
    """How often each way found a part."""
    named = ((name.partition(": "), times) for name, times in report.get("hits", {}).items())
    return Counter({reason: times for (head, _, reason), times in named if head == part})
