"""How long an address has shown the same, and until when it is left in peace for that."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("addresses", sa.Column("same_since", sa.DateTime))
    op.add_column("addresses", sa.Column("rest_until", sa.DateTime))
