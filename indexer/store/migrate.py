"""How is an older database brought to the newest shape?  By Alembic, migration after migration."""

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from indexer.errors import KhotinError
from indexer.store.database import MIGRATIONS


def upgrade(connection: Connection) -> None:
    """Run what is missing, inside the connection's transaction.  Raises KhotinError for a newer Khotin's database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise KhotinError("This archive was written by a newer Khotin. Install that version to open it.") from None
