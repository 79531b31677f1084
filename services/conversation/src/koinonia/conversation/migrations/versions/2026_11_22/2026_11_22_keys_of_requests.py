"""Keys of requests are kept as in every service, and forgotten after a week."""

from alembic import op

from koinonia.common.migrations import old_rows

revision = "conversation_0002"
down_revision = "conversation_0001"


def upgrade() -> None:
    for statement in (
        "ALTER TABLE idempotency_keys ADD COLUMN scope text NOT NULL DEFAULT 'conversations.reply'",
        "ALTER TABLE idempotency_keys ALTER COLUMN scope DROP DEFAULT",
        "ALTER TABLE idempotency_keys RENAME COLUMN message_id TO resource_id",
        "ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey",
        "ALTER TABLE idempotency_keys ADD PRIMARY KEY (church_id, scope, key)",
    ):
        op.execute(statement)
    old_rows("idempotency_keys", days=7)


def downgrade() -> None:
    for statement in (
        "DROP POLICY old ON idempotency_keys",
        "DROP INDEX ix_idempotency_keys_created_at",
        "ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey",
        "ALTER TABLE idempotency_keys ADD PRIMARY KEY (church_id, key)",
        "ALTER TABLE idempotency_keys RENAME COLUMN resource_id TO message_id",
        "ALTER TABLE idempotency_keys DROP COLUMN scope",
    ):
        op.execute(statement)
