"""Requests that create may have a key, under which a repeated one has no second effect."""

from alembic import op

from koinonia.common.migrations import church_scope, old_rows

revision = "auth_0006"
down_revision = "auth_0005"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE idempotency_keys (
            church_id    uuid NOT NULL,
            scope        text NOT NULL,        -- the route
            key          text NOT NULL,
            request_hash text NOT NULL,
            resource_id  uuid NOT NULL,
            answer       text,                 -- sealed; NULL while the request is under way
            leased_until timestamptz,          -- of a request that is no single transaction
            created_at   timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (church_id, scope, key)
        )
    """)
    church_scope("idempotency_keys")
    old_rows("idempotency_keys", days=1)


def downgrade() -> None:
    op.execute("DROP TABLE idempotency_keys")
