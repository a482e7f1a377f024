"""Can a reader come to an account and back into it, as far as the operator allows, and nobody flood a mailbox?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from indexer import accounts
from indexer.errors import KhotinError
from indexer.signed import read, sign
from indexer.store import events, letters, mailboxes
from khotin import main
from tests.conftest import Archive
from tests.mailing import mail_server, mailing
from tests.servers.ports import free_port
from tests.test_web_admin import PASSWORD, Desk, words
from web.app import create_app
from web.posting import post

SetClock = Callable[[datetime], None]
MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def visitor(archive: Archive, **more: Any) -> Desk:
    archive.put()
    settings = mailing(archive.store.home, free_port(), **more)
    return Desk(create_app(settings, archive.store, archive.engine).test_client())


def sign_up(desk: Desk, name: str, status: int = 302, **more: str) -> Any:
    return desk.send("/sign-up", status, name=name, password=PASSWORD, **more)


def waiting(archive: Archive) -> list[str]:
    with archive.store.read() as connection:
        return [each.kind for each in letters.due(connection)]


def test_sign_up_is_off_until_the_operator_opens_it(archive: Archive) -> None:
    desk = visitor(archive, sign_up="off")
    desk.open("/sign-up", 404)
    sign_up(desk, "lan", 404)
    assert "/sign-up" not in desk.open("/sign-in").decode()


def test_whoever_signs_up_is_a_researcher_and_signed_in(archive: Archive) -> None:
    desk = visitor(archive)
    assert sign_up(desk, "lan", email="lan@example.org").location.startswith("/desk")
    assert "not confirmed yet" in words(desk.open("/desk"))
    desk.open("/admin", 403)
    assert waiting(archive) == ["confirm"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "lan"}, "already an account"),
        ({"name": ""}, "Choose a name"),
        ({"name": "a\u202eb"}, "Choose a name"),
        ({"password": "short"}, "at least 10"),
        ({"email": "lan@"}, "no e-mail address"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "no e-mail address"),
    ],
)
def test_a_sign_up_that_is_not_right_says_what_to_mend(archive: Archive, fields: dict[str, str], told: str) -> None:
    with archive.store.write() as connection:
        accounts.add(connection, "lan", PASSWORD)
    typed = {"name": "mai", "password": PASSWORD} | fields
    assert told in visitor(archive).send("/sign-up", 400, **typed).get_data(as_text=True)
    assert not waiting(archive)


def test_an_invitation_works_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHOTIN_SIGN_UP", "invitation")
    monkeypatch.setenv("KHOTIN_SITE_ADDRESS", "https://kho.example.org/")
    made = CliRunner().invoke(main, ["--home", str(archive.store.home), "user", "invite"])
    assert made.output.startswith("https://kho.example.org/sign-up?invitation="), made.output
    token = made.output.strip().partition("=")[2]
    desk = visitor(archive, sign_up="invitation")
    assert "by invitation" in words(desk.open("/sign-up"))
    sign_up(desk, "lan", 400)
    sign_up(desk, "lan", 400, invitation=token[:-2])
    sign_up(desk, "lan", 302, invitation=token)
    other = visitor(archive, sign_up="invitation")
    sign_up(other, "mai", 400, invitation=token)
    assert "used before" in words(other.open(f"/sign-up?invitation={token}"))


def test_an_invitation_is_refused_while_sign_up_is_off(archive: Archive) -> None:
    made = CliRunner().invoke(main, ["--home", str(archive.store.home), "user", "invite"])
    assert made.exit_code == 1 and "Set sign_up" in made.output


def test_a_network_signs_up_only_so_often_in_a_day(archive: Archive, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    desk = visitor(archive)
    codes = {desk.send("/sign-up", 400, name="", password=PASSWORD).status_code for _ in range(3)}
    assert codes == {400}
    from web.signing_up import SIGN_UPS

    for number in range(SIGN_UPS):
        desk.send("/sign-up", 400, name=f"lan{number}", password="short")
    assert "too often" in desk.send("/sign-up", 400, name="lan", password="short").get_data(as_text=True)
    set_clock(MONDAY + timedelta(hours=25))
    assert "at least 10" in desk.send("/sign-up", 400, name="lan", password="short").get_data(as_text=True)


def test_a_mailbox_is_not_flooded_with_confirmations(archive: Archive) -> None:
    desk = visitor(archive)
    for number in range(3):
        sign_up(desk, f"lan{number}", email="lan@example.org")
        desk.send("/sign-out")
    assert "too often" in sign_up(desk, "lan9", 400, email="LAN@example.org").get_data(as_text=True)
    assert waiting(archive) == ["confirm"] * 3
    with archive.store.read() as connection:
        assert accounts.find(connection, "lan9") is None  # all of it or nothing


def test_a_forgotten_password_is_set_anew_by_a_letter_that_works_once(archive: Archive, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    with mail_server() as sink:
        settings = mailing(archive.store.home, sink.port)
        archive.put()
        desk = Desk(create_app(settings, archive.store, archive.engine).test_client())
        with archive.store.write() as connection:
            number = accounts.add(connection, "lan", PASSWORD, "researcher")
            mailboxes.put(connection, number, "lan@example.org", "en")
        same = desk.send("/forgotten", 200, page="/forgotten", email="nobody@example.org").data
        assert desk.send("/forgotten", 200, page="/forgotten", email="lan@example.org").data == same
        assert not waiting(archive)  # nobody said yet that the address is hers
        with archive.store.write() as connection:
            box = mailboxes.get(connection, number)
            assert box
            mailboxes.confirm(connection, box.nonce)
        desk.send("/forgotten", 200, page="/forgotten", email="Lan@Example.org")
        post(archive.store, archive.engine, settings)
        (text,) = sink.texts()
        assert sink.mails[0]["List-Unsubscribe"] is None
    link = urlsplit(next(each for each in text.split() if "/reset/" in each)).path
    desk.send(link, 400, page=link, password="short")
    desk.send(link, 200, page=link, password="một mật khẩu khác")
    desk.open(link, 400)
    desk.sign_in("lan", "một mật khẩu khác")
    with archive.store.read() as connection:
        assert "password" in [each.kind for each in events.latest(connection, 10)]


def test_a_reset_reopens_no_disabled_account_and_grows_old(archive: Archive, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    desk = visitor(archive)
    with archive.store.write() as connection:
        account = accounts.get(connection, accounts.add(connection, "lan", PASSWORD, "researcher"))
    assert account
    link = "/reset/" + sign(archive.store.home, "reset", str(account.id), accounts.fingerprint(account))
    desk.open(link)
    set_clock(MONDAY + timedelta(hours=3))
    assert "too old" in words(desk.open(link, 400))
    set_clock(MONDAY)
    with archive.store.write() as connection:
        accounts.disable(connection, "lan")
    desk.open(link, 400)


def test_a_link_serves_one_purpose_of_one_archive(archive: Archive, tmp_path: Any) -> None:
    token = sign(archive.store.home, "confirm", "x")
    assert read(archive.store.home, "confirm", token) == ["x"]
    (tmp_path / "other").mkdir()
    for home, purpose in ((archive.store.home, "unsubscribe"), (tmp_path / "other", "confirm")):
        with pytest.raises(KhotinError, match="not complete"):
            read(home, purpose, token)  # type: ignore[arg-type]


def test_an_admin_makes_a_link_and_sends_it(archive: Archive) -> None:
    with archive.store.write() as connection:
        accounts.add(connection, "admin", PASSWORD)
    desk = visitor(archive, sign_up="invitation")
    desk.sign_in("admin")
    page = desk.send("/admin/people/invite", 200, page="/admin/people", email="mai@example.org", language="en")
    link = page.get_data(as_text=True).partition('<code class="people-key">')[2].partition("</code>")[0]
    assert link.startswith("https://kho.example.org/sign-up?invitation=") and waiting(archive) == ["invite"]
    desk.send("/admin/people/invite", 400, page="/admin/people", email="mai@")
    desk.send("/sign-out", page="/admin")
    sign_up(desk, "mai", invitation=link.partition("=")[2])
    desk.open("/admin/people", 403)
