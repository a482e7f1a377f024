"""Can the people who look after the site do their work, and nobody else?"""

import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from crawler.profiles import PROFILES as CRAWLED_PROFILES
from indexer import accounts, audit, jobs, schedules
from indexer.access import Decision
from indexer.article import Article
from indexer.jobs import Job
from indexer.settings import Settings
from indexer.store import addresses, articles, rounds, sources
from indexer.store.tables import addresses as address_table
from tests.conftest import Archive
from web.app import create_app
from web.sign_in import secret_key
from web.source_settings import PROFILES

SITE = "http://soxd.replica.test"
PASSWORD = "mật khẩu đủ dài"
NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
HOUSING = Article(f"{SITE}/1", title="Khởi công nhà ở xã hội", body="Dự án nhà ở xã hội có 480 căn hộ.")
SetClock = Callable[[datetime], None]


class Desk:
    """A browser of somebody at the department: opens pages and sends their forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str, status: int = 200, **more: Any) -> BeautifulSoup:
        return read(self.client.get(f"{path}{'&' if '?' in path else '?'}lang=en", **more), status)

    def send(self, path: str, status: int = 302, page: str = "/sign-in", **fields: str) -> TestResponse:
        token = self.open(page).select_one("[name=csrf_token]")
        assert token
        answered = self.client.post(path, data=fields | {"csrf_token": str(token["value"])})
        assert answered.status_code == status, answered.get_data(as_text=True)
        return answered

    def sign_in(self, name: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        return self.send("/sign-in", name=name, password=password, **more)


def read(answered: TestResponse, status: int = 200) -> BeautifulSoup:
    assert answered.status_code == status, answered.get_data(as_text=True)
    return BeautifulSoup(answered.get_data(as_text=True), "lxml")


def one(tree: BeautifulSoup | Tag, selector: str) -> Tag:
    found = tree.select_one(selector)
    assert found, selector
    return found


def words(tree: BeautifulSoup | Tag) -> str:
    return " ".join(tree.get_text(" ").split())


def mistake(tree: BeautifulSoup, field: str) -> str:
    """The mistake that is tied to a field."""
    about = str(one(tree, f"#{field}[aria-invalid]")["aria-describedby"]).split()
    return words(one(tree, f"#{about[-1]}"))


@pytest.fixture
def numbers(archive: Archive) -> list[int]:
    add_account(archive, "admin")
    return archive.put(HOUSING)


def add_account(archive: Archive, role: str) -> None:
    """An account that is named after its role."""
    with archive.store.write() as connection:
        accounts.add(connection, role, PASSWORD, role)


@pytest.fixture
def visitor(archive: Archive, numbers: list[int]) -> Desk:
    app = create_app(Settings(home=archive.store.home), archive.store, archive.engine)
    return Desk(app.test_client())


@pytest.fixture
def admin(visitor: Desk) -> Desk:
    visitor.sign_in("admin")
    return visitor


def decided(archive: Archive) -> list[Decision]:
    with archive.store.read() as connection:
        return audit.found(connection, limit=50)


def all_jobs(archive: Archive) -> list[Job]:
    with archive.store.read() as connection:
        return jobs.latest(connection)


def put_job(archive: Archive, state: str, **values: Any) -> int:
    with archive.store.write() as connection:
        number = jobs.ask(connection, "round", "admin", source_id=archive.source.id)
        assert number
        jobs.change(connection, number, state=state, **values)
    return number


def put_failures(archive: Archive, count: int = 1) -> list[str]:
    failed = [f"{SITE}/hong-{number}" for number in range(count)]
    with archive.store.write() as connection:
        addresses.add(connection, archive.source.id, [addresses.New(each, "article") for each in failed])
        connection.execute(update(address_table).values(state="failed", problem="It is away.", tries=1))
    return failed


# Signing in


def test_one_signs_in_goes_on_to_the_page_one_wanted_and_out(visitor: Desk) -> None:
    asked = visitor.client.get("/admin/jobs?before=7")
    assert asked.location == "/sign-in?next=/admin/jobs?before%3D7"
    assert one(read(visitor.client.get(asked.location)), "[name=next]")["value"] == "/admin/jobs?before=7"
    assert visitor.sign_in("Admin", next="/admin/jobs?before=7").location == "/admin/jobs?before=7"
    assert "Signed in as admin" in words(visitor.open("/admin"))
    visitor.send("/sign-out")
    visitor.open("/admin", 302)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "admin", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(visitor: Desk, target: str) -> None:
    assert visitor.sign_in("admin", next=target).location == "/admin"


@pytest.mark.parametrize(("name", "password"), [("admin", "falsch aber lang"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(visitor: Desk, name: str, password: str) -> None:
    page = read(visitor.send("/sign-in", 403, name=name, password=password), 403)
    assert "do not fit together" in words(one(page, "[role=alert]"))
    assert one(page, "#name")["value"] == name and "value" not in one(page, "#password").attrs


def test_guessing_is_slowed_and_the_right_password_works_again_soon(visitor: Desk, set_clock: SetClock) -> None:
    set_clock(NOON)
    for _ in range(3):
        visitor.sign_in("admin", "falsch aber lang", status=403)
    slowed = visitor.sign_in("admin", status=429)
    assert "Wait 2 seconds" in words(read(slowed, 429))
    set_clock(NOON + timedelta(seconds=2))
    visitor.sign_in("admin")


def test_a_known_browser_is_not_slowed_by_other_peoples_guessing(admin: Desk, set_clock: SetClock) -> None:
    set_clock(NOON)
    admin.send("/sign-out")
    stranger = Desk(admin.client.application.test_client())
    for _ in range(3):
        stranger.sign_in("admin", "falsch aber lang", status=403)
    stranger.sign_in("admin", status=429)
    admin.sign_in("admin")


def test_a_made_up_device_is_no_way_round_the_waiting(visitor: Desk, set_clock: SetClock) -> None:
    set_clock(NOON)
    for number in range(3):
        visitor.client.set_cookie("device", f"made-up-{number}", path="/sign-in")
        visitor.sign_in("admin", "falsch aber lang", status=403)
    visitor.client.set_cookie("device", "another", path="/sign-in")
    visitor.sign_in("admin", status=429)


def test_a_new_password_ends_the_sessions_of_an_account(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        accounts.reset(connection, "admin", "ein anderes Passwort")
    admin.open("/admin", 302)


def test_a_disabled_account_is_signed_out(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        accounts.add(connection, "other", PASSWORD)
        accounts.disable(connection, "admin")
    admin.open("/admin", 302)
    admin.sign_in("admin", status=403)


@pytest.mark.parametrize("https_only", [False, True])
def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    archive: Archive, numbers: list[int], https_only: bool
) -> None:
    settings = Settings(home=archive.store.home, https_only=https_only)
    client = create_app(settings, archive.store, archive.engine).test_client()
    token = one(read(client.get("/sign-in", base_url="https://localhost")), "[name=csrf_token]")["value"]
    answered = client.post(
        "/sign-in", data={"name": "admin", "password": PASSWORD, "csrf_token": str(token)},
        base_url="https://localhost", headers={"Referer": "https://localhost/sign-in"},
    )  # fmt: skip
    cookies = answered.headers.getlist("Set-Cookie")
    names = {"__Host-khotin", "__Secure-device"} if https_only else {"khotin", "device"}
    assert {each.partition("=")[0] for each in cookies} == names
    assert all("Domain" not in each for each in cookies) and "Path=/;" in next(e for e in cookies if "khotin" in e)
    for each in cookies:
        assert "HttpOnly" in each and "SameSite=Lax" in each and ("Secure" in each) == https_only


def test_the_key_of_sessions_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) == 64 and secret_key(tmp_path) == key
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["/sign-in", "/admin", "/articles/1", "/"])
def test_pages_of_somebody_signed_in_are_kept_by_no_browser(admin: Desk, path: str) -> None:
    answered = admin.client.get(path)
    assert answered.status_code == 200
    assert answered.headers["Cache-Control"] == "no-store" and "ETag" not in answered.headers


def test_the_sign_in_page_is_kept_by_no_browser_and_a_readers_page_is(visitor: Desk) -> None:
    assert visitor.client.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert "ETag" in visitor.client.get("/").headers


# Who may do what


def paths(app: Any, method: str) -> list[str]:
    rules = [each for each in app.url_map.iter_rules() if each.endpoint.split(".")[0] in ("admin", "restricting")]
    rules = [each for each in rules if each.endpoint != "admin.inbox"]  # leads on to where the inbox is now
    filled = (re.sub(r"<any\((\w+).*?>", r"\1", each.rule) for each in rules if method in (each.methods or ()))
    return sorted({re.sub(r"<.*?>", "1", each) for each in filled})


def test_nothing_of_the_administration_is_open_to_strangers(visitor: Desk) -> None:
    app = visitor.client.application
    assert len(paths(app, "GET")) > 8 and len(paths(app, "POST")) > 8
    for path in paths(app, "GET"):
        assert visitor.client.get(path).location.startswith("/sign-in"), path
    for path in paths(app, "POST"):
        assert visitor.send(path).location.startswith("/sign-in"), path


def test_a_form_without_its_token_changes_nothing(admin: Desk, archive: Archive) -> None:
    for path in (*paths(admin.client.application, "POST"), "/sign-out"):
        answered = admin.client.post(path, data={"which": "1", "reason": "x", "do": "delete"})
        assert answered.status_code == 400 and "/admin" not in (answered.location or ""), path
    assert decided(archive) == []


def test_an_editor_may_restrict_and_nothing_else(visitor: Desk, archive: Archive) -> None:
    add_account(archive, "editor")
    assert visitor.sign_in("editor").location == "/admin"
    assert visitor.client.get("/admin").location == "/admin/restrict"
    assert "Decisions" not in words(visitor.open("/admin/restrict"))
    for path in ("/admin/sources", "/admin/jobs", "/admin/decisions"):
        assert "may not do this" in words(visitor.open(path, 403))
    visitor.send("/admin/sources/1/crawl", 403)
    visitor.send("/admin/restrict", which="1", reason="lỗi")
    assert [(each.who, each.action) for each in decided(archive)] == [("editor", "restrict")]


def test_a_researcher_only_reads(visitor: Desk, archive: Archive, numbers: list[int]) -> None:
    add_account(archive, "researcher")
    assert visitor.sign_in("researcher").location == "/desk"
    visitor.open("/admin", 403)
    visitor.send("/admin/restrict", 403, which="1", reason="x")
    assert not visitor.open(f"/articles/{numbers[0]}").select("form.restrict")


# Sources


def test_a_source_is_crawled_with_one_click(admin: Desk, archive: Archive) -> None:
    job = admin.send(f"/admin/sources/{archive.source.id}/crawl").location
    assert "waiting" in words(one(admin.open(job), ".state"))
    (asked,) = all_jobs(archive)
    assert (asked.kind, asked.source_id, asked.asked_by, asked.arguments) == ("round", archive.source.id, "admin", {})
    assert [each.action for each in decided(archive)] == ["crawl now"]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("address", "soxd", "Write the whole web address"),
        ("address", "ftp://soxd.example", "Write the whole web address"),
        ("address", "http://soxd.example:99999/", "Write the whole web address"),
        ("address", "http://[::1/", "Write the whole web address"),
        ("delay_seconds", "nhanh", "a number of seconds"),
        ("delay_seconds", "-1", "a number of seconds"),
        ("delay_seconds", "nan", "a number of seconds"),
    ],
)
def test_a_mistyped_source_keeps_what_was_typed_and_says_what_is_wrong(
    admin: Desk, archive: Archive, field: str, typed: str, told: str
) -> None:
    fields = {"address": "https://soct.example/", "delay_seconds": "2"} | {field: typed}
    page = read(admin.send("/admin/sources/new", 400, **fields), 400)
    assert told in mistake(page, field)
    assert one(page, f'.mistakes a[href="#{field}"]')
    assert {name: str(one(page, f"#{name}")["value"]) for name in fields} == fields
    assert all_jobs(archive) == []


def test_settings_are_changed_and_the_change_is_written_down(admin: Desk, archive: Archive) -> None:
    path = f"/admin/sources/{archive.source.id}"
    admin.send(path, address=f"{SITE}/", profile="generic", delay_seconds="3", keep_images="1")
    page = admin.open(path)
    assert one(page, "#profile [selected]")["value"] == "generic" and one(page, "#delay_seconds")["value"] == "3"
    (change,) = decided(archive)
    assert change.reason == "profile:  → generic; delay_seconds: None → 3.0"
    assert (change.before, change.after) == (
        {"profile": "", "delay_seconds": None}, {"profile": "generic", "delay_seconds": 3.0}
    )  # fmt: skip
    page = read(admin.send(path, 400, address="weg", profile="", delay_seconds=""), 400)
    assert one(page, "#address")["value"] == "weg" and "whole web address" in mistake(page, "address")


def test_a_look_at_one_page_is_shown_with_its_source(admin: Desk, archive: Archive) -> None:
    path = f"/admin/sources/{archive.source.id}"
    assert not admin.open(path).select("#probe")
    told = {
        "address": f"{SITE}/1", "profile": "drupal", "reasons": ["generator: Drupal 9"], "kind": "article",
        "certificate": "verified", "robots": "answered 200", "robots_status": 200, "robots_delay": 3.0,
        "found_by": {"title": "h1.page-title", "lead": ""}, "title": "Khởi công <b>nhà ở</b>",
        "published": "2024-01-30T08:20:00+00:00", "date_source": "profile", "sample": "Dự án có 480 căn hộ.",
    }  # fmt: skip
    with archive.store.write() as connection:
        sources.probed(connection, archive.source.id, told)
    shown = words(one(admin.open(path), "#probe"))
    for each in ("drupal (generator: Drupal 9)", "an article", "verified", "asks for 3 seconds", "h1.page-title",
                 "Khởi công <b>nhà ở</b>", "30 Jan 2024 15:20", "480 căn hộ"):  # fmt: skip
        assert each in shown
    assert "lead" not in shown


def test_the_profiles_offered_are_those_that_the_crawler_knows() -> None:
    assert set(PROFILES) == {each.name for each in CRAWLED_PROFILES}


def test_failed_pages_are_shown_with_their_reason_and_tried_again(admin: Desk, archive: Archive) -> None:
    failed = put_failures(archive, 2)
    failure = {"address": failed[0], "message": "“%(address)s” is no web address.", "values": {"address": "x"}}
    with archive.store.write() as connection:
        opened = rounds.begin(connection, archive.source.id)
        rounds.close(connection, opened.id, "done", {"failed": 2, "failures": [failure]})
    page = one(admin.open(f"/admin/sources/{archive.source.id}"), "#failed")
    assert "2 pages failed" in words(page) and "It is away." in words(page) and "“x” is no web address." in words(page)
    retry = one(page, "form")
    assert one(retry, "[name=retry]")["value"] == "1"
    admin.send(str(retry["action"]), retry="1")
    assert all_jobs(archive)[0].arguments == {"retry": True}
    assert decided(archive)[0].action == "retry failed pages"


def test_a_second_click_leads_to_the_crawl_that_was_asked_for(admin: Desk, archive: Archive) -> None:
    path = f"/admin/sources/{archive.source.id}/crawl"
    assert admin.send(path).location == admin.send(path).location
    assert len(all_jobs(archive)) == 1


def test_an_import_is_no_site_to_crawl(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        number = sources.add(connection, "vietnews").id
    assert not admin.open(f"/admin/sources/{number}").select("[action$=crawl]")
    assert "has no web address" in words(read(admin.send(f"/admin/sources/{number}/crawl", 400), 400))


def test_a_source_is_removed_after_a_question(admin: Desk, archive: Archive, numbers: list[int]) -> None:
    path = f"/admin/sources/{archive.source.id}"
    with archive.store.write() as connection:
        schedule = schedules.add(connection, archive.source.id, "0 2 * * *")
    running = put_job(archive, "running")
    assert "Its articles stay" in words(admin.open(f"{path}/remove"))
    admin.send(f"{path}/remove")
    with archive.store.read() as connection:
        assert sources.every(connection) == []
        assert not schedules.get(connection, schedule).enabled
        assert jobs.wants_cancel(connection, running)
    admin.open(path, 404)
    admin.open(f"/articles/{numbers[0]}")
    assert one(admin.open(f"/admin/jobs/{running}"), "h1").find("a") is None


# Schedules


def test_a_schedule_is_looked_at_saved_switched_off_and_deleted(
    admin: Desk, archive: Archive, set_clock: SetClock
) -> None:
    set_clock(NOON)
    admin.sign_in("admin")
    path = f"/admin/sources/{archive.source.id}"
    page = admin.open(f"{path}/schedules/new")
    assert len(page.select("[type=radio]")) == 5
    seen = read(admin.send(f"{path}/schedules/new", 200, preset="weekly", do="preview"))
    assert [each.get_text() for each in seen.select(".preview time")][:2] == ["12 Jan 2026 02:00", "19 Jan 2026 02:00"]
    assert one(seen, "[type=radio][checked]")["value"] == "weekly"
    admin.send(f"{path}/schedules/new", preset="weekly", do="save")
    listed = one(admin.open(path), "#schedules")
    assert "Every Monday at 02:00" in words(listed) and len(listed.select(".due time")) == 5
    change = str(one(listed, "form")["action"])
    admin.send(change, do="disable")
    assert "off" in words(one(admin.open(path), "#schedules"))
    admin.send(change, do="enable")
    assert "12 Jan 2026 02:00" in words(one(admin.open(path), "#schedules"))
    admin.send(change, 400, do="paint")
    admin.send(change, do="delete")
    assert "No schedule" in words(one(admin.open(path), "#schedules"))
    admin.send(change, 404, do="delete")
    wanted = ["delete schedule", "enable schedule", "disable schedule", "add schedule"]
    assert [each.action for each in decided(archive)] == wanted


@pytest.mark.parametrize("do", ["preview", "save"])
@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("cron", "0 25 * * *", "is no cron line"),
        ("cron", "daily", "is no cron line"),
        ("time_zone", "Hanoi", "no time"),
    ],
)
def test_a_bad_cron_line_or_zone_is_kept_with_a_sentence(
    admin: Desk, archive: Archive, field: str, typed: str, told: str, do: str
) -> None:
    path = f"/admin/sources/{archive.source.id}/schedules/new"
    page = read(admin.send(path, 400, do=do, preset="daily", **{field: typed}), 400)
    assert one(page, f"#{field}")["value"] == typed and told in mistake(page, field)
    assert one(page, "details").has_attr("open")
    with archive.store.read() as connection:
        assert schedules.every(connection) == []


def test_a_cron_line_goes_before_the_choice(admin: Desk, archive: Archive) -> None:
    path = f"/admin/sources/{archive.source.id}"
    admin.send(f"{path}/schedules/new", do="save", preset="daily", cron=" 30 5 * *  1-5 ", time_zone="Asia/Bangkok")
    with archive.store.read() as connection:
        (made,) = schedules.every(connection)
    assert (made.cron, made.time_zone) == ("30 5 * * 1-5", "Asia/Bangkok")
    assert "Every day from Monday to Friday at 05:30" in words(one(admin.open(path), "#schedules"))


def test_no_choice_is_told(admin: Desk, archive: Archive) -> None:
    page = read(admin.send(f"/admin/sources/{archive.source.id}/schedules/new", 400, do="save"), 400)
    assert "Choose how often" in words(one(page, ".mistakes"))


# Jobs


def test_a_running_job_is_watched_without_script_and_with(admin: Desk, archive: Archive) -> None:
    number = put_job(archive, "running", progress={"done": 30, "waiting": 90, "fetched": 30, "new": 1200})
    with archive.store.write() as connection:
        jobs.say(connection, number, "<b>eine Zeile</b>")
    page = admin.open(f"/admin/jobs/{number}")
    assert one(page, "noscript meta[http-equiv=refresh]")["content"] == "2"
    assert not [each for each in page.select("meta[http-equiv]") if not each.find_parent("noscript")]
    assert one(page, "#live")["data-live"] == "2"
    assert (one(page, "progress")["value"], one(page, "progress")["max"]) == ("30", "120")
    assert "30 of 120 pages" in words(page) and "1,200" in words(one(page, ".report"))
    assert "<b>eine Zeile</b>" in words(one(page, ".log"))


def test_a_job_is_stopped_once(admin: Desk, archive: Archive) -> None:
    number = put_job(archive, "running")
    stop = str(one(admin.open(f"/admin/jobs/{number}"), "#live form")["action"])
    assert "told to stop" in words(one(admin.open(admin.send(stop).location), ".told"))
    page = admin.open(f"/admin/jobs/{number}")
    assert "is being stopped" in words(page) and not page.select("#live form")
    with archive.store.write() as connection:
        jobs.finish(connection, number, "cancelled", {})
    assert "had ended before" in words(admin.open(admin.send(stop).location))
    assert [each.action for each in decided(archive)] == ["cancel job"]


def test_an_ended_job_shows_its_report_and_what_failed(admin: Desk, archive: Archive) -> None:
    failure = {"address": f"{SITE}/x", "message": "“%(address)s” is no web address.", "values": {"address": "x"}}
    report = {"fetched": 84, "new": 3, "failed": 1, "bytes": 2049, "seconds": 8.4, "failures": [failure]}
    page = admin.open(f"/admin/jobs/{put_job(archive, 'done', report=report)}")
    assert not page.select("[http-equiv=refresh], progress, [data-live]")
    told = words(one(page, ".report"))
    assert "Pages and files fetched 84" in told and "Size 3 KiB" in told and "Time taken 8 seconds" in told
    assert "“x” is no web address." in words(page)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("waiting", "waiting"), ("running", "running"), ("done", "done"), ("failed", "The disk is full"),
        ("cancelled", "stopped"), ("interrupted", "a new job goes on"), ("joined", "Another crawl over this site"),
    ],
)  # fmt: skip
def test_every_state_is_told_in_words(admin: Desk, archive: Archive, state: str, told: str) -> None:
    problem = "The disk is full." if state == "failed" else ""
    number = put_job(archive, state, problem=problem)
    assert told in words(admin.open(f"/admin/jobs/{number}"))
    assert one(admin.open("/admin/jobs"), f".state.{state}")
    admin.open("/admin")


def test_the_history_goes_back_to_the_first_job(admin: Desk, archive: Archive) -> None:
    numbers = [put_job(archive, "done") for _ in range(53)]
    page = admin.open("/admin/jobs")
    older = admin.client.get("/admin/jobs", query_string={"lang": "en", "before": str(numbers[3])})
    assert (len(page.select("tbody tr")), len(read(older).select("tbody tr"))) == (50, 3)
    assert one(page, ".pager a")["href"] == f"/admin/jobs?before={numbers[3]}"
    assert admin.client.get("/admin/jobs?before=99999999999999999999").status_code == 404
    admin.open("/admin/jobs/999", 404)


def test_the_overview_tells_how_each_source_is_doing(admin: Desk, archive: Archive) -> None:
    put_failures(archive, 3)
    put_job(archive, "failed", problem="The site is away.")
    with archive.store.write() as connection:
        opened = rounds.begin(connection, archive.source.id)
        rounds.close(connection, opened.id, "done", {"new": 3, "changed": 2, "gone": 1, "failed": 3})
    told = words(admin.open("/admin"))
    assert "3 new, 2 changed, 1 gone, 3 failed" in told and "Retry 3 failed pages" in told
    assert "The site is away." in told and "Give it a schedule" in told
    with archive.store.write() as connection:
        rounds.begin(connection, archive.source.id)
    assert "interrupted" in words(admin.open("/admin")), "nobody holds the host, so the round was killed"


def test_an_empty_archive_says_where_to_begin(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        sources.remove(connection, archive.source.id)
    for path in ("/admin", "/admin/sources", "/admin/jobs", "/admin/restrict", "/admin/decisions"):
        admin.open(path)
    assert "There is no source yet" in words(admin.open("/admin"))


# Restricting


@pytest.mark.parametrize(
    "which",
    [
        "{number}",
        f"{SITE}/1",
        f" {SITE}/1#noi-dung ",
        "https://soxd.replica.test/1/",
        "http://localhost/articles/{number}?q=a",
    ],
)
def test_one_click_restricts_and_one_more_undoes_it(
    admin: Desk, archive: Archive, numbers: list[int], which: str
) -> None:
    reader = admin.client.application.test_client()
    done = admin.send("/admin/restrict", which=which.format(number=numbers[0]), reason="theo công văn 12")
    assert reader.get(f"/articles/{numbers[0]}").status_code == 404
    page = read(admin.client.get(done.location))
    assert HOUSING.title in words(one(page, ".told"))
    admin.send(str(one(page, ".told form")["action"]), reason="nhầm")
    assert reader.get(f"/articles/{numbers[0]}").status_code == 200
    told = [(each.who, each.action, each.subject, each.reason) for each in decided(archive)]
    subject = f"article {numbers[0]}"
    assert told == [("admin", "release", subject, "nhầm"), ("admin", "restrict", subject, "theo công văn 12")]
    assert "theo công văn 12" in words(admin.open("/admin/decisions"))


@pytest.mark.parametrize(
    ("which", "reason", "told"),
    [
        ("999", "x", "There is no article “999”"),
        ("9" * 30, "x", "There is no article"),
        (f"{SITE}/weg", "x", "There is no article"),
        ("http://[", "x", "There is no article"),
        ("", "x", "There is no article"),
        (f"{SITE}/1", " ", "Give the reason"),
    ],
)
def test_what_cannot_be_restricted_is_told_and_what_was_typed_stays(
    admin: Desk, archive: Archive, which: str, reason: str, told: str
) -> None:
    page = read(admin.send("/admin/restrict", 400, which=which, reason=reason), 400)
    assert told in words(one(page, "#problem"))
    assert (one(page, "#which")["value"], one(page, "#reason")["value"]) == (which, reason.strip())
    assert decided(archive) == []


def test_an_article_is_restricted_once_and_released_for_a_reason(
    admin: Desk, archive: Archive, numbers: list[int]
) -> None:
    admin.send("/admin/restrict", which=str(numbers[0]), reason="x")
    again = read(admin.send("/admin/restrict", 400, which=str(numbers[0]), reason="y"), 400)
    assert "restricted already" in words(one(again, "#problem"))
    refused = read(admin.send(f"/admin/restrict/{numbers[0]}/release", 400, reason=" "), 400)
    assert "Give the reason" in words(one(refused, "#problem"))
    admin.send("/admin/restrict/999/release", 404, reason="x")
    assert len(decided(archive)) == 1


def test_an_article_is_restricted_from_its_own_page(admin: Desk, archive: Archive, numbers: list[int]) -> None:
    path = f"/articles/{numbers[0]}"
    form = one(admin.open(path), "form.restrict")
    admin.send(str(form["action"]), page=path, which=str(one(form, "[name=which]")["value"]), reason="x")
    form = one(admin.open(path), "form.restrict")
    admin.send(str(form["action"]), page=path, reason="y")
    with archive.store.read() as connection:
        kept = articles.get(connection, numbers[0])
    assert kept and kept.restricted_at is None
    assert not admin.client.application.test_client().get(path).get_data(as_text=True).count('form class="restrict"')


# Both languages


@pytest.mark.parametrize(("spoken", "day"), [("vi", "05/01/2026 12:00"), ("en", "5 Jan 2026 12:00")])
def test_times_are_vietnams_in_the_form_of_the_language(
    visitor: Desk, archive: Archive, set_clock: SetClock, spoken: str, day: str
) -> None:
    set_clock(NOON)
    visitor.sign_in("admin")
    put_job(archive, "done", finished_at=NOON)
    page = read(visitor.client.get("/admin/jobs", query_string={"lang": spoken}))
    assert one(page, "html")["lang"] == spoken
    assert one(page, 'tbody time[datetime="2026-01-05T05:00:00+00:00"]').get_text() == day


def test_every_field_has_its_label_and_every_hint_its_place(admin: Desk, archive: Archive) -> None:
    put_job(archive, "running")
    for path in paths(admin.client.application, "GET"):
        if re.search(r"\.csv$|/previews/|/merge$", path):  # no page, or one that needs more (tests/test_accessible.py)
            continue
        page = admin.open(path)
        labels = {str(each["for"]) for each in page.select("label[for]")}
        ids = [str(each["id"]) for each in page.select("[id]")]
        assert len(ids) == len(set(ids)), path
        for field in page.select("main input:not([type=hidden]), main select"):
            assert field["id"] in labels, path
            assert set(str(field.get("aria-describedby", "")).split()) <= set(ids), path
        assert len(page.select("h1")) == 1, path
        assert not page.select("[style], script:not([src])"), path
