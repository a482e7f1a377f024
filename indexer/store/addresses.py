"""Which addresses of a site are known, and which are to be asked for next?  The crawler's frontier and memory."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, update

from indexer import clock
from indexer.store import destructions
from indexer.store.dialects import upsert
from indexer.store.tables import addresses

# Lists lead to articles and articles to files: asked for in this order, new pages are found early.
ORDER = {"start": 0, "list": 1, "article": 2, "other": 3, "file": 4, "image": 5}
BATCH = 20  # so few that newly found lists soon get their turn
# What is asked for again in each round. Gone ones are, when a page links to them again; further addresses of an article
# ("alias"), when its own is no more; a branch that brings nothing ("shut"), when all is; an image ("stored") never.
ASKED_AGAIN = ("waiting", "kept", "failed", "ignored")
# A page that has not changed for some time is likely to stay so for a tenth of it, as caches reckon (RFC 9111, 4.2.2).
REST_SHARE = 0.1
LEAST_REST, LONGEST_REST = timedelta(hours=1), timedelta(days=14)
REDIRECTS = (301, 302, 303, 307, 308)

Which = Literal["due", "all", "failed"]


class New(NamedTuple):
    """An address that a page leads to."""

    address: str
    kind: str
    link_text: str = ""
    list_date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one address."""

    id: int
    source_id: int
    address: str
    kind: str
    state: str
    depth: int
    found_on: str
    link_text: str
    list_date: datetime | None
    etag: str
    last_modified: str
    digest: str
    round_id: int | None
    tries: int
    status: int | None
    problem: str
    last_fetched: datetime | None
    missing_since: datetime | None
    article_id: int | None
    same_since: datetime | None


COLUMNS = [addresses.c[each.name] for each in fields(Known)]


def add(
    connection: Connection, source_id: int, found: Iterable[New], found_on: str = "", depth: int = 0, round_id: int = 0
) -> None:
    """Note addresses; a known one learns the list's date, and a gone one gets another chance in the next round."""
    told = {"source_id": source_id, "state": "waiting", "depth": depth, "found_on": found_on}
    met = list(found)
    barred = destructions.barred_among(connection, [each.address for each in met])  # nothing of them is to be known
    rows = [each._asdict() | told | {"first_seen": clock.now()} for each in met if each.address not in barred]
    if not rows:
        return
    fresh = upsert(addresses)
    comes_back = and_(addresses.c.state == "gone", func.coalesce(addresses.c.round_id, 0) != round_id)
    values = {
        "link_text": case((addresses.c.link_text == "", fresh.excluded.link_text), else_=addresses.c.link_text),
        "list_date": func.coalesce(fresh.excluded.list_date, addresses.c.list_date),
        "state": case((comes_back, "waiting"), else_=addresses.c.state),
    }
    connection.execute(fresh.on_conflict_do_update(index_elements=["source_id", "address"], set_=values), rows)


def start_at(connection: Connection, source_id: int, address: str) -> None:
    """Make an address the start of a source; where it started before the site moved is a list like others."""
    former = and_(addresses.c.source_id == source_id, addresses.c.kind == "start", addresses.c.address != address)
    connection.execute(update(addresses).where(former).values(kind="list"))
    add(connection, source_id, [New(address, "start")])
    same = and_(addresses.c.source_id == source_id, addresses.c.address == address)
    connection.execute(update(addresses).where(same).values(kind="start"))


def due(source_id: int, round_id: int, which: Which = "due") -> ColumnElement[bool]:
    """Which addresses a round has still to ask for: those whose time has come, all, or only those that failed."""
    states = {"failed": ("failed",), "all": (*ASKED_AGAIN, "shut")}.get(which, ASKED_AGAIN)
    unsettled = or_(addresses.c.round_id.is_(None), addresses.c.round_id != round_id)
    wanted = and_(addresses.c.source_id == source_id, addresses.c.state.in_(states), unsettled)
    return wanted if which == "all" else and_(wanted, or_(addresses.c.rest_until.is_(None), rested()))


def rested() -> ColumnElement[bool]:
    return addresses.c.rest_until <= clock.now()


def rest(same_since: datetime, now: datetime) -> datetime | None:
    """Until when a page that has shown the same since then need not be asked for."""
    span = min((now - same_since) * REST_SHARE, LONGEST_REST)
    return now + span if span >= LEAST_REST else None


def count_resting(connection: Connection, source_id: int, round_id: int) -> int:
    """How many addresses a round did not ask for, as it is too early for them."""
    left = and_(due(source_id, round_id, "all"), addresses.c.rest_until > clock.now())
    return int(connection.execute(select(func.count()).select_from(addresses).where(left)).scalar_one())


def next_due(connection: Connection, source_id: int, round_id: int, which: Which = "due") -> list[Known]:
    """The next addresses to ask for: by kind, those never or longest not fetched first."""
    rank = case(ORDER, value=addresses.c.kind, else_=len(ORDER))
    wanted = chosen().where(due(source_id, round_id, which))
    rows = connection.execute(
        wanted.order_by(rank, addresses.c.last_fetched.nulls_first(), addresses.c.id).limit(BATCH)
    )
    return [Known(**row._mapping) for row in rows]


def count_due(connection: Connection, source_id: int, round_id: int, which: Which = "due") -> int:
    wanted = select(func.count()).select_from(addresses).where(due(source_id, round_id, which))
    return int(connection.execute(wanted).scalar_one())


def count_done(connection: Connection, source_id: int, round_id: int) -> int:
    settled = and_(addresses.c.source_id == source_id, addresses.c.round_id == round_id)
    return int(connection.execute(select(func.count()).select_from(addresses).where(settled)).scalar_one())


def unknown(connection: Connection, source_id: int, these: Collection[str]) -> set[str]:
    """Those addresses that were never heard of."""
    same = and_(addresses.c.source_id == source_id, addresses.c.address.in_(these))
    return set(these) - set(connection.execute(select(addresses.c.address).where(same)).scalars())


def settle(connection: Connection, known: Known, round_id: int | None, state: str, **values: Any) -> None:
    """Write what became of an address in this round; without a round it is still to be settled."""
    values = {"rest_until": None} | values | {"state": state, "round_id": round_id, "last_fetched": clock.now()}
    connection.execute(update(addresses).where(addresses.c.id == known.id).values(values))


def get(connection: Connection, source_id: int, address: str) -> Known | None:
    row = connection.execute(chosen().where(addresses.c.source_id == source_id, addresses.c.address == address)).first()
    return Known(**row._mapping) if row else None


def of_kind(connection: Connection, source_id: int, kind: str) -> list[str]:
    """All addresses of a kind, oldest first."""
    same = and_(addresses.c.source_id == source_id, addresses.c.kind == kind)
    return list(connection.execute(select(addresses.c.address).where(same).order_by(addresses.c.id)).scalars())


def moved_to(connection: Connection, source_id: int, address: str, found_on: str) -> None:
    """Remember which address a redirect came from, so that it becomes another name of what is found there."""
    same = and_(addresses.c.source_id == source_id, addresses.c.address == address)
    connection.execute(update(addresses).where(same).values(found_on=found_on))


def forget(connection: Connection, source_id: int, these: Collection[str]) -> None:
    """Have addresses, and those that they lead to, asked for anew and whole: something now needs what they say."""
    wanted = or_(addresses.c.address.in_(these), addresses.c.found_on.in_(these))
    same = and_(addresses.c.source_id == source_id, wanted, addresses.c.state == "kept")
    values = {"state": "waiting", "round_id": None, "etag": "", "last_modified": "", "digest": "", "rest_until": None}
    connection.execute(update(addresses).where(same).values(values))


def still_shown(connection: Connection, article_id: int, but: int) -> bool:
    """Does another address than ``but`` still show the article?"""
    shown = and_(
        addresses.c.article_id == article_id,
        addresses.c.id != but,
        addresses.c.state.in_(("kept", "failed")),
        addresses.c.status.not_in(REDIRECTS),
        addresses.c.missing_since.is_(None),
    )
    return connection.execute(select(addresses.c.id).where(shown).limit(1)).first() is not None


def is_alias(connection: Connection, known: Known, article_id: int) -> bool:
    """Is an article kept under another address that shows it as well and was met before?"""
    other = and_(
        addresses.c.article_id == article_id,
        addresses.c.id != known.id,
        addresses.c.source_id == known.source_id,
        addresses.c.state == "kept",
        addresses.c.status == 200,
        addresses.c.missing_since.is_(None),
    )
    return (
        known.kind != "start" and connection.execute(select(addresses.c.id).where(other).limit(1)).first() is not None
    )


def revive(connection: Connection, article_id: int) -> None:
    """Have an article's further addresses asked for again."""
    same = and_(addresses.c.article_id == article_id, addresses.c.state == "alias")
    values = {"state": "waiting", "round_id": None, "digest": "", "etag": "", "last_modified": ""}
    connection.execute(update(addresses).where(same).values(values))


def failed(connection: Connection, source_id: int, limit: int = 200) -> list[Known]:
    """The addresses that could not be had, newest first."""
    wanted = chosen().where(addresses.c.source_id == source_id, addresses.c.state == "failed")
    return [Known(**row._mapping) for row in connection.execute(wanted.order_by(addresses.c.id.desc()).limit(limit))]


def count_failed(connection: Connection, source_id: int) -> int:
    wanted = select(func.count()).where(addresses.c.source_id == source_id, addresses.c.state == "failed")
    return int(connection.execute(wanted).scalar_one())


def chosen() -> Select[Any]:
    return select(*COLUMNS)
