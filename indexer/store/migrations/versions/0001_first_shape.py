"""The first shape, as it was: frozen here, whatever `tables` becomes."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# What SQLite calls by other names than PostgreSQL does.
NAMES = {
    " id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT": " id BIGSERIAL PRIMARY KEY",
    " id INTEGER NOT NULL": " id BIGSERIAL NOT NULL",
    " INTEGER": " BIGINT",
    " DATETIME": " TIMESTAMP",
    " BLOB": " BYTEA",
}


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    if op.get_bind().dialect.name == "postgresql":
        for name, other in NAMES.items():
            statements = statements.replace(name, other)
    for statement in statements.split(";\n"):
        if statement.strip():
            op.execute(statement)
