"""Webhooks, their deliveries to endpoints, each attempt, and the lane of each endpoint."""

from alembic import op

from koinonia.common.migrations import church_scope, old_rows

revision = "integrations_0002"
down_revision = "integrations_0001"

TABLES = (
    # What is said of one event, once for all endpoints of the church that want it.
    """
    CREATE TABLE webhooks (
        id             uuid PRIMARY KEY,             -- that of the event
        church_id      uuid NOT NULL,
        kind           text NOT NULL,
        occurred_at    timestamptz NOT NULL,
        data           text NOT NULL,                -- JSON: ids, states, figures
        sealed_private text,                         -- JSON by scope, where somebody wants it
        created_at     timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE deliveries (
        id           uuid PRIMARY KEY,
        church_id    uuid NOT NULL,
        endpoint_id  uuid NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
        webhook_id   uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
        state        text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
        attempts     integer NOT NULL DEFAULT 0,
        attempted_at timestamptz,
        status       integer,                        -- of the last answer
        failure      text,                           -- of the last attempt
        created_at   timestamptz NOT NULL,
        UNIQUE (endpoint_id, webhook_id)
    )
    """,
    "CREATE INDEX ix_deliveries_webhook_id ON deliveries (webhook_id)",
    "CREATE INDEX ix_deliveries_endpoint_id_id ON deliveries (endpoint_id, id)",
    "CREATE INDEX ix_deliveries_endpoint_id_state_id ON deliveries (endpoint_id, state, id)",
    """
    CREATE TABLE attempts (
        delivery_id   uuid NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
        number        integer NOT NULL,
        church_id     uuid NOT NULL,
        attempted_at  timestamptz NOT NULL,
        milliseconds  integer NOT NULL,
        scopes        text[] NOT NULL,               -- what of people the request held
        status        integer,
        failure       text,
        sealed_answer text,                          -- its first 2,048 characters
        PRIMARY KEY (delivery_id, number)
    )
    """,
    # Due work, of any church: ids and times.
    """
    CREATE TABLE due_deliveries (
        delivery_id uuid PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
        endpoint_id uuid NOT NULL,
        church_id   uuid NOT NULL,
        due_at      timestamptz NOT NULL,
        rung        smallint NOT NULL DEFAULT 0      -- of the ladder: attempts since it was queued
    )
    """,
    "CREATE INDEX ix_due_deliveries_endpoint_id_due_at ON due_deliveries (endpoint_id, due_at)",
    # A lane is one worker's at a time, until held_until. failures: rounds in a row that failed.
    """
    CREATE TABLE lanes (
        endpoint_id uuid PRIMARY KEY REFERENCES endpoints (id) ON DELETE CASCADE,
        church_id   uuid NOT NULL,
        due_at      timestamptz,                     -- NULL: nothing waits
        held_until  timestamptz NOT NULL DEFAULT '-infinity',
        failures    integer NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX ix_lanes_due_at ON lanes (due_at) WHERE due_at IS NOT NULL",
    "INSERT INTO lanes (endpoint_id, church_id) SELECT id, church_id FROM endpoints",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    church_scope("webhooks", "deliveries", "attempts")
    old_rows("webhooks", days=30)


def downgrade() -> None:
    op.execute("DROP TABLE lanes, due_deliveries, attempts, deliveries, webhooks")
