"""Workers of this service by their signs of life, and which of them holds a batch.

A batch that was claimed before names no worker: it waits for the end of its lease, as all did.
"""

from alembic import op

revision = "messaging_0033"
down_revision = "messaging_0032"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE workers (
            id           text PRIMARY KEY,
            alive_until  timestamptz NOT NULL,
            steady_since timestamptz NOT NULL
        )
    """)
    op.execute("""
        ALTER TABLE dispatch_batches
          ADD COLUMN worker text REFERENCES workers ON DELETE SET NULL
    """)
    op.execute("""
        CREATE INDEX ix_dispatch_batches_worker ON dispatch_batches (worker)
         WHERE worker IS NOT NULL
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE dispatch_batches DROP COLUMN worker")
    op.execute("DROP TABLE workers")
