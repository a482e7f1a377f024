"""Which cron line is meant by a choice in plain words, as most departments need it?  (Pure.)"""

from typing import Literal, get_args

from indexer.errors import KhotinError

Preset = Literal["daily", "weekdays", "weekly", "monthly", "every six hours"]
PRESETS: tuple[Preset, ...] = get_args(Preset)
AT = "02:00"  # few read the department's site then
LAST_DAY = 28  # every month has it


def line(preset: str, at: str = AT, weekday: int = 1, day: int = 1) -> str:
    """The cron line of a choice. Raises KhotinError that says what to choose."""
    hour, minute = divmod(minute_of(at), 60)
    if preset not in PRESETS:
        raise KhotinError("Choose how often the source is crawled.")
    if not 1 <= weekday <= 7 or not 1 <= day <= LAST_DAY:
        raise KhotinError("Choose a day from the list.")
    hours = ",".join(str(each) for each in range(hour % 6, 24, 6))
    return {
        "daily": f"{minute} {hour} * * *",
        "weekdays": f"{minute} {hour} * * 1-5",
        "weekly": f"{minute} {hour} * * {weekday}",
        "monthly": f"{minute} {hour} {day} * *",
        "every six hours": f"{minute} {hours} * * *",
    }[preset]


def minute_of(at: str) -> int:
    """The minute of the day that is written as 07:30. Raises KhotinError."""
    hour, colon, minute = at.strip().partition(":")
    if not (colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and len(minute) == 2):
        raise KhotinError("Write the hour as 07:30.")
    if len(hour) > 2 or int(hour) > 23 or int(minute) > 59:
        raise KhotinError("Write the hour as 07:30.")
    return int(hour) * 60 + int(minute)


def written(minute: int) -> str:
    """07:30"""
    return f"{minute // 60:02}:{minute % 60:02}"
