"""Where do letters to a person go, and may they be sent there?  One address an account, confirmed by its owner."""

import re
import secrets
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from indexer import clock
from indexer.errors import KhotinError
from indexer.store.dialects import upsert
from indexer.store.tables import accounts, mailboxes

# What every mail server takes; stricter than the standard, which allows quotes and comments.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
LONGEST_ADDRESS = 254
# An address that refuses so many letters one after the other gets no more until its owner confirms it again.
MOST_REFUSALS = 3
LONGEST_PROBLEM = 300


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The address of an account, and how letters to it fare."""

    account_id: int
    address: str
    language: str
    nonce: str
    confirmed_at: datetime | None
    refusals: int
    off_at: datetime | None
    problem: str
    notices: bool

    @property
    def takes_letters(self) -> bool:
        return self.confirmed_at is not None and self.off_at is None


COLUMNS = [mailboxes.c[each.name] for each in fields(Mailbox)]


def checked(address: str) -> str:
    """The address as it can be written to.  Raises KhotinError."""
    address = address.strip()
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise KhotinError("This is no e-mail address. An example: lan@example.org")
    return address


def put(connection: Connection, account_id: int, address: str, language: str) -> None:
    """The address of an account from now on; it has to be confirmed, also when it is the same again."""
    row = {
        "account_id": account_id, "address": checked(address), "language": language, "nonce": secrets.token_hex(12),
        "confirmed_at": None, "refusals": 0, "off_at": None, "problem": "",
    }  # fmt: skip
    wish = upsert(mailboxes).values(row)
    connection.execute(wish.on_conflict_do_update(index_elements=["account_id"], set_=row))


def speak(connection: Connection, account_id: int, language: str) -> None:
    """The language of letters from now on."""
    change(connection, account_id, language=language)


def confirm(connection: Connection, nonce: str) -> Mailbox | None:
    """The owner says that the address is right; once is enough."""
    found = by_nonce(connection, nonce)
    if found and not found.confirmed_at:
        change(connection, found.account_id, confirmed_at=clock.now(), refusals=0, off_at=None, problem="")
    return found


def want_notices(connection: Connection, account_id: int, wanted: bool) -> None:
    """Whether an admin is written to of troubles from now on."""
    change(connection, account_id, notices=wanted)


def for_notices(connection: Connection) -> list[int]:
    """The accounts that are written to of troubles: admins with a confirmed address who want it."""
    takes = mailboxes.c.confirmed_at.is_not(None) & mailboxes.c.off_at.is_(None) & mailboxes.c.notices
    works = (accounts.c.role == "admin") & accounts.c.disabled_at.is_(None)
    wanted = select(accounts.c.id).join(mailboxes, mailboxes.c.account_id == accounts.c.id).where(takes & works)
    return list(connection.execute(wanted.order_by(accounts.c.id)).scalars())


def refused(connection: Connection, account_id: int, problem: str) -> None:
    """The address would not take a letter; after some of these it is written to no more."""
    found = get(connection, account_id)
    if found:
        refusals = found.refusals + 1
        off_at = clock.now() if refusals >= MOST_REFUSALS else None
        change(connection, account_id, refusals=refusals, off_at=off_at, problem=problem[:LONGEST_PROBLEM])


def took(connection: Connection, account_id: int) -> None:
    """The address took a letter: what it refused before is forgotten."""
    change(connection, account_id, refusals=0, problem="")


def change(connection: Connection, account_id: int, **values: Any) -> None:
    connection.execute(update(mailboxes).where(mailboxes.c.account_id == account_id).values(values))


def remove(connection: Connection, account_id: int) -> None:
    connection.execute(delete(mailboxes).where(mailboxes.c.account_id == account_id))


def get(connection: Connection, account_id: int) -> Mailbox | None:
    row = connection.execute(select(*COLUMNS).where(mailboxes.c.account_id == account_id)).first()
    return Mailbox(**row._mapping) if row else None


def by_nonce(connection: Connection, nonce: str) -> Mailbox | None:
    row = connection.execute(select(*COLUMNS).where(mailboxes.c.nonce == nonce)).first()
    return Mailbox(**row._mapping) if row else None


def confirmed(connection: Connection, address: str) -> list[Mailbox]:
    """The accounts whose owners said that this is their address: there may be several."""
    same = (func.lower(mailboxes.c.address) == address.strip().lower()) & mailboxes.c.confirmed_at.is_not(None)
    return [Mailbox(**row._mapping) for row in connection.execute(select(*COLUMNS).where(same))]
