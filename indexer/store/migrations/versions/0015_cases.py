"""Corrections by hand, personal data that was found, and when a reader's request is due."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("state", sa.String, nullable=False, server_default="new"))
    op.add_column("requests", sa.Column("due_at", sa.DateTime))
    op.execute("UPDATE requests SET state = 'answered' WHERE answered_at IS NOT NULL")
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("corrections_by_article", "corrections", ["article_id", "withdrawn_at"])
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("part", sa.String, nullable=False),
        sa.Column("signature", sa.String, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("found_at", sa.DateTime, nullable=False),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("problem", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.UniqueConstraint("article_id", "part", "signature"),
        sqlite_autoincrement=True,
    )
    op.create_index("findings_by_state", "findings", ["state"])
    op.create_index("findings_by_signature", "findings", ["signature"])
    # what the archive held before is looked through once, by the worker
    op.execute(
        "INSERT INTO jobs (kind, lane, arguments, state, asked_by, made_at, worker, progress, report, problem)"
        " SELECT 'screen', 'short', '{}', 'waiting', 'worker', CURRENT_TIMESTAMP, '', '{}', '{}', ''"
        " WHERE EXISTS (SELECT 1 FROM articles)"
    )
