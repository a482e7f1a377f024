"""Does the second factor open to who holds it, and to nobody else?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from indexer import accounts, second_factor
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import events
from indexer.store.events import Event
from indexer.store.tables import second_factors
from tests.conftest import Archive
from tests.test_web_admin import PASSWORD, Desk, one, read, words
from web.app import create_app

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
SetClock = Callable[[datetime], None]


def visitor(archive: Archive, **settings: object) -> Desk:
    chosen = Settings(home=archive.store.home, **settings)  # type: ignore[arg-type]
    return Desk(create_app(chosen, archive.store, archive.engine).test_client())


@pytest.fixture
def admin(archive: Archive, set_clock: SetClock) -> Desk:
    set_clock(NOON)
    with archive.store.write() as connection:
        accounts.add(connection, "admin", PASSWORD)
    desk = visitor(archive)
    desk.sign_in("admin")
    return desk


def at(moment: datetime, secret: str) -> str:
    return pyotp.TOTP(secret).at(moment)


def set_up(desk: Desk, moment: datetime = NOON) -> tuple[str, list[str]]:
    """Switch the second factor on; its secret and the recovery codes."""
    page = read(desk.send("/desk/security/factor", 200, page="/desk/security", password=PASSWORD))
    secret = words(one(page, ".people-key")).replace(" ", "")
    done = desk.send("/desk/security/factor/confirm", 200, page="/desk/security", code=at(moment, secret))
    return secret, [words(each) for each in read(done).select(".people-codes code")]


def happened(archive: Archive) -> list[Event]:
    with archive.store.read() as connection:
        return events.latest(connection, 50)


def test_it_is_set_up_with_a_picture_and_asked_for_after_the_password(
    admin: Desk, archive: Archive, set_clock: SetClock
) -> None:
    secret, codes = set_up(admin)
    assert len(codes) == len(set(codes)) == 10
    assert not admin.open("/desk/security").select(".people-codes, .people-qr, .people-key"), "shown once"
    admin.send("/sign-out")
    set_clock(NOON + timedelta(minutes=1))
    assert admin.sign_in("admin", next="/admin/jobs").location == "/sign-in/code"
    admin.open("/admin", 302)
    entered = admin.send("/sign-in/code", page="/sign-in/code", code=at(NOON + timedelta(minutes=1), secret))
    assert entered.location == "/admin/jobs"
    admin.open("/admin")


def test_the_picture_has_no_style_and_holds_the_key(admin: Desk) -> None:
    page = read(admin.send("/desk/security/factor", 200, page="/desk/security", password=PASSWORD))
    assert "viewbox" in one(page, ".people-qr svg").attrs, "drawn smaller it is still whole"
    assert one(page, ".people-qr svg path") and not page.select("[style], style")


def test_a_code_opens_once_and_none_before_it(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    secret, _ = set_up(admin)
    later = NOON + timedelta(minutes=1)
    set_clock(later)
    with archive.store.write() as connection:
        ask = lambda code: second_factor.right_code(connection, archive.store.home, 1, code)  # noqa: E731
        assert not ask(at(NOON, secret)), "the one that was used to set it up, and too old"
        assert ask(at(later, secret))
        assert not ask(at(later, secret)), "again"
        assert not ask(at(later - timedelta(seconds=30), secret)), "older than the last one"
        assert ask(at(later + timedelta(seconds=30), secret)), "a telephone that is fast"
        assert not ask("12345") and not ask("abcdef") and not ask("١٢٣٤٥٦")


def test_a_recovery_code_opens_once(admin: Desk, archive: Archive) -> None:
    _, codes = set_up(admin)
    for status in (302, 403):
        admin.send("/sign-out")
        admin.sign_in("admin")
        admin.send("/sign-in/code", status, page="/sign-in/code", code=codes[3].upper())
    assert "recovery code" in [each.kind for each in happened(archive)]
    with archive.store.read() as connection:
        assert second_factor.codes_left(connection, 1) == 9


def test_guessing_codes_is_slowed_wherever_it_comes_from(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    secret, _ = set_up(admin)
    strangers = [Desk(admin.client.application.test_client()) for _ in range(2)]
    for number, desk in enumerate(strangers):
        desk.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        desk.sign_in("admin")
    for _ in range(3):
        strangers[0].send("/sign-in/code", 403, page="/sign-in/code", code="000000")
    set_clock(NOON + timedelta(seconds=1))
    told = strangers[1].send("/sign-in/code", 429, page="/sign-in/code", code="000000")
    assert "Wait 1 seconds" in words(read(told, 429))
    admin.send("/sign-out")
    admin.sign_in("admin")
    set_clock(NOON + timedelta(seconds=45))
    code = at(NOON + timedelta(seconds=45), secret)
    admin.send("/sign-in/code", page="/sign-in/code", code=code)
    assert [each.kind for each in happened(archive)].count("wrong code") == 3


def test_nobody_comes_in_half_way(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    secret, _ = set_up(admin)
    stranger = visitor(archive)
    assert stranger.client.get("/sign-in/code").location == "/sign-in"
    stranger.send("/sign-in/code", 403, code=at(NOON + timedelta(seconds=30), secret))
    stranger.sign_in("admin")
    late = NOON + timedelta(minutes=6)
    set_clock(late)
    assert stranger.client.get("/sign-in/code").location == "/sign-in"
    stranger.send("/sign-in/code", 403, code=at(late, secret))
    stranger.open("/admin", 302)


def test_it_is_taken_off_with_password_and_code(admin: Desk, archive: Archive, set_clock: SetClock) -> None:
    _, codes = set_up(admin)
    admin.send("/desk/security/factor", 400, page="/desk/security", password=PASSWORD)
    admin.send("/desk/security/factor/remove", 400, page="/desk/security", password=PASSWORD, code="000000")
    fresh = read(admin.send("/desk/security/codes", 200, page="/desk/security", password=PASSWORD))
    new = [words(each) for each in fresh.select(".people-codes code")]
    assert not set(new) & set(codes)
    admin.send("/desk/security/factor/remove", page="/desk/security", password=PASSWORD, code=new[0])
    admin.send("/sign-out")
    assert admin.sign_in("admin").location == "/admin"


def test_who_must_have_one_can_do_nothing_before(admin: Desk, archive: Archive) -> None:
    with archive.store.write() as connection:
        accounts.add(connection, "lan", PASSWORD, "researcher")
    strict = visitor(archive, second_factor="admins")
    strict.sign_in("admin")
    for path in ("/admin", "/", "/desk", "/api/v1/search"):
        assert strict.client.get(path).location == "/desk/security", path
    assert "Set it up now" in words(strict.open("/desk/security"))
    set_up(strict)
    strict.open("/admin")
    reader = visitor(archive, second_factor="admins")
    reader.sign_in("lan")
    reader.open("/desk")
    everybody = visitor(archive, second_factor="all")
    everybody.sign_in("lan")
    assert everybody.client.get("/desk").location == "/desk/security"


def test_the_secret_is_sealed_with_the_key_of_the_data_folder(admin: Desk, archive: Archive) -> None:
    secret, _ = set_up(admin)
    with archive.store.read() as connection:
        sealed = connection.scalar(select(second_factors.c.sealed))
    assert sealed and secret.encode() not in sealed
    (archive.store.home / "secret.key").write_bytes(b"another")
    with pytest.raises(KhotinError, match="sealed with another"):
        second_factor.opened(archive.store.home, sealed)
