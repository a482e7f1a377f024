"""Whose sources these are, and who looks after which; an archive that has no departments notices nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("short", sa.String, nullable=False, unique=True),
        sa.Column("name_vi", sa.String, nullable=False),
        sa.Column("name_en", sa.String, nullable=False),
        sa.Column("logo", sa.LargeBinary),
        sa.Column("logo_digest", sa.String, nullable=False, server_default=""),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "keepers",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("department_id", sa.Integer, sa.ForeignKey("departments.id"), primary_key=True),
    )
    op.add_column("sources", sa.Column("department_id", sa.Integer))
    op.create_index("sources_by_department", "sources", ["department_id"])
