"""The uploads of staff, as conversation tells of them, and the pictures of templates."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0023"
down_revision = "messaging_0022"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE uploads (
            church_id    uuid NOT NULL,
            id           uuid NOT NULL,
            bytes        bigint NOT NULL,
            content_type text NOT NULL,
            url          text NOT NULL,         -- for carriers
            kept_until   timestamptz NOT NULL,  -- unless something of ours uses it
            is_used      boolean NOT NULL DEFAULT false,
            PRIMARY KEY (church_id, id)
        )
    """)
    church_scope("uploads")
    op.execute("ALTER TABLE templates ADD COLUMN media_ids uuid[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE templates DROP COLUMN media_ids")
    op.execute("DROP TABLE uploads")
