"""Who may sign in, and how slow does guessing become?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from indexer import accounts
from indexer.accounts import LONGEST_WAIT, REMEMBER
from indexer.errors import KhotinError
from indexer.store import Store

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
PASSWORD = "mật khẩu đủ dài"
SetClock = Callable[[datetime], None]


def add(store: Store, name: str = "Lan", password: str = PASSWORD, role: str = "admin") -> None:
    with store.write() as connection:
        accounts.add(connection, name, password, role)


def fail(store: Store, times: int, name: str = "lan") -> None:
    with store.write() as connection:
        for _ in range(times):
            accounts.note_failure(connection, name)


def wait(store: Store, name: str = "lan") -> int:
    with store.read() as connection:
        return accounts.seconds_to_wait(connection, name)


def test_the_right_password_opens_and_nothing_else_does(store: Store) -> None:
    add(store)
    with store.read() as connection:
        lan = accounts.find(connection, "lan")
    assert lan and lan.name == "Lan" and PASSWORD not in lan.password_hash
    assert accounts.right_password(lan, PASSWORD)
    assert not accounts.right_password(lan, PASSWORD.upper())
    assert not accounts.right_password(None, PASSWORD)


def test_a_name_is_the_same_whichever_of_its_letters_are_capitals(store: Store) -> None:
    with store.write() as connection:
        accounts.add(connection, "Ánh", PASSWORD)
        assert [found.name for name in ("ánh", "ÁNH") if (found := accounts.find(connection, name))] == ["Ánh"] * 2
        with pytest.raises(KhotinError, match="already"):
            accounts.add(connection, "ánh", PASSWORD)


def test_a_disabled_account_stays_shut_until_its_password_is_set_anew(store: Store) -> None:
    add(store, role="editor")
    with store.write() as connection:
        accounts.disable(connection, "lan")
        assert not accounts.right_password(accounts.find(connection, "lan"), PASSWORD)
        accounts.reset(connection, "lan", "một mật khẩu khác")
        again = accounts.find(connection, "lan")
    assert accounts.right_password(again, "một mật khẩu khác") and not accounts.right_password(again, PASSWORD)


@pytest.mark.parametrize("change", ["reset", "disable"])
def test_what_ends_sessions_changes_the_salt(store: Store, change: str) -> None:
    add(store, role="editor")
    with store.write() as connection:
        before = accounts.need(connection, "lan").session_salt
        accounts.reset(connection, "lan", PASSWORD) if change == "reset" else accounts.disable(connection, "lan")
        assert accounts.need(connection, "lan").session_salt != before


def test_the_last_admin_can_neither_be_disabled_nor_become_something_else(store: Store) -> None:
    add(store)
    add(store, "minh", role="editor")
    with store.write() as connection:
        with pytest.raises(KhotinError, match="only admin"):
            accounts.disable(connection, "lan")
        with pytest.raises(KhotinError, match="only admin"):
            accounts.change_role(connection, accounts.need(connection, "lan"), "editor")
        with pytest.raises(KhotinError, match="is no role"):
            accounts.change_role(connection, accounts.need(connection, "lan"), "king")
        accounts.change_role(connection, accounts.need(connection, "minh"), "admin")
        accounts.disable(connection, "lan")
        with pytest.raises(KhotinError, match="only admin"):
            accounts.disable(connection, "minh")
        accounts.enable(connection, "lan")
        accounts.disable(connection, "minh")


def test_an_account_written_into_a_log_tells_no_secret(store: Store) -> None:
    add(store)
    with store.read() as connection:
        lan = accounts.need(connection, "lan")
    assert lan.password_hash not in repr(lan) and repr(lan.session_salt) not in repr(lan)


@pytest.mark.parametrize(
    ("name", "password", "role", "told"),
    [
        ("LAN", PASSWORD, "admin", "already an account"),
        ("minh", "ngắn", "admin", "at least 10 characters"),
        ("minh", PASSWORD, "king", "is no role"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_a_sentence(
    store: Store, name: str, password: str, role: str, told: str
) -> None:
    add(store)
    with pytest.raises(KhotinError, match=told):
        add(store, name, password, role)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (2, 0), (3, 2), (4, 4), (6, 16), (7, 30), (500, LONGEST_WAIT)]
)
def test_each_failed_try_makes_the_next_one_wait_longer_but_never_long(
    store: Store, set_clock: SetClock, failures: int, seconds: int
) -> None:
    set_clock(NOON)
    fail(store, failures)
    assert wait(store) == wait(store, "LAN") == seconds
    assert wait(store, "minh") == 0
    set_clock(NOON + timedelta(seconds=LONGEST_WAIT))
    assert wait(store) == 0


def test_failures_are_forgotten_in_time_and_by_signing_in(store: Store, set_clock: SetClock) -> None:
    set_clock(NOON)
    fail(store, 5)
    set_clock(NOON + REMEMBER)
    fail(store, 1)
    assert wait(store) == 0
    fail(store, 3)
    assert wait(store) > 0
    with store.write() as connection:
        accounts.forget_failures(connection, "Lan")
    assert wait(store) == 0
