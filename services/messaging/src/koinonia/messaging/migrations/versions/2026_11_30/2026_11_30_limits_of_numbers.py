"""How many numbers a church may have, as billing tells."""

from alembic import op

revision = "messaging_0018"
down_revision = "messaging_0017"


def upgrade() -> None:
    # Null: billing has not said. It tells all churches with the same upgrade.
    op.execute("ALTER TABLE allowances ADD COLUMN number_limit integer")


def downgrade() -> None:
    op.execute("ALTER TABLE allowances DROP COLUMN number_limit")
