"""Which phones texted back after a broadcast, counted per broadcast; until when one may be undone.

Texts of before this migration are counted nowhere: what they answered lies with conversation.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0035"
down_revision = "messaging_0034"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE broadcast_responses (
            church_id   uuid NOT NULL,
            message_id  uuid NOT NULL,
            phone_index text COLLATE "C" NOT NULL,
            replied_at  timestamptz,
            stopped_at  timestamptz,
            PRIMARY KEY (message_id, phone_index),
            CONSTRAINT ck_broadcast_responses_something_was_said
                CHECK (replied_at IS NOT NULL OR stopped_at IS NOT NULL)
        )
    """)
    op.execute("""
        CREATE TABLE broadcast_response_counts (
            church_id  uuid NOT NULL,
            message_id uuid PRIMARY KEY,
            replied    integer NOT NULL CHECK (replied >= 0),
            stopped    integer NOT NULL CHECK (stopped >= 0)
        )
    """)
    church_scope("broadcast_responses", "broadcast_response_counts")
    op.execute("ALTER TABLE messages ADD COLUMN undo_until timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE messages DROP COLUMN undo_until")
    op.execute("DROP TABLE broadcast_response_counts, broadcast_responses")
