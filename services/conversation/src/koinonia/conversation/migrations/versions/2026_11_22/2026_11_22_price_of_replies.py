"""What a part costs a church, as billing tells it, and what a reply was said to cost."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0006"
down_revision = "conversation_0005"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE prices (
            church_id  uuid PRIMARY KEY,
            part_price numeric NOT NULL,  -- USD
            changed_at timestamptz NOT NULL
        )
        """
    )
    op.execute("ALTER TABLE conversation_messages ADD COLUMN price numeric")
    church_scope("prices")


def downgrade() -> None:
    op.execute("ALTER TABLE conversation_messages DROP COLUMN price")
    op.execute("DROP TABLE prices")
