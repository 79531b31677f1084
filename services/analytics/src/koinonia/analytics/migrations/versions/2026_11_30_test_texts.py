"""Test texts cost like any text, and are no broadcasts."""

from alembic import op

revision = "analytics_0003"
down_revision = "analytics_0002"

OLD, NEW = "'broadcast', 'reply', 'confirmation'", "'broadcast', 'reply', 'confirmation', 'test'"


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE message_reports DROP CONSTRAINT message_reports_kind_check")
    op.execute(f"""
        ALTER TABLE message_reports ADD CONSTRAINT message_reports_kind_check
              CHECK (kind IN ({kinds}))
    """)


def upgrade() -> None:
    _allow(NEW)


def downgrade() -> None:
    # Neither are these counted as broadcasts or replies, and they cost as well.
    op.execute("UPDATE message_reports SET kind = 'confirmation' WHERE kind = 'test'")
    _allow(OLD)
