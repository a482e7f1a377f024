"""Who may sign in?  Accounts with Argon2 passwords; failed tries slow the next one, and lock nobody out."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from indexer import clock
from indexer.errors import KhotinError
from indexer.store import departments
from indexer.store.tables import accounts, failed_sign_ins, keepers

Role = Literal["admin", "editor", "researcher"]
ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST_PASSWORD = 10
# Failed tries are remembered this long. Each one doubles the wait, up to half a minute: guessing becomes
# hopeless, and an admin who mistypes waits a little but is never locked out by somebody else's guessing.
REMEMBER = timedelta(minutes=15)
LONGEST_WAIT = 30

hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; ``session_salt`` changes when all his sessions are to end."""

    id: int
    name: str
    password_hash: str = field(repr=False)
    role: Role
    made_at: datetime
    disabled_at: datetime | None
    session_salt: bytes = field(repr=False)
    signed_in_at: datetime | None = None


# Who looks after the whole archive: an admin who is bound to no department.
OF_THE_ARCHIVE = (
    accounts.c.role == "admin",
    accounts.c.disabled_at.is_(None),
    accounts.c.id.not_in(select(keepers.c.account_id)),
)
COLUMNS = [accounts.c[each.name] for each in fields(Account)]


@cache
def nobody() -> str:
    """What is checked when the name is unknown, so that an answer takes as long as for a known one."""
    return hasher.hash(secrets.token_hex())


def add(connection: Connection, name: str, password: str, role: str = "admin") -> int:
    """A new account. Raises KhotinError for a taken name, a short password or an unknown role."""
    if role not in ROLES:
        raise KhotinError("“%(role)s” is no role. Choose admin, editor or researcher.", role=role)
    return add_with(connection, name, secret(password), role)


def add_with(connection: Connection, name: str, values: Mapping[str, Any], role: Role) -> int:
    """A new account with a secret that was made before."""
    if find(connection, name):
        raise KhotinError("There is already an account named “%(name)s”.", name=name)
    row = {"name": name, "role": role, "made_at": clock.now(), **values}
    key = connection.execute(insert(accounts).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def secret(password: str) -> dict[str, Any]:
    if len(password) < SHORTEST_PASSWORD:
        raise KhotinError("The password needs at least %(least)s characters.", least=SHORTEST_PASSWORD)
    return {"password_hash": hasher.hash(password), "session_salt": secrets.token_bytes(16)}


def unguessable() -> str:
    """A password that nobody knows, until the person chooses one by a link."""
    return secrets.token_urlsafe(32)


def reset(connection: Connection, name: str, password: str) -> None:
    """A new password; everyone signed in under this name is signed out, and a disabled account works again."""
    account = need(connection, name)
    values = secret(password) | {"disabled_at": None}
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(values))
    forget_failures(connection, name)


def change_secret(connection: Connection, account: Account, values: Mapping[str, Any]) -> None:
    """A new password that was made before; everyone signed in under the old one is signed out."""
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(**values))


def disable(connection: Connection, name: str) -> None:
    """No more signing in, and no more of what is open. Raises KhotinError for the last admin."""
    account = need(connection, name)
    keep_an_admin(connection, account)
    values = {"disabled_at": clock.now(), "session_salt": secrets.token_bytes(16)}
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(values))


def enable(connection: Connection, name: str) -> None:
    """Signing in works again, with the password that was."""
    connection.execute(update(accounts).where(accounts.c.id == need(connection, name).id).values(disabled_at=None))


def change_role(connection: Connection, account: Account, role: str) -> None:
    """Raises KhotinError for an unknown role, and for the last admin."""
    if role not in ROLES:
        raise KhotinError("“%(role)s” is no role. Choose admin, editor or researcher.", role=role)
    if role != "admin":
        keep_an_admin(connection, account)
    if role == "researcher":  # who looks after nothing is bound to nothing
        departments.bind(connection, account.id, ())
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(role=role))


def keep_an_admin(connection: Connection, leaving: Account) -> None:
    """Raises KhotinError when nobody could look after the whole archive without this account."""
    able = set(connection.execute(select(accounts.c.id).where(*OF_THE_ARCHIVE)).scalars())
    if able == {leaving.id}:
        raise KhotinError("“%(name)s” is the only admin. Make another one first.", name=leaving.name)


def bind(connection: Connection, account: Account, shorts: Collection[str]) -> tuple[list[str], list[str]]:
    """Let an account look after these departments alone; none: after the whole archive. What it was, and what it is.
    Raises KhotinError for who looks after nothing, and for the last admin of the archive."""
    known = {each.id: each.short for each in departments.every(connection)}
    before = sorted(known[number] for number in departments.bound_to(connection, account.id))
    wanted = {departments.need(connection, short).id for short in shorts}
    if wanted and account.role not in ("admin", "editor"):
        raise KhotinError("“%(name)s” is no admin or editor, so there is nothing to bind.", name=account.name)
    if wanted:
        keep_an_admin(connection, account)
    departments.bind(connection, account.id, wanted)
    return before, sorted(set(shorts))


def signed_in(connection: Connection, account: Account) -> None:
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(signed_in_at=clock.now()))


def fingerprint(account: Account) -> str:
    """Tells one password of an account from the next, without telling anything of it."""
    return hashlib.sha256(account.session_salt).hexdigest()[:16]


def remove(connection: Connection, account_id: int) -> None:
    """The account is no more; what it kept must have gone before."""
    departments.bind(connection, account_id, ())
    connection.execute(delete(accounts).where(accounts.c.id == account_id))


def seconds_to_wait(connection: Connection, name: str) -> int:
    """How long the next try under this name has to wait after the failed ones."""
    since = clock.now() - REMEMBER
    tries = select(func.count(), func.max(failed_sign_ins.c.at)).where(
        failed_sign_ins.c.name == name.lower(), failed_sign_ins.c.at > since
    )
    count, last = connection.execute(tries).one()
    if count < 3:  # mistyping twice is human
        return 0
    wait = min(2 ** (count - 2), LONGEST_WAIT)
    return max(0, int(wait - (clock.now() - last).total_seconds()))


def right_password(account: Account | None, password: str) -> bool:
    """Whether the password is the account's. Takes some 50 ms on purpose: never call it inside a write."""
    try:
        hasher.verify(account.password_hash if account else nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return account is not None and account.disabled_at is None


def note_failure(connection: Connection, name: str) -> None:
    connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.at < clock.now() - REMEMBER))
    connection.execute(insert(failed_sign_ins).values(name=name.lower(), at=clock.now()))


def forget_failures(connection: Connection, name: str) -> None:
    connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.name == name.lower()))


def find(connection: Connection, name: str) -> Account | None:
    # not asked of the database: SQLite's lower() knows ASCII alone, PostgreSQL's what its locale knows
    return next((each for each in every(connection) if each.name.lower() == name.lower()), None)


def get(connection: Connection, account_id: int) -> Account | None:
    row = connection.execute(select(*COLUMNS).where(accounts.c.id == account_id)).first()
    return Account(**row._mapping) if row else None


def need(connection: Connection, name: str) -> Account:
    account = find(connection, name)
    if account is None:
        raise KhotinError("There is no account named “%(name)s”. `khotin user list` shows those there are.", name=name)
    return account


def every(connection: Connection) -> list[Account]:
    return [Account(**row._mapping) for row in connection.execute(select(*COLUMNS).order_by(accounts.c.name))]
