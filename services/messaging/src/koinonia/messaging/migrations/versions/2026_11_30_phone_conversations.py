"""Which conversation a phone has; the shared inbox says it of all that there are."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0028"
down_revision = "messaging_0027"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE phone_conversations (
            church_id       uuid NOT NULL,
            phone_index     text COLLATE "C" NOT NULL,
            conversation_id uuid NOT NULL,
            since           timestamptz NOT NULL,
            PRIMARY KEY (church_id, phone_index)
        )
    """)
    church_scope("phone_conversations")


def downgrade() -> None:
    op.execute("DROP TABLE phone_conversations")
