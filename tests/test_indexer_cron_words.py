"""Does the sentence of a cron line say what the line does, in both languages, and nothing when it cannot?"""

from datetime import UTC, datetime

import pytest

from indexer import schedules
from indexer.cron_words import sentence

TOLD = [
    ("0 2 * * *", "Hằng ngày lúc 02:00", "Every day at 02:00"),
    ("30 5 * * 1-5", "Từ thứ Hai đến thứ Sáu hằng tuần lúc 05:30", "Every day from Monday to Friday at 05:30"),
    ("0 2 * * 1", "Thứ Hai hằng tuần lúc 02:00", "Every Monday at 02:00"),
    ("0 2 * * mon", "Thứ Hai hằng tuần lúc 02:00", "Every Monday at 02:00"),
    ("0 2 * * 0", "Chủ nhật hằng tuần lúc 02:00", "Every Sunday at 02:00"),
    ("0 2 * * 7", "Chủ nhật hằng tuần lúc 02:00", "Every Sunday at 02:00"),
    ("0 2 * * 6,0", "Thứ Bảy và Chủ nhật hằng tuần lúc 02:00", "Every Saturday and Sunday at 02:00"),
    (
        "0 2 * * 1,3,5",
        "Thứ Hai, thứ Tư và thứ Sáu hằng tuần lúc 02:00",
        "Every Monday, Wednesday and Friday at 02:00",
    ),
    ("0 2 * * 0-6", "Hằng ngày lúc 02:00", "Every day at 02:00"),
    ("0 2 * * 1-7", "Hằng ngày lúc 02:00", "Every day at 02:00"),
    ("0 2 1 * *", "Ngày 01 hằng tháng lúc 02:00", "The 1st of each month at 02:00"),
    ("0 2 1,15 * *", "Ngày 01 và ngày 15 hằng tháng lúc 02:00", "The 1st and the 15th of each month at 02:00"),
    ("0 2 1-7 * *", "Từ ngày 01 đến ngày 07 hằng tháng lúc 02:00", "The 1st to the 7th of each month at 02:00"),
    (
        "0 2 */2 * *",
        "Cứ 2 ngày một lần kể từ ngày 01 hằng tháng lúc 02:00",
        "Every 2 days from the 1st of each month at 02:00",
    ),
    (
        "0 2 31 * *",
        "Ngày 31 hằng tháng (tháng nào có ngày đó) lúc 02:00",
        "The 31st of each month that has it at 02:00",
    ),
    ("0 2 L * *", "Ngày cuối cùng hằng tháng lúc 02:00", "The last day of each month at 02:00"),
    ("0 2 LW * *", "Ngày làm việc cuối cùng hằng tháng lúc 02:00", "The last working day of each month at 02:00"),
    ("0 2 * * 1#2", "Thứ Hai lần thứ 2 trong tháng lúc 02:00", "Monday number 2 of the month at 02:00"),
    ("0 2 * * 5L", "Thứ Sáu cuối cùng của tháng lúc 02:00", "The last Friday of the month at 02:00"),
    ("0 2 15 3 *", "Ngày 15 trong tháng 3 hằng năm lúc 02:00", "The 15th of March at 02:00"),
    (
        "0 2 1 1,4,7,10 *",
        "Ngày 01 trong tháng 1, tháng 4, tháng 7 và tháng 10 hằng năm lúc 02:00",
        "The 1st of January, April, July and October at 02:00",
    ),
    ("0 2 * jun *", "Hằng ngày trong tháng 6 lúc 02:00", "Every day in June at 02:00"),
    (
        "0 2 * 6-8 *",
        "Hằng ngày trong thời gian từ tháng 6 đến tháng 8 lúc 02:00",
        "Every day in June through August at 02:00",
    ),
    (
        "0 2 * 1-3 1",
        "Thứ Hai hằng tuần trong thời gian từ tháng 1 đến tháng 3 lúc 02:00",
        "Every Monday in January through March at 02:00",
    ),
    ("0 2,14 * * *", "Hằng ngày lúc 02:00 và 14:00", "Every day at 02:00 and 14:00"),
    ("0,30 8 * * *", "Hằng ngày lúc 08:00 và 08:30", "Every day at 08:00 and 08:30"),
    (
        "0 */6 * * *",
        "Hằng ngày lúc 00:00, 06:00, 12:00 và 18:00",
        "Every day at 00:00, 06:00, 12:00 and 18:00",
    ),
    ("0 */2 * * *", "Cứ 2 giờ một lần từ 00:00 đến 22:00", "Every 2 hours from 00:00 to 22:00"),
    ("0 * * * *", "Mỗi giờ một lần", "Every hour"),
    ("15 * * * *", "Mỗi giờ một lần, vào phút 15", "Every hour at minute 15"),
    ("* * * * *", "Mỗi phút một lần", "Every minute"),
    ("*/15 * * * *", "Cứ 15 phút một lần", "Every 15 minutes"),
    ("5-59/15 * * * *", "Cứ 15 phút một lần từ 00:05 đến 23:50", "Every 15 minutes from 00:05 to 23:50"),
    (
        "*/15 8-17 * * 1-5",
        "Từ thứ Hai đến thứ Sáu hằng tuần, cứ 15 phút một lần từ 08:00 đến 17:45",
        "Every day from Monday to Friday, every 15 minutes from 08:00 to 17:45",
    ),
    (
        "0 8-17 * * 1-5",
        "Từ thứ Hai đến thứ Sáu hằng tuần, mỗi giờ một lần từ 08:00 đến 17:00",
        "Every day from Monday to Friday, every hour from 08:00 to 17:00",
    ),
    ("* 8 * * *", "Mỗi phút một lần từ 08:00 đến 08:59", "Every minute from 08:00 to 08:59"),
    ("0 8-18/2 * * *", "Hằng ngày lúc 08:00, 10:00, 12:00, 14:00, 16:00 và 18:00", None),
    ("30 1-23/2 * * *", "Cứ 2 giờ một lần từ 01:30 đến 23:30", "Every 2 hours from 01:30 to 23:30"),
    (
        "0 2 1 * 1",
        "Ngày 01 hằng tháng, và cả thứ Hai hằng tuần lúc 02:00",
        "The 1st of each month, and every Monday at 02:00",
    ),
    ("0 2 1 * 0-6", "Hằng ngày lúc 02:00", "Every day at 02:00"),  # either will do
]
ODD = [
    "0 2 */2 * 1",  # both must fit
    "*/7 * * * *",  # not even over the hour
    "1,2,5 8,10,13 * * *",
    "*/15 8,10,12 * * *",
    "0 2 1,5,8,9,20,22,27 * *",
    "0 2 * * 1#1,1#3",
    "0 2 L,15 * *",
    "0 2 * 1,3,4,6,7,9,11 *",
    "0 0 2 * * 1",  # seconds
    "61 * * * *",
    "ngày",
    "",
]


@pytest.mark.parametrize(("cron", "vietnamese", "english"), TOLD, ids=[each[0] for each in TOLD])
def test_a_line_is_told_in_both_languages(cron: str, vietnamese: str, english: str | None) -> None:
    assert sentence(cron, "vi") == vietnamese
    assert english is None or sentence(cron, "en") == english


@pytest.mark.parametrize("cron", ODD)
def test_of_an_odd_line_nothing_is_said(cron: str) -> None:
    assert (sentence(cron, "vi"), sentence(cron, "en")) == ("", "")


@pytest.mark.parametrize("cron", [each[0] for each in TOLD if " at " in (each[2] or "")])
def test_the_hours_of_a_sentence_are_those_of_the_times(cron: str) -> None:
    """What is told is compared with what is done."""
    times = schedules.next_times(cron, "UTC", datetime(2026, 1, 1, tzinfo=UTC), 8)
    if "minute" not in sentence(cron, "en"):
        assert all(f"{each:%H:%M}" in sentence(cron, "en") for each in times)
