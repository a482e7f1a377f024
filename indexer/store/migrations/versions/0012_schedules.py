"""Hours without crawling; log lines in parts; who is told of troubles, and of which already; what came in lately."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blackouts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id")),
        sa.Column("days", sa.String, nullable=False),
        sa.Column("begins", sa.Integer, nullable=False),
        sa.Column("ends", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("articles_by_arrival", "articles", ["source_id", "first_seen"])
    op.create_index("articles_first_seen", "articles", ["first_seen", "source_id", "merged_into"])
    op.create_index("articles_gone", "articles", ["gone_at", "source_id", "merged_into"])
    op.create_index("versions_by_time", "versions", ["captured_at", "number", "article_id"])
    op.add_column("job_lines", sa.Column("values", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("job_lines", sa.Column("detail", sa.Text, nullable=False, server_default=""))
    op.add_column("mailboxes", sa.Column("notices", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("alarms", sa.Column("told_at", sa.DateTime))
    op.add_column("alarms", sa.Column("end_told_at", sa.DateTime))
