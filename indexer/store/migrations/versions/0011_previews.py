"""Looks at a site before it is crawled; sources that rest, and how many pages a round asks a source for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("paused_at", sa.DateTime))
    op.add_column("sources", sa.Column("max_pages", sa.Integer))
    op.create_table(
        "previews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id")),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("trial", sa.JSON, nullable=False),
        sa.Column("job_id", sa.Integer),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "preview_pages",
        sa.Column("preview_id", sa.Integer, sa.ForeignKey("previews.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("fetched_at", sa.DateTime, nullable=False),
        sa.Column("listed_at", sa.DateTime),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
