"""A schedule can be paused, and a date of it skipped."""

from alembic import op

revision = "messaging_0024"
down_revision = "messaging_0023"

OUTCOMES = "schedule_occurrences_outcome_check"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE schedules
            ADD COLUMN paused_at timestamptz,
            ADD COLUMN skipped_dates date[] NOT NULL DEFAULT '{}'
    """)
    op.execute(f"""
        ALTER TABLE schedule_occurrences DROP CONSTRAINT {OUTCOMES},
            ADD CONSTRAINT {OUTCOMES}
                CHECK (outcome IN ('sent', 'missed', 'failed', 'skipped'))
    """)


def downgrade() -> None:
    op.execute("UPDATE schedule_occurrences SET outcome = 'missed' WHERE outcome = 'skipped'")
    op.execute(f"""
        ALTER TABLE schedule_occurrences DROP CONSTRAINT {OUTCOMES},
            ADD CONSTRAINT {OUTCOMES} CHECK (outcome IN ('sent', 'missed', 'failed'))
    """)
    op.execute("ALTER TABLE schedules DROP COLUMN paused_at, DROP COLUMN skipped_dates")
