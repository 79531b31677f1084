"""Staff list open questions by when they count as stops."""

from alembic import op

revision = "messaging_0014"
down_revision = "messaging_0013"


def upgrade() -> None:
    op.execute("""
        CREATE INDEX ix_stop_questions_counts_from ON stop_questions (church_id, counts_from, id)
    """)


def downgrade() -> None:
    op.execute("DROP INDEX ix_stop_questions_counts_from")
