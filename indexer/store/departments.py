"""Whose sources are these?  The departments of an archive, what they are called, and who looks after which."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from indexer import clock
from indexer.errors import KhotinError
from indexer.store.belonging import Reach
from indexer.store.tables import accounts, departments, keepers, sources

# The names of sources, each with what addresses call its department; sorted, so that two readings are alike.
Departments = tuple[tuple[str, str], ...]

SHORT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_NAME = 200

# Every search asks it, so it is made once.
OF_SOURCES = (
    select(sources.c.name, departments.c.short)
    .join(departments, departments.c.id == sources.c.department_id)
    .order_by(sources.c.name)
)


@dataclass(frozen=True, slots=True)
class Department:
    """A department as the archive holds it; ``logo`` is the digest of its logo, empty when it has none."""

    id: int
    short: str
    name_vi: str
    name_en: str
    logo: str
    made_at: datetime

    def name(self, language: str) -> str:
        return self.name_vi if language == "vi" else self.name_en


COLUMNS = [departments.c[name] for name in ("id", "short", "name_vi", "name_en", "logo_digest", "made_at")]


def every(connection: Connection) -> list[Department]:
    """All of them, by their short names."""
    return [Department(*row) for row in connection.execute(select(*COLUMNS).order_by(departments.c.short))]


def find(connection: Connection, short: str) -> Department | None:
    row = connection.execute(select(*COLUMNS).where(departments.c.short == short)).first()
    return Department(*row) if row else None


def need(connection: Connection, short: str) -> Department:
    """The department of that short name, or a KhotinError that lists those there are."""
    found = find(connection, short)
    if found is None:
        known = ", ".join(each.short for each in every(connection)) or "-"
        raise KhotinError("There is no department “%(short)s”. Known are: %(names)s.", short=short, names=known)
    return found


def add(connection: Connection, short: str, name_vi: str, name_en: str = "") -> Department:
    """Raises KhotinError for names that are none, and for a short name that is taken."""
    if not SHORT.fullmatch(short):
        raise KhotinError("Write the short name in small letters of a to z, digits and hyphens: so-xay-dung.")
    if find(connection, short):
        raise KhotinError("There is already a department “%(short)s”.", short=short)
    row = {"short": short, "made_at": clock.now(), **names(name_vi, name_en)}
    connection.execute(insert(departments).values(row))
    return need(connection, short)


def rename(connection: Connection, department: Department, name_vi: str, name_en: str) -> None:
    """Other names; the short name stays, as addresses and saved searches hold it."""
    values = names(name_vi, name_en)
    connection.execute(update(departments).where(departments.c.id == department.id).values(values))


def names(name_vi: str, name_en: str) -> dict[str, str]:
    """Both names; the Vietnamese one stands for an English one that there is not."""
    vi, en = (" ".join(each.split())[:LONGEST_NAME] for each in (name_vi, name_en))
    if not vi or not (vi + en).isprintable():
        raise KhotinError("Give the department's name in Vietnamese.")
    return {"name_vi": vi, "name_en": en or vi}


def set_logo(connection: Connection, department: Department, picture: bytes | None) -> None:
    """A picture that was made harmless before, or none."""
    values = {"logo": picture, "logo_digest": sha256(picture).hexdigest()[:12] if picture else ""}
    connection.execute(update(departments).where(departments.c.id == department.id).values(values))


def logo(connection: Connection, short: str) -> bytes | None:
    return connection.scalar(select(departments.c.logo).where(departments.c.short == short))


# Sources


def of_sources(connection: Connection) -> Departments:
    """Whose each source is, by their names; of removed sources too, as their articles stay."""
    return tuple((name, short) for name, short in connection.execute(OF_SOURCES))


def sources_of(connection: Connection, department_ids: Collection[int]) -> frozenset[int]:
    """The numbers of the sources of some departments."""
    wanted = select(sources.c.id).where(sources.c.department_id.in_(department_ids))
    return frozenset(connection.execute(wanted).scalars())


# Keepers


def bound_to(connection: Connection, account_id: int) -> frozenset[int]:
    """The numbers of the departments that an account looks after; empty: it is bound to none."""
    wanted = select(keepers.c.department_id).where(keepers.c.account_id == account_id)
    return frozenset(connection.execute(wanted).scalars())


def reach_of(connection: Connection, account_id: int) -> Reach:
    """The sources that an admin or editor looks after."""
    bound = bound_to(connection, account_id)
    return sources_of(connection, bound) if bound else None


def bind(connection: Connection, account_id: int, department_ids: Collection[int]) -> None:
    """Let an account look after these departments alone; none: after the whole archive."""
    connection.execute(delete(keepers).where(keepers.c.account_id == account_id))
    rows = [{"account_id": account_id, "department_id": each} for each in sorted(set(department_ids))]
    if rows:
        connection.execute(insert(keepers), rows)


def keepers_of(connection: Connection) -> dict[int, list[str]]:
    """Who looks after each department, by its number."""
    wanted = select(keepers.c.department_id, accounts.c.name).join(accounts, accounts.c.id == keepers.c.account_id)
    found: dict[int, list[str]] = {}
    for row in connection.execute(wanted.order_by(accounts.c.name)):
        found.setdefault(row.department_id, []).append(row.name)
    return found
