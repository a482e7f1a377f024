"""A place held for the migration that comes before 0009."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: this file is dropped when the branches meet."""
