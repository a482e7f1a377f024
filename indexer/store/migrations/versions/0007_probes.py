"""What a look at one of a source's pages told last, for the admin pages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("probe", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("sources", sa.Column("probed_at", sa.DateTime))
