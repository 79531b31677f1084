"""The spool (an outbox) for calls the broker could not take, and the calls nobody understood."""

from alembic import op

from koinonia.common.migrations import bus_tables, drop_bus_tables

revision = "webhooks_0001"
down_revision = None


def upgrade() -> None:
    bus_tables()
    op.execute("""
        CREATE TABLE kept_calls (
            id          uuid PRIMARY KEY,
            carrier     text NOT NULL,
            event_type  text NOT NULL,
            reason      text NOT NULL,
            sealed_body text NOT NULL,
            received_at timestamptz NOT NULL DEFAULT now()
        )
    """)
    op.execute("CREATE INDEX ix_kept_calls_received_at ON kept_calls (received_at DESC, id DESC)")


def downgrade() -> None:
    op.execute("DROP TABLE kept_calls")
    drop_bus_tables()
