"""What an admin should know of until it is over; and what a change changed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("before", sa.JSON))
    op.add_column("decisions", sa.Column("after", sa.JSON))
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("alarms_by_cause", "alarms", ["cause", "ended_at"])
