"""Which lines stand on most of a source's articles."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("boilerplate", sa.Text, nullable=False, server_default=""))
