"""Texts are looked up in their carrier's own record where no report tells enough."""

from alembic import op

revision = "messaging_0008"
down_revision = "messaging_0007"


def upgrade() -> None:
    # Scanned across churches, so without row-level security: ids only.
    op.execute("""
        CREATE TABLE wanted_records (
            recipient_id uuid PRIMARY KEY,
            church_id    uuid NOT NULL,
            look_at      timestamptz NOT NULL,
            attempts     integer NOT NULL DEFAULT 0
        )
    """)
    op.execute("CREATE INDEX ix_wanted_records_look_at ON wanted_records (look_at)")


def downgrade() -> None:
    op.execute("DROP TABLE wanted_records")
