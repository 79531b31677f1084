"""Test texts cost like any text."""

from alembic import op

revision = "billing_0004"
down_revision = "billing_0003"

OLD, NEW = "'broadcast', 'reply', 'confirmation'", "'broadcast', 'reply', 'confirmation', 'test'"


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE reservations DROP CONSTRAINT reservations_kind_check")
    op.execute(
        f"ALTER TABLE reservations ADD CONSTRAINT reservations_kind_check CHECK (kind IN ({kinds}))"
    )


def upgrade() -> None:
    _allow(NEW)


def downgrade() -> None:
    op.execute("UPDATE reservations SET kind = 'broadcast' WHERE kind = 'test'")
    _allow(OLD)
