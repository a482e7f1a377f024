"""Which articles were destroyed, by whose decision, and what never comes in again."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("destroyed_at", sa.DateTime))
    op.add_column("captures", sa.Column("came_as", sa.String, nullable=False, server_default=""))
    op.create_table(
        "destructions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("signed_by", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("left_over", sa.JSON, nullable=False),
        sa.Column("tried_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("destructions_by_article", "destructions", ["article_id"])
    op.create_table(
        "barred",
        sa.Column("mark", sa.String, primary_key=True),
        sa.Column("destruction_id", sa.Integer, sa.ForeignKey("destructions.id"), nullable=False),
    )
