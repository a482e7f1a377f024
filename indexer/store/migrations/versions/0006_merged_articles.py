"""Merged articles are found without a walk through all: every search asks which articles it must not show."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("articles_merged", "articles", ["merged_into"])
