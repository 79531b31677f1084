"""Endpoints of churches, and which kinds of events they want."""

from alembic import op

from koinonia.common.migrations import bus_tables, church_scope, drop_bus_tables, old_rows

revision = "integrations_0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE endpoints (
        id                     uuid PRIMARY KEY,
        church_id              uuid NOT NULL,
        name                   text NOT NULL,
        url                    text NOT NULL,
        kinds                  text[] NOT NULL,
        scopes                 text[] NOT NULL,
        state                  text NOT NULL CHECK (state IN ('active', 'disabled')),
        disabled_reason        text CHECK (disabled_reason IN ('staff', 'gone', 'failing')),
        failing_since          timestamptz,           -- NULL while it takes what it is sent
        sealed_secret          text NOT NULL,
        sealed_previous_secret text,
        previous_secret_until  timestamptz,
        created_at             timestamptz NOT NULL,
        updated_at             timestamptz NOT NULL,
        CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_endpoints_church_id_created_at_id ON endpoints (church_id, created_at, id)",
    # Of active endpoints. Events of many churches come together, so it is looked at across them.
    """
    CREATE TABLE wanted_kinds (
        church_id   uuid NOT NULL,
        kind        text NOT NULL,
        endpoint_id uuid NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
        wants_phone boolean NOT NULL,
        wants_text  boolean NOT NULL,
        PRIMARY KEY (church_id, kind, endpoint_id)
    )
    """,
    "CREATE INDEX ix_wanted_kinds_endpoint_id ON wanted_kinds (endpoint_id)",
    """
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
    """,
)


def upgrade() -> None:
    bus_tables()
    for statement in TABLES:
        op.execute(statement)
    church_scope("endpoints", "idempotency_keys")
    old_rows("idempotency_keys", days=1)


def downgrade() -> None:
    op.execute("DROP TABLE idempotency_keys, wanted_kinds, endpoints")
    drop_bus_tables()
