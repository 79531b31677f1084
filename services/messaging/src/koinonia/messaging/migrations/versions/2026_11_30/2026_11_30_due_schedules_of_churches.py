"""Schedules that are due are taken by the church."""

from alembic import op

revision = "messaging_0034"
down_revision = "messaging_0033"


def upgrade() -> None:
    op.execute("""
        CREATE INDEX ix_due_schedules_church_id_due_at ON due_schedules (church_id, due_at)
    """)


def downgrade() -> None:
    op.execute("DROP INDEX ix_due_schedules_church_id_due_at")
