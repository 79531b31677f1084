"""How far a church was warned that its plan runs out in this period."""

from alembic import op

revision = "billing_0005"
down_revision = "billing_0004"


def upgrade() -> None:
    op.execute("ALTER TABLE subscriptions ADD COLUMN warned_percent smallint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE subscriptions DROP COLUMN warned_percent")
