"""The words that an archive's own people add; and what is asked, without whose question it was."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_words()
    make_questions()


def make_words() -> None:
    op.create_table(
        "words",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("vi", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("short", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.UniqueConstraint("kind", "vi", "en", "short"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "word_changes",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )


def make_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("day", "folded"),
        sqlite_autoincrement=True,
    )
    missed = sa.text("missed > 0")
    op.create_index("questions_missed", "questions", ["folded"], sqlite_where=missed, postgresql_where=missed)
    op.create_table(
        "question_sessions",
        sa.Column("question_id", sa.Integer, sa.ForeignKey("questions.id"), primary_key=True),
        sa.Column("session", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "question_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
    )
    op.create_table(
        "question_times",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("milliseconds", sa.Integer, primary_key=True),
        sa.Column("answers", sa.Integer, nullable=False),
    )
    op.create_table(
        "question_salt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "missed_marks",
        sa.Column("folded", sa.Text, primary_key=True),
        sa.Column("ignored_at", sa.DateTime),
        sa.Column("tested_at", sa.DateTime),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("mended_at", sa.DateTime),
    )
