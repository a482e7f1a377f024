"""Can an admin look after the accounts, and a person after her own devices and tokens?"""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer import access, accounts, audit
from indexer.article import Article
from indexer.audit import Wish
from indexer.settings import Settings
from indexer.speech import catalogue
from indexer.store import articles, events, tokens
from tests import raw
from tests.conftest import Archive
from tests.test_web_admin import PASSWORD, SITE, Desk, decided, one, read, words
from web.app import create_app
from web.device import device

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
SetClock = Callable[[datetime], None]


@pytest.fixture
def visitor(archive: Archive, set_clock: SetClock) -> Desk:
    set_clock(NOON)
    with archive.store.write() as connection:
        for role in ("admin", "editor", "researcher"):
            accounts.add(connection, role, PASSWORD, role)
    return another(archive)


def another(archive: Archive, **settings: Any) -> Desk:
    chosen = Settings(home=archive.store.home, **settings)
    return Desk(create_app(chosen, archive.store, archive.engine).test_client())


@pytest.fixture
def admin(visitor: Desk) -> Desk:
    visitor.sign_in("admin")
    return visitor


def of(archive: Archive, name: str) -> accounts.Account:
    with archive.store.read() as connection:
        return accounts.need(connection, name)


def security(archive: Archive) -> list[tuple[str, str, str]]:
    with archive.store.read() as connection:
        return [(each.kind, each.who, each.about) for each in reversed(events.latest(connection, 50))]


# Accounts


def test_an_account_is_added_without_e_mail_and_its_owner_chooses_the_password(admin: Desk, archive: Archive) -> None:
    page = read(admin.send("/admin/people/add", 200, page="/admin/people", name="lan", role="editor"))
    link = words(one(page, ".told code"))
    assert link.startswith("http://localhost/reset/") and link not in str(admin.open("/admin/people"))
    lan, path = another(archive), link.removeprefix("http://localhost")
    lan.send(path, 200, page=path, password="mật khẩu của Lan")
    lan.open(path, 400)
    assert lan.sign_in("lan", "mật khẩu của Lan").location == "/admin"
    (made,) = decided(archive)
    assert (made.action, made.subject, made.after) == ("add account", "account lan", {"role": "editor"})


@pytest.mark.parametrize(
    ("name", "role", "told"),
    [("", "editor", "Choose a name"), ("x", "king", "is no role"), ("ADMIN", "editor", "already an account")],
)
def test_an_account_that_cannot_be_keeps_what_was_typed(admin: Desk, name: str, role: str, told: str) -> None:
    page = read(admin.send("/admin/people/add", 400, page="/admin/people", name=name, role=role), 400)
    assert told in words(one(page, ".mistakes")) and one(page, "#name")["value"] == name


def test_a_role_is_changed_at_once_and_written_down(admin: Desk, archive: Archive) -> None:
    researcher = another(archive)
    researcher.sign_in("researcher")
    number = of(archive, "researcher").id
    researcher.open("/admin/restrict", 403)
    admin.send(f"/admin/people/{number}/role", page="/admin/people", role="editor")
    researcher.open("/admin/restrict")
    (change,) = decided(archive)
    assert (change.before, change.after) == ({"role": "researcher"}, {"role": "editor"})
    told = words(one(admin.open("/admin/decisions"), "tbody tr"))
    assert "changed the role of the account “researcher”" in told and "role researcher editor" in told


def test_the_last_admin_stays_and_is_told_why(admin: Desk, archive: Archive) -> None:
    number = of(archive, "admin").id
    for what, fields in (("disable", {}), ("role", {"role": "editor"}), ("delete", {"password": PASSWORD})):
        page = read(admin.send(f"/admin/people/{number}/{what}", 400, page="/admin/people", **fields), 400)
        assert "only admin" in words(one(page, ".mistakes")), what
    assert of(archive, "admin").role == "admin" and not of(archive, "admin").disabled_at
    assert decided(archive) == []


def test_an_account_is_disabled_enabled_and_deleted(admin: Desk, archive: Archive) -> None:
    editor = another(archive)
    editor.sign_in("editor")
    path = f"/admin/people/{of(archive, 'editor').id}"
    admin.send(f"{path}/disable", page="/admin/people")
    editor.open("/desk", 302)
    editor.sign_in("editor", status=403)
    assert "disabled" in words(admin.open("/admin/people"))
    admin.send(f"{path}/reset", 400, page="/admin/people")
    admin.send(f"{path}/enable", page="/admin/people")
    editor.sign_in("editor")
    admin.send(f"{path}/delete", 400, page="/admin/people", password="falsch aber lang")
    admin.send(f"{path}/delete", page="/admin/people", password=PASSWORD)
    editor.open("/desk", 302)
    admin.open(path, 404)
    assert [each.action for each in decided(archive)] == ["delete account", "enable account", "disable account"]


def test_an_admin_helps_who_lost_telephone_or_password(admin: Desk, archive: Archive) -> None:
    from indexer import second_factor

    editor = of(archive, "editor")
    with archive.store.write() as connection:
        secret = second_factor.begin(connection, archive.store.home, editor)
        code = second_factor.pyotp.TOTP(secret).at(NOON)
        assert second_factor.confirm(connection, archive.store.home, editor.id, code)
    page = read(admin.send(f"/admin/people/{editor.id}/reset", 200, page="/admin/people"))
    link = words(one(page, ".told code"))
    assert "/reset/" in link
    assert another(archive).sign_in("editor").location == "/sign-in/code"
    admin.send(f"/admin/people/{editor.id}/factor/remove", page="/admin/people")
    assert another(archive).sign_in("editor").location == "/admin"
    assert [each.action for each in decided(archive)] == ["take second factor off", "make password link"]
    assert ("second factor off", "editor", "admin") in security(archive)
    assert link.rpartition("/")[2] not in json.dumps([security(archive), [each.reason for each in decided(archive)]])


# Sessions


def test_sessions_are_listed_and_ended(visitor: Desk, archive: Archive) -> None:
    phone = another(archive)
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36"
    phone.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    phone.sign_in("researcher")
    visitor.sign_in("researcher")
    page = visitor.open("/desk/security")
    told = words(one(page, ".people-devices"))
    assert "Chrome, Android" in told and "203.0.113.0/24" in told and "203.0.113.77" not in told
    assert "this session" in told and len(page.select(".people-devices form")) == 1
    visitor.send(str(one(page, ".people-devices form")["action"]), page="/desk/security")
    phone.open("/desk", 302)
    visitor.open("/desk")
    phone.sign_in("researcher")
    visitor.send("/desk/security/sessions/end", page="/desk/security")
    phone.open("/desk", 302)
    visitor.open("/desk")


def test_an_admin_ends_the_sessions_of_another(admin: Desk, archive: Archive) -> None:
    editor = another(archive, keep_networks=False)
    editor.sign_in("editor")
    path = f"/admin/people/{of(archive, 'editor').id}"
    page = admin.open(path)
    assert "network" not in words(one(page, ".people-devices"))
    admin.send(str(one(page, ".people-devices form")["action"]), page=path)
    editor.open("/desk", 302)
    editor.sign_in("editor")
    admin.send(f"{path}/sessions/end", page=path)
    editor.open("/desk", 302)
    admin.open("/admin")
    assert [each.action for each in decided(archive)] == ["end sessions", "end sessions"]


def test_nobody_ends_a_session_or_token_of_another(visitor: Desk, archive: Archive) -> None:
    editor = another(archive)
    editor.sign_in("editor")
    with archive.store.write() as connection:
        tokens.add(connection, accounts.need(connection, "editor"), "x", ["search"], 30)
    visitor.sign_in("researcher")
    visitor.send("/desk/security/sessions/1/end", page="/desk/security")
    visitor.send("/desk/security/tokens/1/revoke", page="/desk/security")
    editor.open("/desk")
    with archive.store.read() as connection:
        assert tokens.every(connection, of(archive, "editor").id)[0].is_good


@pytest.mark.parametrize(("step", "hours"), [(30, 12), (130, 2)])
def test_a_session_ends_by_itself(visitor: Desk, set_clock: SetClock, step: int, hours: int) -> None:
    """Used every half hour it lasts twelve hours; left alone, two."""
    visitor.sign_in("researcher")
    minutes = 0
    while True:
        minutes += step
        set_clock(NOON + timedelta(minutes=minutes))
        if visitor.client.get("/desk").status_code == 302:
            break
        assert minutes < hours * 60
    assert minutes >= hours * 60


def test_signing_out_ends_the_session_itself(visitor: Desk) -> None:
    visitor.sign_in("researcher")
    stolen = visitor.client.get_cookie("khotin")
    assert stolen
    visitor.send("/sign-out")
    thief = visitor.client.application.test_client()
    thief.set_cookie("khotin", stolen.value)
    assert thief.get("/desk").status_code == 302


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/119 Safari/537.36 Edg/119", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_device_is_told_in_words_of_ours(agent: str, told: str) -> None:
    assert device(agent) == told


# Tokens


def ask(
    client: FlaskClient, token: str, path: str = "/api/v1/search", method: str = "GET", **more: Any
) -> TestResponse:
    return client.open(path, method=method, headers={"Authorization": f"Bearer {token}"}, **more)


def token_of(archive: Archive, name: str, *scopes: str, days: int = 30) -> str:
    with archive.store.write() as connection:
        return tokens.add(connection, accounts.need(connection, name), "report", scopes, days)


def test_a_token_is_made_by_a_person_shown_once_and_revoked(visitor: Desk, archive: Archive) -> None:
    visitor.sign_in("researcher")
    fields = {"name": "báo cáo", "scope": "search", "days": "90", "password": PASSWORD}
    visitor.send("/desk/security/tokens", 400, page="/desk/security", **fields | {"scope": "restrict"})
    visitor.send("/desk/security/tokens", 400, page="/desk/security", **fields | {"password": "falsch aber lang"})
    visitor.send("/desk/security/tokens", 400, page="/desk/security", **fields | {"days": "9999"})
    told = words(one(read(visitor.send("/desk/security/tokens", 200, page="/desk/security", **fields)), ".told code"))
    page = visitor.open("/desk/security")
    assert told not in str(page) and "báo cáo" in words(page) and "never used" in words(page)
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    program = archive_client(archive)
    assert ask(program, told).status_code == 200
    assert "last used on" in words(visitor.open("/desk/security"))
    visitor.send("/desk/security/tokens/1/revoke", page="/desk/security")
    refused = ask(program, told)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert not any(told in text for _, text in raw.texts(archive.store.home))


def archive_client(archive: Archive) -> FlaskClient:
    return another(archive).client


def test_a_token_opens_what_it_was_made_for_and_ends_on_its_day(
    visitor: Desk, archive: Archive, set_clock: SetClock
) -> None:
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    told, program = token_of(archive, "researcher", "search"), archive_client(archive)
    assert ask(program, told, "/api/v1/articles/1").status_code == 200
    for path in ("/api/v1/export?format=csv", "/export?format=csv"):
        refused = ask(program, told, path)
        assert refused.status_code == 403 and 'scope="export"' in refused.headers["WWW-Authenticate"]
    assert ask(program, "khotin_madeup").status_code == ask(program, "").status_code == 401
    assert ask(program, told, "/admin").status_code == 302, "no page is opened by a token"
    set_clock(NOON + timedelta(days=30))
    assert ask(program, told).status_code == 401
    fresh = token_of(archive, "researcher", "search", "export")
    assert ask(program, fresh, "/api/v1/export?format=csv&q=nhà").status_code == 200
    with archive.store.write() as connection:
        accounts.disable(connection, "researcher")
    assert ask(program, fresh).status_code == 401


def test_a_program_with_a_token_may_ask_more_often(visitor: Desk, archive: Archive) -> None:
    archive.put(Article(f"{SITE}/1", title="Nhà ở"))
    told, client = token_of(archive, "researcher", "search"), another(archive, api_requests_per_minute=2).client
    plain = [client.get("/api/v1/search").status_code for _ in range(3)]
    assert plain == [200, 200, 429] and ask(client, "khotin_madeup").status_code == 429
    answered = ask(client, told)
    assert answered.status_code == 200 and answered.headers["RateLimit-Limit"] == "3000"


def test_a_program_restricts_an_article_in_its_owner_s_name(visitor: Desk, archive: Archive) -> None:
    number, path = archive.put(Article(f"{SITE}/1", title="Nhà ở"))[0], "/api/v1/articles/1/restrict"
    told, program = token_of(archive, "editor", "restrict", "search"), archive_client(archive)
    editor = another(archive)
    editor.sign_in("editor")
    assert editor.client.post(path, json={"reason": "x"}).status_code == 401, "a session opens nothing here"
    assert ask(program, token_of(archive, "editor", "search"), path, "POST", json={"reason": "x"}).status_code == 403
    assert ask(program, told, path, "POST", json={"reason": " "}).status_code == 400
    assert ask(program, told, "/api/v1/articles/99/restrict", "POST", json={"reason": "x"}).status_code == 404
    for _ in range(2):
        done = ask(program, told, path, "POST", json={"reason": "theo công văn 12"})
        assert done.get_json() == {"id": number, "public": False}
    assert ask(program, told, "/api/v1/articles/1").status_code == 404, "it reads what a researcher reads"
    (change,) = decided(archive)
    assert (change.who, change.action, change.reason) == ("editor", "restrict", "theo công văn 12")
    with archive.store.write() as connection:
        accounts.change_role(connection, accounts.need(connection, "editor"), "researcher")
    assert ask(program, told, path, "POST", json={"reason": "x"}).status_code == 403


# The logs


def put_decisions(archive: Archive, count: int = 1, who: str = "admin", **more: Any) -> None:
    with archive.store.write() as connection:
        for _ in range(count):
            access.decide(connection, who, "restrict", "article 1", "theo yêu cầu", **more)


def test_decisions_are_found_by_person_action_words_and_day(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    put_decisions(archive, 101)
    set_clock(NOON + timedelta(days=1))
    admin.sign_in("admin")
    put_decisions(archive, who="lan")
    with archive.store.write() as connection:
        access.decide(connection, "admin", "add source", "source 50%_kho", after={"address": "http://x"})
    rows = lambda asked: len(admin.open(f"/admin/decisions?{asked}").select("tbody tr"))  # noqa: E731
    assert rows("who=lan") == 1 and rows("action=add+source") == 1 and rows("about=50%25_k") == 1
    assert rows("from=2026-01-06") == 2 and rows("to=2026-01-05&who=lan") == 0 and rows("about=%25") == 1
    page = admin.open("/admin/decisions?who=admin")
    assert rows("who=admin") == 100
    older = str(one(page, ".pager a")["href"])
    assert len(read(admin.client.get(older)).select("tbody tr")) == 2
    assert "Write days as" in words(admin.open("/admin/decisions?from=hôm+qua", 400))
    admin.open("/admin/decisions?before=99999999999999999999", 404)


def test_decisions_are_taken_away_whole_and_as_text(admin: Desk, archive: Archive) -> None:
    put_decisions(archive, audit.AT_ONCE + 1)
    with archive.store.write() as connection:
        access.decide(connection, "admin", "restrict", "article 2", '=HYPERLINK("http://x")', {"public": True}, None)
    table = admin.client.get("/admin/decisions.csv").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert len(rows) == audit.AT_ONCE + 3 and rows[1][5].startswith("'=HYPERLINK")
    assert rows[1][6] == '{"public": true}'
    lines = admin.client.get("/admin/decisions.jsonl?about=HYPERLINK").get_data(as_text=True).splitlines()
    (told,) = [json.loads(each) for each in lines]
    assert (told["action"], told["before"], told["after"]) == ("restrict", {"public": True}, None)


def test_the_security_log_holds_what_failed_and_no_secret(visitor: Desk, archive: Archive) -> None:
    visitor.sign_in("admin", "falsch aber lang", status=403)
    visitor.sign_in("my-password-by-mistake", status=403)
    visitor.sign_in("researcher")
    visitor.open("/admin", 403)
    visitor.send("/sign-out")
    visitor.sign_in("admin")
    assert security(archive) == [
        ("wrong password", "admin", ""),
        ("wrong password", "", ""),
        ("refused", "researcher", "/admin"),
        ("signed in", "admin", ""),
    ]
    assert "wrong name or password" in words(visitor.open("/admin/people/security"))
    assert len(visitor.open("/admin/people/security?who=researcher").select("tbody tr")) == 1
    assert len(visitor.open("/admin/people/security?kind=signed+in").select("tbody tr")) == 1


def test_the_security_log_forgets(visitor: Desk, archive: Archive, set_clock: SetClock) -> None:
    visitor.sign_in("admin", "falsch aber lang", status=403)
    set_clock(NOON + timedelta(days=181))
    visitor.sign_in("admin")
    assert [kind for kind, _, _ in security(archive)] == ["signed in"]


def test_every_kind_of_event_is_told_in_vietnamese() -> None:
    assert not [each for each in events.KINDS.values() if not catalogue("vi")._catalog.get(each)]  # type: ignore[attr-defined]


def test_a_wish_for_nothing_is_a_wish_for_all(archive: Archive) -> None:
    put_decisions(archive, 3)
    assert len(list(audit.every(archive.store, Wish()))) == 3


def test_articles_are_not_touched_by_a_token_without_its_purpose(visitor: Desk, archive: Archive) -> None:
    number = archive.put(Article(f"{SITE}/1", title="Nhà ở"))[0]
    told = token_of(archive, "admin", "search", "export")
    ask(archive_client(archive), told, f"/api/v1/articles/{number}/restrict", "POST", json={"reason": "x"})
    with archive.store.read() as connection:
        kept = articles.get(connection, number)
    assert kept and kept.restricted_at is None
