"""What time is it?  The only clock: tests set it for every process through a file."""

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment in UTC, to the second, or what the file named by KHOTIN_CLOCK_FILE says (ISO 8601)."""
    frozen = os.environ.get("KHOTIN_CLOCK_FILE")
    if frozen:
        return datetime.fromisoformat(Path(frozen).read_text(encoding="utf-8").strip()).astimezone(UTC)
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class Watch:
    """Tells when the clock was put forward or back: it no longer goes as fast as the machine counts seconds."""

    seen: datetime = field(default_factory=now)
    counted: float = field(default_factory=time.monotonic)

    def leap(self) -> float:
        """By how many seconds the clock was put forward (back: less than 0) since this was asked last."""
        moment, count = now(), time.monotonic()
        passed = (moment - self.seen).total_seconds() - (count - self.counted)
        self.seen, self.counted = moment, count
        return passed


def local_day(moment: datetime) -> date:
    """The calendar day in Vietnam on which ``moment`` (aware) falls."""
    try:
        return moment.astimezone(VIETNAM).date()
    except OverflowError:  # kept before the ends of the calendar were refused: one such must not stop the index
        return moment.date()


def midnight(day: date) -> datetime:
    """When a calendar day begins in Vietnam."""
    return datetime.combine(day, datetime.min.time(), VIETNAM)
