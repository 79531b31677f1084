"""Who else got a group text, and how often a carrier announced it, by the line that it became."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0011"
down_revision = "conversation_0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE line_participants (
            church_id    uuid NOT NULL,
            message_id   uuid NOT NULL,
            position     integer NOT NULL,
            phone_index  text COLLATE "C" NOT NULL,
            phone_sealed text NOT NULL,
            PRIMARY KEY (church_id, message_id, position)
        )
    """)
    op.execute("""
        CREATE TABLE group_announcements (
            church_id          uuid NOT NULL,
            carrier            text NOT NULL,
            carrier_message_id text NOT NULL,
            message_id         uuid NOT NULL,
            text_key           text COLLATE "C" NOT NULL,  -- a blind index of who said what to whom
            via                text COLLATE "C" NOT NULL,  -- the number of ours that it came by
            received_at        timestamptz NOT NULL,
            PRIMARY KEY (church_id, carrier, carrier_message_id)
        )
    """)
    op.execute("""
        CREATE INDEX ix_group_announcements_key ON group_announcements
            (church_id, text_key, received_at)
    """)
    church_scope("line_participants", "group_announcements")


def downgrade() -> None:
    op.execute("DROP TABLE line_participants, group_announcements")
