"""The event log, what became of each message, and the figures of each day and church.

Figures are sums of differences, which events add in any order; one may be negative while what it
is the difference to has not arrived.
"""

from alembic import op

from koinonia.common.migrations import bus_tables, church_scope, drop_bus_tables

revision = "analytics_0001"
down_revision = None

BY_STATUS = ", ".join(
    f"{status} bigint NOT NULL DEFAULT 0"
    for status in ("pending", "sending", "sent", "unconfirmed", "failed", "delivered", "skipped")
)

TABLES = (
    """
    CREATE TABLE event_log (
        event_id    uuid PRIMARY KEY,
        church_id   uuid NOT NULL,
        name        text NOT NULL,
        occurred_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        summary     jsonb NOT NULL  -- ids and figures, never a phone or a text
    )
    """,
    """
    CREATE INDEX ix_event_log_church_id_occurred_at ON event_log (church_id, occurred_at DESC)
    """,
    """
    CREATE TABLE churches (
        church_id  uuid PRIMARY KEY,
        name       text NOT NULL,
        timezone   text NOT NULL,
        changed_at timestamptz NOT NULL
    )
    """,
    f"""
    CREATE TABLE message_reports (
        message_id   uuid PRIMARY KEY,
        church_id    uuid NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('broadcast', 'reply')),
        recipients   bigint NOT NULL DEFAULT 0,
        {BY_STATUS},
        parts        bigint NOT NULL DEFAULT 0,
        cost         numeric(14, 6) NOT NULL DEFAULT 0,  -- USD
        day          date,         -- of its creation, in the church's zone; both are empty while
        created_at   timestamptz,  -- later events have overtaken message.created
        completed_at timestamptz,
        CHECK ((day IS NULL) = (created_at IS NULL))
    )
    """,
    """
    CREATE INDEX ix_message_reports_church_id_created_at_message_id
        ON message_reports (church_id, created_at DESC, message_id DESC)
    """,
    f"""
    CREATE TABLE daily_rollups (
        church_id  uuid NOT NULL,
        day        date NOT NULL,
        messages   bigint NOT NULL DEFAULT 0,
        recipients bigint NOT NULL DEFAULT 0,
        replies    bigint NOT NULL DEFAULT 0,
        {BY_STATUS},
        parts      bigint NOT NULL DEFAULT 0,
        cost       numeric(14, 6) NOT NULL DEFAULT 0,  -- USD
        PRIMARY KEY (church_id, day)
    )
    """,
    f"""
    CREATE TABLE totals (
        church_id          uuid PRIMARY KEY,
        messages           bigint NOT NULL DEFAULT 0,
        recipients         bigint NOT NULL DEFAULT 0,
        replies            bigint NOT NULL DEFAULT 0,
        {BY_STATUS},
        members            bigint NOT NULL DEFAULT 0,
        open_conversations bigint NOT NULL DEFAULT 0
    )
    """,
)


def upgrade() -> None:
    bus_tables()
    for statement in TABLES:
        op.execute(statement)
    church_scope("event_log", "churches", "message_reports", "daily_rollups", "totals")


def downgrade() -> None:
    op.execute("DROP TABLE totals, daily_rollups, message_reports, churches, event_log")
    drop_bus_tables()
