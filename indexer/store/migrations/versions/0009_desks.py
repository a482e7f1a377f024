"""What readers with an account keep: searches, collections, an address for letters."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    letters()
    searches()
    collections()


def letters() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("nonce", sa.String, nullable=False, unique=True),
        sa.Column("confirmed_at", sa.DateTime),
        sa.Column("refusals", sa.Integer, nullable=False),
        sa.Column("off_at", sa.DateTime),
        sa.Column("problem", sa.String, nullable=False),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id")),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("letters_by_time", "letters", ["next_try"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("nonce", sa.String, nullable=False, unique=True),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
    )
    op.create_table(
        "knocks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bucket", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("knocks_by_bucket", "knocks", ["bucket", "at"])


def searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("alert", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("known_up_to", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("saved_searches_by_account", "saved_searches", ["account_id"])
    op.create_index("saved_searches_due", "saved_searches", ["due_at"])
    op.create_table(
        "announced",
        sa.Column("search_id", sa.Integer, sa.ForeignKey("saved_searches.id"), primary_key=True),
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id"), primary_key=True),
    )


def collections() -> None:
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("collections_by_account", "collections", ["account_id"])
    op.create_table(
        "collected",
        sa.Column("collection_id", sa.Integer, sa.ForeignKey("collections.id"), primary_key=True),
        sa.Column("article_id", sa.Integer, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
    )
