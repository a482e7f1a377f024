"""How do the free pages of a PostgreSQL database forget what was in them?  Every table is written anew.

What the server keeps beside them (its journal, replicas, backups) is its operator's; docs/postgres.md says so.
"""

import time

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from indexer.errors import KhotinError
from indexer.store import tables
from indexer.store.database import Store, told

# Readers that began before this one may still see the old rows, which are kept for them.
OLDER = """
    SELECT count(*) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_xmin IS NOT NULL
    AND age(backend_xmin) > age(CAST(CAST(:before AS text) AS xid))
"""


def write_anew(store: Store, patience: float) -> None:
    """Write all tables anew, and what the planner knows of them.  Raises KhotinError while somebody reads for long."""
    try:
        with store.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            wait_for_readers(connection, patience)
            for table in tables.metadata.sorted_tables:
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{table.name}"'))
            connection.execute(text("VACUUM FULL pg_catalog.pg_statistic"))  # samples of every column are kept there
    except DBAPIError as problem:
        raise told(problem, store.engine, store.home) from problem


def wait_for_readers(connection: Connection, patience: float) -> None:
    end = time.monotonic() + patience
    before = connection.scalar(text("SELECT CAST(pg_current_xact_id() AS text)"))
    while connection.scalar(text(OLDER), {"before": before}):
        if time.monotonic() > end:
            raise KhotinError("Somebody has been reading the database for long; what was destroyed is cleared later.")
        time.sleep(0.1)
