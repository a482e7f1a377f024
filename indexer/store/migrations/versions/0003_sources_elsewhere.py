"""What can be set for one source: further hosts, certificates of its own, old TLS, pictures kept or not."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("hosts", sa.String, nullable=False, server_default=""))
    op.add_column("sources", sa.Column("ca_file", sa.String, nullable=False, server_default=""))
    op.add_column("sources", sa.Column("legacy_tls", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sources", sa.Column("keep_images", sa.Boolean, nullable=False, server_default=sa.true()))
