"""What does a person prove beside the password?  A code of six digits, another one every half minute (RFC 6238)."""

import base64
import secrets
from collections.abc import Sequence
from pathlib import Path

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, delete, func, insert, select, update

from indexer import clock
from indexer.accounts import Account, hasher
from indexer.errors import KhotinError
from indexer.signed import secret_key
from indexer.store.tables import recovery_codes, second_factors

STEP_SECONDS = 30
# A telephone's clock may be half a minute off, either way.
STEPS_OFF = 1
RECOVERY_CODES = 10
# 50 bits each; without letters that are taken for digits.
ALPHABET, CODE_LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 10
DIGITS = 6


def is_on(connection: Connection, account_id: int) -> bool:
    confirmed = second_factors.c.confirmed_at.is_not(None)
    return bool(connection.scalar(select(func.count()).where(second_factors.c.account_id == account_id, confirmed)))


def begin(connection: Connection, home: Path, account: Account) -> str:
    """A new secret, which counts only when a first code has shown that it arrived."""
    if is_on(connection, account.id):
        raise KhotinError("The second factor is on already. Take it off before you set it up anew.")
    told = pyotp.random_base32()
    connection.execute(delete(second_factors).where(second_factors.c.account_id == account.id))
    row = {"account_id": account.id, "sealed": box(home).encrypt(told.encode()), "made_at": clock.now()}
    connection.execute(insert(second_factors).values(row))
    return told


def box(home: Path) -> Fernet:
    """What seals the secrets: its key is made of the data folder's own, so a copy of the database alone opens none."""
    key = HKDF(SHA256(), 32, salt=None, info=b"khotin second factor").derive(secret_key(home))
    return Fernet(base64.urlsafe_b64encode(key))


def pending(connection: Connection, home: Path, account_id: int) -> str:
    """The secret that waits for its first code. Raises KhotinError when none does."""
    wanted = select(second_factors.c.sealed)
    sealed = connection.scalar(
        wanted.where(second_factors.c.account_id == account_id, second_factors.c.confirmed_at.is_(None))
    )
    if sealed is None:
        raise KhotinError("Nothing is waiting to be confirmed. Begin the set-up again.")
    return opened(home, sealed)


def opened(home: Path, sealed: bytes) -> str:
    try:
        return box(home).decrypt(sealed).decode()
    except InvalidToken:
        raise KhotinError(
            "The second factor was sealed with another secret.key. Put that file back, or take the factor off: "
            "khotin user reset NAME --second-factor"
        ) from None


def address(told: str, name: str, site: str) -> str:
    """What the picture holds that a telephone reads."""
    return pyotp.TOTP(told).provisioning_uri(name=name, issuer_name=site)


def confirm(connection: Connection, home: Path, account_id: int, code: str) -> bool:
    """Switch the factor on with its first code."""
    step = step_of(pending(connection, home, account_id), code)
    mine = update(second_factors).where(second_factors.c.account_id == account_id)
    if step is not None:
        connection.execute(mine.values(confirmed_at=clock.now(), last_step=step))
    return step is not None


def step_of(told: str, code: str) -> int | None:
    """Which half minute a code is of, among those that are near enough (pure but for the clock)."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdecimal():
        return None
    now, totp = int(clock.now().timestamp()) // STEP_SECONDS, pyotp.TOTP(told)
    near = range(now - STEPS_OFF, now + STEPS_OFF + 1)
    return next((step for step in near if secrets.compare_digest(totp.generate_otp(step), digits)), None)


def right_code(connection: Connection, home: Path, account_id: int, code: str) -> bool:
    """Whether the code is right; each is taken once, and none that is older than the last one."""
    sealed = connection.scalar(select(second_factors.c.sealed).where(second_factors.c.account_id == account_id))
    step = step_of(opened(home, sealed), code) if sealed else None
    if step is None:
        return False
    mine = update(second_factors).where(second_factors.c.account_id == account_id, second_factors.c.last_step < step)
    return connection.execute(mine.values(last_step=step)).rowcount == 1


def remove(connection: Connection, account_id: int) -> bool:
    """Take the factor off, with its recovery codes; False when there was none."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    return connection.execute(delete(second_factors).where(second_factors.c.account_id == account_id)).rowcount == 1


# Recovery codes


def new_codes() -> tuple[list[str], list[str]]:
    """Ten codes to be shown once, and their hashes. Takes half a second on purpose: never inside a write."""
    made = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    return [f"{each[:5]}-{each[5:]}" for each in made], [hasher.hash(each) for each in made]


def keep_codes(connection: Connection, account_id: int, hashes: Sequence[str]) -> None:
    """These codes are good from now on, and no older one."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    connection.execute(insert(recovery_codes), [{"account_id": account_id, "hash": each} for each in hashes])


def codes_left(connection: Connection, account_id: int) -> int:
    return connection.scalar(select(func.count()).where(recovery_codes.c.account_id == account_id)) or 0


def recovery_of(connection: Connection, account_id: int, typed: str) -> int | None:
    """Which recovery code was typed. Takes up to half a second: never inside a write."""
    plain = "".join(each for each in typed.lower() if each.isalnum())
    if len(plain) != CODE_LENGTH:
        return None
    rows = connection.execute(
        select(recovery_codes.c.id, recovery_codes.c.hash).where(recovery_codes.c.account_id == account_id)
    )
    return next((number for number, hashed in rows.all() if fits(hashed, plain)), None)


def fits(hashed: str, typed: str) -> bool:
    from argon2.exceptions import VerificationError

    try:
        return hasher.verify(hashed, typed)
    except VerificationError:
        return False


def use_up(connection: Connection, code: int) -> bool:
    """A recovery code opens once; False when somebody was quicker."""
    return connection.execute(delete(recovery_codes).where(recovery_codes.c.id == code)).rowcount == 1
