"""Who may not answer any more holds nothing; also who left before this."""

from alembic import op

revision = "conversation_0015"
down_revision = "conversation_0014"


def upgrade() -> None:
    # Staff were told that the reply of somebody who left still goes out.
    op.execute("ALTER TABLE scheduled_replies ADD COLUMN author_left_at timestamptz")
    op.execute("""
        CREATE INDEX ix_scheduled_replies_author ON scheduled_replies (church_id, admin_id)
         WHERE status = 'waiting' AND author_left_at IS NULL
    """)
    op.execute("""
        INSERT INTO due_work (kind, id, church_id, due_at)
        SELECT 'withdrawal', admin_id, church_id, now() FROM team
         WHERE is_removed OR role = 'viewer'
        ON CONFLICT DO NOTHING
    """)


def downgrade() -> None:
    op.execute("DELETE FROM due_work WHERE kind = 'withdrawal'")
    op.execute("DROP INDEX ix_scheduled_replies_author")
    op.execute("ALTER TABLE scheduled_replies DROP COLUMN author_left_at")
