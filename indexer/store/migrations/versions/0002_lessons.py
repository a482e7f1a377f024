"""What the archive taught about its words: compounds and accents, in numbered lessons."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("compounds", sa.LargeBinary, nullable=False),
        sa.Column("accents", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
