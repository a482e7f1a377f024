"""Does an admin see at once what is to be done, say when sites are crawled, and follow a crawl to its end?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from indexer import accounts, alarms, audit, clock, jobs, schedules
from indexer.article import Article
from indexer.settings import Settings
from indexer.store import articles, blackouts, mailboxes, requests, rounds
from tests.conftest import Archive
from tests.test_web_admin import PASSWORD, SITE, Desk, mistake, one, put_failures, put_job, read, words
from web.app import create_app

SetClock = Callable[[datetime], None]
MONDAY = datetime(2026, 1, 5, 10, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def admin(archive: Archive, set_clock: SetClock) -> Desk:
    set_clock(MONDAY)
    with archive.store.write() as connection:
        accounts.add(connection, "admin", PASSWORD, "admin")
    desk = Desk(create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client())
    desk.sign_in("admin")
    return desk


def add_schedule(archive: Archive, cron: str = "0 2 * * *") -> int:
    with archive.store.write() as connection:
        return schedules.add(connection, archive.source.id, cron)


def close_round(archive: Archive, **report: Any) -> int:
    with archive.store.write() as connection:
        opened = rounds.begin(connection, archive.source.id, anew=True)
        rounds.close(connection, opened.id, "done", report | {"round": opened.id})
    return opened.id


# Schedules


@pytest.mark.parametrize(
    ("typed", "cron"),
    [
        ({"preset": "daily", "at": "03:30"}, "30 3 * * *"),
        ({"preset": "weekdays", "at": "05:00"}, "0 5 * * 1-5"),
        ({"preset": "weekly", "weekday": "7", "at": "02:00"}, "0 2 * * 7"),
        ({"preset": "monthly", "day": "15", "at": "02:00"}, "0 2 15 * *"),
        ({"preset": "every six hours", "at": "02:15"}, "15 2,8,14,20 * * *"),
    ],
)
def test_a_choice_in_plain_words_becomes_a_cron_line(
    admin: Desk, archive: Archive, typed: dict[str, str], cron: str
) -> None:
    admin.send(f"/admin/sources/{archive.source.id}/schedules/new", do="save", **typed)
    with archive.store.read() as connection:
        (made,) = schedules.every(connection)
        (decision,) = audit.found(connection, limit=5)
    assert made.cron == cron
    assert (decision.after or {})["cron"] == cron


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"at": "2 giờ"}, "at", "Write the hour as 07:30"),
        ({"at": "24:00"}, "at", "Write the hour as 07:30"),
        ({"at": "٠٢:٠٠"}, "at", "Write the hour as 07:30"),
    ],
)
def test_a_choice_that_is_none_is_told_at_its_field(
    admin: Desk, archive: Archive, typed: dict[str, str], field: str, told: str
) -> None:
    sent = {"preset": "daily", "at": "02:00", "do": "save"} | typed
    page = read(admin.send(f"/admin/sources/{archive.source.id}/schedules/new", 400, **sent), 400)
    assert told in mistake(page, field) and one(page, f"#{field}")["value"] == typed[field]


def test_an_unusual_cron_line_is_told_to_be_so_and_shows_its_times(admin: Desk, archive: Archive) -> None:
    page = read(admin.send(f"/admin/sources/{archive.source.id}/schedules/new", 200, cron="*/7 * * * *"))
    assert "too unusual for a sentence" in words(one(page, ".preview"))
    assert len(page.select(".preview time")) == 5


def test_hours_without_crawling_put_off_what_is_due_in_them(admin: Desk, archive: Archive) -> None:
    number = add_schedule(archive, "0 8 * * *")
    admin.send("/admin/blackouts/new", source="", days="2", begins="07:30", ends="17:00")
    page = admin.open("/admin/schedules")
    times = [words(each) for each in page.select("#schedules .due li")]
    assert times[0].startswith("6 Jan 2026 17:00 put off by hours without crawling; due at 6 Jan 2026 08:00")
    assert times[1] == "7 Jan 2026 08:00"
    assert "Every Tuesday, 07:30–17:00" in words(one(page, "#blackouts"))
    admin.send(str(one(page, "#blackouts form[action$=delete]")["action"]))
    admin.send(f"/admin/schedules/{number}", do="delete", back="schedules")
    page = admin.open("/admin/schedules")
    assert not page.select("#blackouts form[action$=delete]") and "No schedule" in words(one(page, "#schedules"))
    with archive.store.read() as connection:
        told = [(each.action, each.subject) for each in audit.found(connection, limit=9)]
        assert audit.found(connection, limit=9)[-1].after == {"days": "2", "begins": "07:30", "ends": "17:00"}
    assert told[1:] == [("delete blackout", "all sources"), ("add blackout", "all sources")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [({"begins": "7"}, "Write the hour"), ({"days": ""}, "at least one day"), ({"days": "9"}, "at least one day")],
)
def test_hours_that_are_none_are_refused_with_what_was_typed(
    admin: Desk, archive: Archive, typed: dict[str, str], told: str
) -> None:
    sent = {"source": "", "days": "1", "begins": "07:30", "ends": "18:15"} | typed
    page = read(admin.send("/admin/blackouts/new", 400, **sent), 400)
    assert told in words(one(page, ".mistakes")) and one(page, "#ends")["value"] == "18:15"
    for unknown in ("99", "mọi nguồn", "9" * 30):
        admin.send("/admin/blackouts/new", 404, **(sent | {"source": unknown, "days": "1", "begins": "07:30"}))
    admin.send("/admin/blackouts/7/delete", 404)


# Jobs


def test_a_report_stands_beside_that_of_the_last_whole_crawl(admin: Desk, archive: Archive) -> None:
    close_round(archive, fetched=118, new=4)
    close_round(archive, fetched=3, retry=True)
    number = close_round(archive, fetched=120, new=0)
    page = admin.open(f"/admin/jobs/{put_job(archive, 'done', report={'round': number, 'fetched': 120, 'new': 0})}")
    told = words(one(page, ".report"))
    assert "Pages and files fetched 120 (last time 118)" in told and "New articles 0 (last time 4)" in told


def test_failures_stand_under_their_causes_and_are_tried_again_by_one_button(admin: Desk, archive: Archive) -> None:
    put_failures(archive, 3)
    cause = {
        "message": "The site answered %(status)s.",
        "values": {"status": "500"},
        "of": {},
        "samples": [f"{SITE}/a"],
    }
    other = {"message": "Nothing came back.", "values": {}, "of": {}, "count": 4, "samples": [f"{SITE}/b"] * 3}
    report = {"failed": 5, "causes": [{**cause, "count": 1}, other]}
    page = admin.open(f"/admin/jobs/{put_job(archive, 'done', report=report)}")
    shown = [words(each) for each in page.select(".sch-causes > li")]
    assert shown[0].startswith("Nothing came back. 4 pages") and shown[0].endswith("… and 1 more.")
    assert shown[1] == f"The site answered 500. 1 page {SITE}/a"
    assert "Retry 3 failed pages" in words(page)


def test_the_log_is_told_in_the_reader_s_language_and_keeps_what_machines_said(admin: Desk, archive: Archive) -> None:
    number = put_job(archive, "running")
    problem = {
        "message": "%(host)s did not answer within %(seconds)s seconds.",
        "values": {"host": "soxd", "seconds": "30"},
    }
    values = {"problem": problem, "tries": 3, "address": f"{SITE}/<i>x"}
    with archive.store.write() as connection:
        jobs.say(connection, number, "%(problem)s Tried %(tries)s times. %(address)s", values, "TimeoutError: <b>")
        jobs.say(connection, number, "new: 100% đạt")  # as earlier versions kept them
    page = read(admin.client.get(f"/admin/jobs/{number}?lang=vi"))
    told = words(one(page, "#log"))
    assert f"soxd không trả lời trong 30 giây. Đã thử 3 lần. {SITE}/<i>x" in told and "new: 100% đạt" in told
    assert "TimeoutError" not in told and "TimeoutError: <b>" in words(one(page, "#technical"))


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        ({"per_minute": 41.6, "seconds_left": 61}, "42 pages a minute · about 2 minutes left"),
        ({"per_minute": 41.6, "seconds_left": None}, "not known yet"),
        ({"per_minute": None, "seconds_left": None}, "being measured"),
        ({}, "30 of 120 pages"),
    ],
)
def test_a_running_job_tells_its_pace_and_what_is_left(
    admin: Desk, archive: Archive, progress: dict[str, Any], told: str
) -> None:
    number = put_job(archive, "running", progress={"done": 30, "waiting": 90} | progress)
    assert told in words(admin.open(f"/admin/jobs/{number}"))


def test_a_stopped_round_goes_on_where_it_ended(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    number = put_job(archive, "cancelled", arguments={"full": True})
    with archive.store.write() as connection:
        opened = rounds.begin(connection, archive.source.id)
        rounds.close(connection, opened.id, "cancelled", {"fetched": 7})
    button = one(admin.open(f"/admin/jobs/{number}"), "form[action$=resume]")
    made = admin.send(str(button["action"])).location
    with archive.store.read() as connection:
        (asked,) = jobs.unfinished(connection)
    assert made.endswith(f"/{asked.id}") and asked.arguments == {"full": True, "goes_on": True}
    assert not admin.open(f"/admin/jobs/{number}").select("form[action$=resume]"), "one runs already"
    with archive.store.write() as connection:
        jobs.cancel(connection, asked.id)
    set_clock(MONDAY + timedelta(days=2))
    admin.sign_in("admin")
    assert "cannot go on" in words(admin.open(admin.send(f"/admin/jobs/{number}/resume").location))
    admin.send("/admin/jobs/999/resume", 404)


def test_a_job_that_waits_for_the_end_of_hours_says_so(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        blackouts.add(connection, archive.source.id, "1", 7 * 60, 17 * 60)
        number = jobs.ask(connection, "round", "admin", source_id=archive.source.id)
    assert "it begins at 5 Jan 2026 17:00" in words(admin.open(f"/admin/jobs/{number}"))


# The overview


def test_nothing_to_do_is_said_so_and_troubles_come_first(admin: Desk, archive: Archive) -> None:
    add_schedule(archive)
    archive.put(Article(f"{SITE}/1", title="Nhà ở xã hội"))
    assert "Nothing needs to be done." in words(one(admin.open("/admin"), "#needs"))
    number = archive.source.id
    with archive.store.write() as connection:
        doubt = {"message": "No new article for %(days)s days; usually %(number)s a week. The site's lists may have "
                 "changed.", "values": {"days": "9", "number": "4"}}  # fmt: skip
        alarms.ring(connection, f"quiet source {number}", "%(source)s: %(doubt)s", source="soxd", doubt=doubt)
        alarms.ring(connection, f"failed round of source {number}", "The site is away.")
        alarms.ring(connection, "disk", "The disk is nearly full.")
        requests.add(connection, 1, "wrong", "sai", "a@b.example")
    page = read(admin.client.get("/admin?lang=vi"))
    needs = page.select(".ovw-needs li")
    assert "Có 4 việc cần làm" in words(page)
    assert "soxd: Không có bài mới trong 9 ngày; thường có 4 bài mỗi tuần. Trang danh mục có thể" in words(needs[0])
    assert one(needs[0], "a")["href"] == f"/admin/sources/{number}"
    assert one(needs[1], "form")["action"] == f"/admin/sources/{number}/crawl"
    assert one(needs[3], "a")["href"] == "/admin/cases/requests"


@pytest.mark.parametrize(
    ("cause", "place"),
    [
        ("disk-filling", "/admin#room"), ("doctor", "/admin/upkeep"), ("fixity", "/admin/upkeep"),
        ("personal data", "/admin/cases/personal"), ("request 3", "/admin/cases/requests/3"),
        ("destroy 1", "/admin/destroy"),
    ],
)  # fmt: skip
def test_every_trouble_leads_to_where_it_is_looked_at(admin: Desk, archive: Archive, cause: str, place: str) -> None:
    with archive.store.write() as connection:
        alarms.ring(connection, cause, "Something is wrong.")
    assert one(admin.open("/admin"), ".ovw-needs li a")["href"] == place


def test_a_week_s_yield_is_counted_source_by_source(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    set_clock(MONDAY - timedelta(days=8))
    old, gone = archive.put(Article(f"{SITE}/1", title="Cũ"), Article(f"{SITE}/2", title="Sẽ gỡ"))
    set_clock(MONDAY)
    archive.put(Article(f"{SITE}/1", title="Cũ", body="đã sửa"), Article(f"{SITE}/3", title="Mới"))
    with archive.store.write() as connection:
        articles.gone(connection, gone, clock.now())
    page = admin.open("/admin")
    figures = [words(each) for each in page.select("#week ~ .ovw-figures div")]
    assert figures == [
        "New articles 1", "Changed articles 1", "No longer on the source site 1", "Articles in the archive 3",
    ]  # fmt: skip
    assert "1 change still to be taken up" in words(page) and old
    archive.put()
    assert "in step with the archive" in words(admin.open("/admin"))


def test_a_worker_that_does_not_run_is_noticed(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    add_schedule(archive)
    archive.put(Article(f"{SITE}/1", title="Nhà ở xã hội"))
    put_job(archive, "waiting")
    assert "the worker is not running" not in words(admin.open("/admin"))
    set_clock(MONDAY + timedelta(minutes=3))
    assert "the worker is not running" in words(one(admin.open("/admin"), ".ovw-needs"))
    put_job(archive, "running", beat_at=MONDAY + timedelta(minutes=3))
    assert not admin.open("/admin").select(".ovw-needs")


def test_what_comes_next_is_listed_over_all_schedules(admin: Desk, archive: Archive) -> None:
    add_schedule(archive, "0 2 * * *"), add_schedule(archive, "0 1 * * 2")
    told = [words(each) for each in admin.open("/admin").select(".ovw-coming li")]
    assert told[:2] == ["6 Jan 2026 01:00 · soxd Every Tuesday at 01:00", "6 Jan 2026 02:00 · soxd Every day at 02:00"]
    assert len(told) == 5


def test_an_admin_switches_notices_off_for_himself(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        account = accounts.need(connection, "admin").id
        mailboxes.put(connection, account, "lan@example.org", "vi")
        box = mailboxes.get(connection, account)
        assert box
        mailboxes.confirm(connection, box.nonce)
        assert mailboxes.for_notices(connection) == [account]
    admin.send("/desk/account/notices")
    with archive.store.read() as connection:
        assert mailboxes.for_notices(connection) == []
    admin.send("/desk/account/notices", notices="1")
    with archive.store.write() as connection:
        assert mailboxes.for_notices(connection) == [account]
        mailboxes.put(connection, account, "lan@example.org", "vi")
        assert mailboxes.for_notices(connection) == [], "a new address is to be confirmed first"
