"""Test texts: in the order of broadcasts, and among them where they are asked for."""

from alembic import op

revision = "messaging_0032"
down_revision = "messaging_0031"

OLD, NEW = "'broadcast', 'reply', 'confirmation'", "'broadcast', 'reply', 'confirmation', 'test'"


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE messages DROP CONSTRAINT messages_kind_check")
    op.execute(f"ALTER TABLE messages ADD CONSTRAINT messages_kind_check CHECK (kind IN ({kinds}))")


def _index(which: str) -> None:
    op.execute("DROP INDEX ix_messages_church_id_created_at_id")
    op.execute(f"""
        CREATE INDEX ix_messages_church_id_created_at_id ON messages
        (church_id, created_at DESC, id DESC) WHERE {which}
    """)


def upgrade() -> None:
    _allow(NEW)
    _index("kind IN ('broadcast', 'test')")


def downgrade() -> None:
    op.execute("UPDATE messages SET kind = 'broadcast' WHERE kind = 'test'")  # to one person
    _allow(OLD)
    _index("kind = 'broadcast'")
