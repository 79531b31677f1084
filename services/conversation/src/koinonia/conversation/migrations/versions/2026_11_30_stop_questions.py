"""Phones whose owner may have asked to stop; the words are those of a line of the thread."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0007"
down_revision = "conversation_0006"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE stop_questions (
            church_id          uuid NOT NULL,
            phone_index        text COLLATE "C" NOT NULL,
            carrier            text,  -- null while only the end of it was heard
            carrier_message_id text,
            asked_at           timestamptz NOT NULL,
            counts_from        timestamptz,
            is_open            boolean NOT NULL,
            PRIMARY KEY (church_id, phone_index)
        )
    """)
    church_scope("stop_questions")


def downgrade() -> None:
    op.execute("DROP TABLE stop_questions")
