"""What does a cron line say?  A sentence in either language, or honestly none (pure)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from cronsim import CronSim, CronSimError

from indexer.speech import say

# A longer list of hours or days is read by nobody.
MOST_LISTED = 6
ALL_DAYS, ALL_MONTHS, ALL_WEEKDAYS = range(1, 32), range(1, 13), range(1, 8)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SHORTEST_RUN = 3  # Monday to Wednesday; but Monday and Tuesday
IN_EVERY_MONTH = 28


def sentence(cron: str, language: str | None = None) -> str:
    """The line in words; empty when it is none, or too odd for words that would be true and short."""
    try:
        line = CronSim(cron, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError:
        return ""
    if len(cron.split()) != 5:
        return ""
    days, often, at = days_told(line, language), how_often(line, language), times_told(line, language)
    if not days or not (often or at):
        return ""
    if at:
        return first_up(say("%(days)s at %(times)s", language, days=days, times=at))
    return first_up(often if is_daily(line) else say("%(days)s, %(times)s", language, days=days, times=often))


# At which times


def times_told(line: CronSim, language: str | None) -> str:
    """The times of a day, where they are few: 02:00 and 14:00."""
    if len(line.hours) * len(line.minutes) > MOST_LISTED:
        return ""
    return listed([clock(hour, minute) for hour in sorted(line.hours) for minute in sorted(line.minutes)], language)


def how_often(line: CronSim, language: str | None) -> str:
    """A rhythm, where the times have one: every 15 minutes from 08:00 to 17:45."""
    hours, minutes = sorted(line.hours), sorted(line.minutes)
    first, last = clock(hours[0], minutes[0]), clock(hours[-1], minutes[-1])
    step = step_of(minutes, 60)
    if len(minutes) > 1 and (step == 0 or step_of(hours) != 1):
        return ""
    if len(minutes) > 1:
        every = say("every minute", language) if step == 1 else say("every %(count)s minutes", language, count=step)
    elif len(hours) > 1 and step_of(hours):
        step = step_of(hours)
        every = say("every hour", language) if step == 1 else say("every %(count)s hours", language, count=step)
    else:
        return ""
    if len(hours) == 24 and minutes[0] == 0:
        return every
    if len(hours) == 24 and len(minutes) == 1:
        return say("%(every)s at minute %(minute)s", language, every=every, minute=f"{minutes[0]:02}")
    return say("%(every)s from %(first)s to %(last)s", language, every=every, first=first, last=last)


def step_of(values: Sequence[int], circle: int = 0) -> int:
    """The distance between values that stand equally far from each other, in a circle also over its seam; else 0."""
    if len(values) == 1:
        return 1
    around = [*values, values[0] + circle] if circle else values
    steps = {later - former for former, later in pairwise(around)}
    return steps.pop() if len(steps) == 1 else 0


def clock(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"


# On which days


def is_daily(line: CronSim) -> bool:
    return days_kind(line) == "all" and set(ALL_MONTHS) <= line.months


def days_kind(line: CronSim) -> str:
    """Which days count: all, those of the month, those of the week, either or both."""
    by_month, by_week = not set(ALL_DAYS) <= line.days, not set(ALL_WEEKDAYS) <= weekdays(line)
    if by_month and by_week:
        return "both" if line.day_and else "either"
    if not line.day_and:  # either will do, and one is all of them
        return "all"
    return "month" if by_month else "week" if by_week else "all"


def weekdays(line: CronSim) -> set[object]:
    """Monday is 1, Sunday 7 here; the second Monday of a month is a pair."""
    return {7 if each == 0 else each for each in line.weekdays}


def days_told(line: CronSim, language: str | None) -> str:
    kind, months = days_kind(line), months_told(line, language)
    whole_year = set(ALL_MONTHS) <= line.months
    if not months or kind == "both":
        return ""
    of_month = days_of_month(line, months, language) if kind in ("month", "either") else ""
    of_week = days_of_week(line, language) if kind in ("week", "either") else ""
    if kind == "month":
        return of_month
    if kind == "either":
        return say("%(one)s, and %(other)s", language, one=of_month, other=of_week) if of_month and of_week else ""
    days = of_week if kind == "week" else say("every day", language)
    return days if whole_year or not days else say("%(days)s in %(months)s", language, days=days, months=months)


def days_of_month(line: CronSim, months: str, language: str | None) -> str:
    days = days_listed(line.days, language)
    if not set(ALL_MONTHS) <= line.months:
        return days and say("%(days)s of %(months)s", language, days=days, months=months)
    if days and min(line.days) > IN_EVERY_MONTH:
        return say("%(days)s of each month that has it", language, days=days)
    return days and say("%(days)s of each month", language, days=days)


def days_listed(days: Collection[int], language: str | None) -> str:
    if set(days) == {CronSim.LAST}:
        return say("the last day", language)
    if set(days) == {CronSim.LAST_WEEKDAY}:
        return say("the last working day", language)
    if min(days) < 0:
        return ""
    ordered = sorted(days)
    if is_run(ordered):
        return say("%(first)s to %(last)s", language, first=nth(ordered[0], language), last=nth(ordered[-1], language))
    step = step_of(ordered)
    if len(ordered) > MOST_LISTED:
        to_the_end = step > 1 and ordered[-1] + step > ALL_DAYS[-1]
        first = nth(ordered[0], language)
        return say("every %(count)s days from %(first)s", language, count=step, first=first) if to_the_end else ""
    return listed([nth(each, language) for each in ordered], language)


def days_of_week(line: CronSim, language: str | None) -> str:
    found = weekdays(line)
    simple = sorted(each for each in found if isinstance(each, int))
    if len(simple) < len(found):
        return one_of_month(found, language)
    return weekdays_told(simple, language)


def weekdays_told(days: Sequence[int], language: str | None) -> str:
    """Days of the week, in their order; Monday is 1."""
    names = [say(WEEKDAYS[each - 1], language) for each in days]
    if set(ALL_WEEKDAYS) <= set(days):
        return say("every day", language)
    if is_run(days):
        return say("every day from %(first)s to %(last)s", language, first=names[0], last=names[-1])
    return say("every %(weekdays)s", language, weekdays=listed(names, language))


def one_of_month(found: set[object], language: str | None) -> str:
    """The second Monday, the last Friday; more than one is too much for a sentence."""
    (pair, *others) = found
    if others or not isinstance(pair, tuple):
        return ""
    name = say(WEEKDAYS[(pair[0] or 7) - 1], language)
    if pair[1] == CronSim.LAST:
        return say("the last %(weekday)s of the month", language, weekday=name)
    return say("%(weekday)s number %(count)s of the month", language, weekday=name, count=pair[1])


def months_told(line: CronSim, language: str | None) -> str:
    months = sorted(line.months)
    names = [say(MONTHS[each - 1], language) for each in months]
    if is_run(months):
        return say("%(first)s through %(last)s", language, first=names[0], last=names[-1])
    return listed(names, language) if len(months) <= MOST_LISTED else ""


# Words


def nth(day: int, language: str | None) -> str:
    """The 1st; ngày 01."""
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return say("the %(day)s", language, day=f"{day:02}" if language == "vi" else f"{day}{ending}")


def is_run(values: Sequence[int]) -> bool:
    return len(values) >= SHORTEST_RUN and values[-1] - values[0] == len(values) - 1


def listed(words: Sequence[str], language: str | None) -> str:
    """One, two and three."""
    if len(words) == 1:
        return words[0]
    return say("%(others)s and %(last)s", language, others=", ".join(words[:-1]), last=words[-1])


def first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
