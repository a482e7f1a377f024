"""How large is the database, and who is connected?  Figures for whoever watches."""

from typing import NamedTuple

from sqlalchemy import text

from indexer.store.database import FILE_NAME, Store

SIZE = "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
OWN = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
STATES = "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"


class Figures(NamedTuple):
    """``connections`` by what they are doing: of all processes on a server, of this process with a file."""

    kind: str
    bytes: int
    connections: dict[str, int]


def figures(store: Store) -> Figures:
    if not store.is_served:
        lying = sum(each.stat().st_size for each in store.home.glob(f"{FILE_NAME}*"))
        return Figures("sqlite", lying, {"active": store.engine.pool.checkedout()})  # type: ignore[attr-defined]
    with store.read() as connection:
        size = int(connection.execute(text(SIZE + OWN)).scalar_one())
        states = {str(state): int(count) for state, count in connection.execute(text(STATES))}
    return Figures("postgresql", size, states)
