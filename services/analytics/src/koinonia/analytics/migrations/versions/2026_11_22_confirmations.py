"""Confirmations of STOP, START and HELP: they cost like any text, and are neither a broadcast nor
a reply of anybody.
"""

from alembic import op

revision = "analytics_0002"
down_revision = "analytics_0001"


def upgrade() -> None:
    op.execute("ALTER TABLE message_reports DROP CONSTRAINT message_reports_kind_check")
    op.execute("""
        ALTER TABLE message_reports ADD CONSTRAINT message_reports_kind_check
              CHECK (kind IN ('broadcast', 'reply', 'confirmation'))
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE message_reports DROP CONSTRAINT message_reports_kind_check")
    op.execute("DELETE FROM message_reports WHERE kind = 'confirmation'")
    op.execute("""
        ALTER TABLE message_reports ADD CONSTRAINT message_reports_kind_check
              CHECK (kind IN ('broadcast', 'reply'))
    """)
