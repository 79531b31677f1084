"""How far each of the team has read each thread.

What came before this counts as read by everybody, and what came before somebody joined as read by
them; so no thread and no person needs a row of their own to begin with.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0019"
down_revision = "conversation_0018"


def upgrade() -> None:
    # When the last text was taken in, by our clock and later than the one before; null where none
    # was since this column is there. A text that the carrier dates back comes last all the same.
    op.execute("ALTER TABLE conversations ADD COLUMN last_received_at timestamptz")
    op.execute("ALTER TABLE team ADD COLUMN reads_from timestamptz NOT NULL DEFAULT now()")
    op.execute("""
        CREATE TABLE read_marks (
            church_id       uuid NOT NULL,
            admin_id        uuid NOT NULL,
            conversation_id uuid NOT NULL,
            read_through    timestamptz NOT NULL,  -- last_received_at of the thread as they saw it
            PRIMARY KEY (church_id, admin_id, conversation_id),
            FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id)
                ON DELETE CASCADE
        )
    """)
    op.execute("""
        CREATE INDEX ix_read_marks_conversation_id ON read_marks (church_id, conversation_id)
    """)
    church_scope("read_marks")


def downgrade() -> None:
    op.execute("DROP TABLE read_marks")
    op.execute("ALTER TABLE team DROP COLUMN reads_from")
    op.execute("ALTER TABLE conversations DROP COLUMN last_received_at")
