"""How people come in: sessions, second factors, tokens for programs, and a log of who came."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def account() -> sa.Column[int]:
    return sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False)


def upgrade() -> None:
    op.add_column("accounts", sa.Column("signed_in_at", sa.DateTime))
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer, primary_key=True),
        account(),
        sa.Column("digest", sa.String, nullable=False, unique=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("network", sa.String, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("sessions_by_account", "sessions", ["account_id"])
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("confirmed_at", sa.DateTime),
        sa.Column("last_step", sa.Integer, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer, primary_key=True),
        account(),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_index("recovery_codes_by_account", "recovery_codes", ["account_id"])
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        account(),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False, unique=True),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("tokens_by_account", "tokens", ["account_id"])
    op.create_table(
        "security_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("network", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("security_events_by_time", "security_events", ["at"])
