"""Which departments does who is signed in look after, and which sources?  Most look after the whole archive."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import Connection

from indexer.access import Role
from indexer.accounts import Account
from indexer.article import Kept
from indexer.store import departments
from indexer.store.belonging import Reach
from indexer.store.departments import Department
from web.visitor import role


@dataclass(frozen=True, slots=True)
class Bonds:
    """What an account looks after that does not look after the whole archive."""

    departments: frozenset[int]
    shorts: frozenset[str]  # what addresses call them
    sources: frozenset[int]


def bonds_of(connection: Connection, account: Account) -> Bonds | None:
    """None: the account looks after the whole archive, or after nothing at all."""
    bound = departments.bound_to(connection, account.id) if account.role in ("admin", "editor") else frozenset()
    if not bound:
        return None
    shorts = frozenset(each.short for each in departments.every(connection) if each.id in bound)
    return Bonds(bound, shorts, departments.sources_of(connection, bound))


def bonds() -> Bonds | None:
    """Those of who is signed in."""
    found: Bonds | None = getattr(current_user, "bonds", None)
    return found


def reach_of(found: Bonds | None) -> Reach:
    """The sources that are looked after; None: all of them."""
    return found.sources if found else None


def reach() -> Reach:
    """The sources that who is signed in looks after."""
    return reach_of(bonds())


def is_mine(kept: Kept) -> bool:
    """Whether who is signed in looks after the source of an article."""
    found = bonds()
    return found is None or kept.department.short in found.shorts


def of_mine() -> Mapping[str, tuple[str, ...]]:
    """What narrows a question to the departments of who is signed in."""
    found = bonds()
    return {"department": tuple(sorted(found.shorts))} if found else {}


def role_for(kept: Kept) -> Role:
    """What who asks may see of an article: a stranger to its department sees what a researcher sees."""
    found = role()
    return "researcher" if found in ("admin", "editor") and not is_mine(kept) else found


def own(connection: Connection) -> list[Department]:
    """The departments among which who is signed in may choose for a source."""
    found = bonds()
    return [each for each in departments.every(connection) if found is None or each.id in found.departments]
