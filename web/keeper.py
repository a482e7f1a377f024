"""Which departments does who is signed in look after, and which sources?  Most look after the whole archive."""

from collections.abc import Mapping

from flask_login import current_user
from sqlalchemy import Connection

from indexer.access import Role
from indexer.accounts import Account
from indexer.article import Kept
from indexer.store import departments
from indexer.store.belonging import Reach
from indexer.store.departments import Department
from web.visitor import role


def bound_to(connection: Connection, account: Account) -> frozenset[int] | None:
    """The departments that an account looks after alone; None: it is bound to none, or looks after nothing at all."""
    return departments.bound_to(connection, account.id) or None if account.role in ("admin", "editor") else None


def reach_of(connection: Connection, account: Account) -> Reach:
    """The sources that an account looks after."""
    return departments.reach_of(connection, account.id) if bound_to(connection, account) else None


def bonds(connection: Connection, account: Account) -> tuple[frozenset[int] | None, frozenset[str] | None, Reach]:
    """The departments that an account looks after, what addresses call them, and their sources."""
    bound = bound_to(connection, account)
    if bound is None:
        return None, None, None
    shorts = frozenset(each.short for each in departments.every(connection) if each.id in bound)
    return bound, shorts, departments.sources_of(connection, bound)


def reach() -> Reach:
    """The sources that who is signed in looks after."""
    found: Reach = getattr(current_user, "reach", None)
    return found


def is_mine(kept: Kept) -> bool:
    """Whether who is signed in looks after the source of an article."""
    shorts: frozenset[str] | None = getattr(current_user, "shorts", None)
    return shorts is None or kept.department.short in shorts


def of_mine() -> Mapping[str, tuple[str, ...]]:
    """What narrows a question to the departments of who is signed in."""
    shorts: frozenset[str] | None = getattr(current_user, "shorts", None)
    return {} if shorts is None else {"department": tuple(sorted(shorts))}


def role_for(kept: Kept) -> Role:
    """What who asks may see of an article: a stranger to its department sees what a researcher sees."""
    found = role()
    return "researcher" if found in ("admin", "editor") and not is_mine(kept) else found


def own(connection: Connection) -> list[Department]:
    """The departments among which who is signed in may choose for a source."""
    bound: frozenset[int] | None = getattr(current_user, "bound", None)
    return [each for each in departments.every(connection) if bound is None or each.id in bound]
