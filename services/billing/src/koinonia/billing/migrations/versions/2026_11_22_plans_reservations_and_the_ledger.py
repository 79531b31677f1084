"""Plans, subscriptions, what messages reserve, and the ledger of what they used."""

from alembic import op

from koinonia.common.migrations import bus_tables, church_scope, drop_bus_tables, role

revision = "billing_0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE plans (
        code            text PRIMARY KEY,
        name            text NOT NULL,
        allowance_parts bigint NOT NULL CHECK (allowance_parts >= 0),
        period          text NOT NULL CHECK (period IN ('once', 'month')),
        price_cents     integer NOT NULL CHECK (price_cents >= 0)
    )
    """,
    """
    INSERT INTO plans (code, name, allowance_parts, period, price_cents)
    VALUES ('trial', 'Trial', 5000, 'once', 0)
    """,
    # used_parts may fall below zero for a moment: a correction can overtake what it corrects.
    """
    CREATE TABLE subscriptions (
        church_id        uuid PRIMARY KEY,
        plan             text NOT NULL REFERENCES plans (code),
        status           text NOT NULL
                         CHECK (status IN ('trialing', 'active', 'past_due', 'canceled')),
        allowance_parts  bigint NOT NULL CHECK (allowance_parts >= 0),
        anchored_at      timestamptz NOT NULL,  -- months are counted from here
        period_starts_at timestamptz NOT NULL,
        period_ends_at   timestamptz NOT NULL CHECK (period_ends_at > period_starts_at),
        used_parts       bigint NOT NULL DEFAULT 0,
        reserved_parts   bigint NOT NULL DEFAULT 0 CHECK (reserved_parts >= 0),
        used_cost        numeric(14, 6) NOT NULL DEFAULT 0  -- USD
    )
    """,
    # A row may be closed before anything was reserved, when a message's end overtakes its start.
    """
    CREATE TABLE reservations (
        message_id     uuid PRIMARY KEY,
        church_id      uuid NOT NULL,
        kind           text NOT NULL CHECK (kind IN ('broadcast', 'reply')),
        parts_reserved bigint NOT NULL CHECK (parts_reserved >= 0),
        parts_consumed bigint NOT NULL DEFAULT 0,
        state          text NOT NULL CHECK (state IN ('open', 'closed')),
        parts_held     bigint NOT NULL GENERATED ALWAYS AS (
                           CASE WHEN state = 'open'
                                THEN greatest(parts_reserved - greatest(parts_consumed, 0), 0)
                                ELSE 0 END) STORED,
        created_at     timestamptz NOT NULL,
        closed_at      timestamptz
    )
    """,
    "CREATE INDEX ix_reservations_church_id_created_at ON reservations (church_id, created_at)",
    """
    CREATE INDEX ix_reservations_church_id_open ON reservations (church_id) INCLUDE (parts_held)
     WHERE state = 'open'
    """,
    """
    CREATE TABLE usage_entries (
        id          uuid PRIMARY KEY,
        church_id   uuid NOT NULL,
        message_id  uuid NOT NULL,
        event_id    uuid NOT NULL UNIQUE,
        parts       bigint NOT NULL,
        cost        numeric(14, 6) NOT NULL,  -- USD
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE INDEX ix_usage_entries_church_id_recorded_at
        ON usage_entries (church_id, recorded_at DESC)
    """,
    "CREATE INDEX ix_usage_entries_message_id ON usage_entries (message_id)",
)


def upgrade() -> None:
    bus_tables()
    for statement in TABLES:
        op.execute(statement)
    church_scope("subscriptions", "reservations", "usage_entries")
    op.execute(f"REVOKE UPDATE, DELETE ON usage_entries FROM {role('billing')}")
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON plans FROM {role('billing')}")


def downgrade() -> None:
    op.execute("DROP TABLE usage_entries, reservations, subscriptions, plans")
    drop_bus_tables()
