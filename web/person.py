"""Who is behind a session, and how does one begin?"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import request, session
from flask_login import current_user, login_user

from indexer import accounts, clock, second_factor
from indexer.accounts import Account
from indexer.errors import KhotinError
from indexer.store import sessions
from indexer.store.sessions import Limits, Session
from web.device import device
from web.keeper import Bonds, bonds_of
from web.security_log import near, note
from web.shelf import shelf


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, as Flask-Login wants to see him."""

    account: Account
    session: Session
    has_factor: bool
    told: str  # the secret of the session
    bonds: Bonds | None = None  # None: he looks after the whole archive, or after nothing
    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.told

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def role(self) -> accounts.Role:
        return self.account.role


def me() -> str:
    """The name of who is signed in, as decisions keep it."""
    return str(current_user.name)


def limits() -> Limits:
    settings = shelf().settings
    return Limits(timedelta(hours=settings.session_hours), timedelta(minutes=settings.session_idle_minutes))


def load_person(told: str) -> Person | None:
    """Who holds the session of this secret; nobody, when it ended or his account changed meanwhile."""
    with shelf().store.read() as connection:
        found = sessions.of(connection, told, limits())
        account = accounts.get(connection, found.account_id) if found else None
        if found is None or account is None or account.disabled_at:
            return None
        if not secrets.compare_digest(found.fingerprint, accounts.fingerprint(account)):
            return None
        bonds = bonds_of(connection, account)
        person = Person(account, found, second_factor.is_on(connection, account.id), told, bonds)
    if clock.now() - found.seen_at > sessions.NOTED_EVERY:
        with suppress(KhotinError), shelf().store.write() as connection:  # a busy store is no reason to show no page
            sessions.seen(connection, found)
    return person


def let_in(account: Account) -> None:
    """Begin a session for who has proved what is asked of him."""
    session.clear()
    session.permanent = True
    with shelf().store.write() as connection:
        told = sessions.begin(connection, account, device(request.user_agent.string), near(), limits())
        accounts.signed_in(connection, account)
        if account.role == "admin":
            note(connection, "signed in", account.name)
    person = load_person(told)
    assert person is not None
    login_user(person)


def must_set_up(person: Person) -> bool:
    """Whether the site asks for a second factor that this person has not set up yet."""
    wanted = shelf().settings.second_factor
    return not person.has_factor and (wanted == "all" or (wanted == "admins" and person.role == "admin"))
