"""What time is it?  The only clock: tests set it for every process through a file."""

import os
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


def local_day(moment: datetime) -> date:
    """The calendar day in Vietnam on which ``moment`` (aware) falls."""
    return moment.astimezone(VIETNAM).date()
