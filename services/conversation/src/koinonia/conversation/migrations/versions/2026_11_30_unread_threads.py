"""What somebody of the team has not read is found without walking what they have.

Texts that are there count as before. Nobody has settled anything yet, so a list of what one has not
read looks through the newest texts until the first rows are here.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0020"
down_revision = "conversation_0019"


def upgrade() -> None:
    # Of what came until then, whatever this person has not read is in unread_threads.
    op.execute("ALTER TABLE team ADD COLUMN settled_through timestamptz")
    op.execute("""
        CREATE TABLE unread_threads (
            church_id       uuid NOT NULL,
            admin_id        uuid NOT NULL,
            conversation_id uuid NOT NULL,
            PRIMARY KEY (church_id, admin_id, conversation_id),
            FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id)
                ON DELETE CASCADE
        )
    """)
    op.execute("""
        CREATE INDEX ix_unread_threads_conversation_id ON unread_threads
            (church_id, conversation_id)
    """)
    op.execute("""
        CREATE INDEX ix_conversations_last_received_at ON conversations
            (church_id, last_received_at DESC) WHERE last_received_at IS NOT NULL
    """)
    church_scope("unread_threads")


def downgrade() -> None:
    op.execute("DELETE FROM due_work WHERE kind = 'settling'")
    op.execute("DROP INDEX ix_conversations_last_received_at")
    op.execute("DROP TABLE unread_threads")
    op.execute("ALTER TABLE team DROP COLUMN settled_through")
