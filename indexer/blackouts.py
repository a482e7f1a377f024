"""In which hours is a site left in peace?  Weekly hours in Vietnam's time (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from indexer import clock

DAYS = "1234567"  # Monday is 1, as calendars here count
MINUTES_OF_A_DAY = 24 * 60
# No chain of hours is longer than a week without being endless.
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Blackout:
    """Hours that begin on some days of the week; over midnight when they end no later than they begin."""

    id: int
    source_id: int | None  # none: every source
    days: str
    begins: int  # minute of the day
    ends: int

    @property
    def minutes(self) -> int:
        """How long they last; a whole day when they end as they begin."""
        return (self.ends - self.begins) % MINUTES_OF_A_DAY or MINUTES_OF_A_DAY


def of_source(blackouts: Iterable[Blackout], source_id: int | None) -> list[Blackout]:
    """Those that hold for a source: its own and everybody's."""
    return [each for each in blackouts if each.source_id in (None, source_id)]


def end(blackouts: Sequence[Blackout], moment: datetime) -> datetime | None:
    """When work may go on, if ``moment`` lies in such hours; None when it does not.

    Hours that follow one another without a gap are one. Hours without an end are told by a moment a week away.
    """
    found = moment
    while (further := ending(blackouts, found)) is not None:
        found = further
        if found - moment >= LONGEST:
            break
    return found if found > moment else None


def ending(blackouts: Sequence[Blackout], moment: datetime) -> datetime | None:
    """The latest end of the hours that a moment lies in."""
    local = moment.astimezone(clock.VIETNAM)
    today = clock.midnight(local.date())
    ends = []
    for each in blackouts:
        for day in (today - timedelta(days=1), today):
            begins = day + timedelta(minutes=each.begins)
            ends_at = begins + timedelta(minutes=each.minutes)
            if str(day.isoweekday()) in each.days and begins <= local < ends_at:
                ends.append(ends_at.astimezone(moment.tzinfo))
    return max(ends, default=None)


def is_endless(blackouts: Sequence[Blackout], moment: datetime) -> bool:
    """Whether they leave no time at all."""
    until = end(blackouts, moment)
    return until is not None and until - moment >= LONGEST
