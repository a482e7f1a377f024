"""How does Alembic reach the database?  Over the connection that `migrate.upgrade` hands it."""

from alembic import context

from indexer.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
