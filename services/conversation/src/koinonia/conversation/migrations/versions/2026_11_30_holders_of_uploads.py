"""An upload is kept as long as something refers to it, and may go out with several texts."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0013"
down_revision = "conversation_0012"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE upload_holders (
            church_id  uuid NOT NULL,
            holder_id  uuid NOT NULL,       -- of a message, schedule, template or reply for later
            media_ids  uuid[] NOT NULL,     -- all that it refers to; empty: none any more
            changed_at timestamptz NOT NULL,
            PRIMARY KEY (church_id, holder_id)
        )
    """)
    op.execute("CREATE INDEX ix_upload_holders_media_ids ON upload_holders USING gin (media_ids)")
    church_scope("upload_holders")
    op.execute("ALTER TABLE scheduled_replies ADD COLUMN media_ids uuid[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE scheduled_replies DROP COLUMN media_ids")
    op.execute("DROP TABLE upload_holders")
