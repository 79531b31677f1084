"""Notifications, and how each person wants to be told.

``notification_dispatches`` has no row-level security: what is due comes before the church is known.
It holds ids and times.
"""

from alembic import op

from koinonia.common.migrations import church_scope, old_rows

revision = "auth_0011"
down_revision = "auth_0010"

ADMIN = "FOREIGN KEY (church_id, admin_id) REFERENCES admins (church_id, id) ON DELETE CASCADE"

CHANGES = (
    f"""
    CREATE TABLE notifications (
        id         uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        admin_id   uuid NOT NULL,
        event_id   uuid NOT NULL,            -- the same event tells a person once
        kind       text NOT NULL,
        by_id      uuid,                     -- who caused it, or whom it is about
        details    jsonb NOT NULL,           -- ids and figures
        is_listed  boolean NOT NULL,         -- in the app; else it is only mailed
        created_at timestamptz NOT NULL,
        read_at    timestamptz,
        CONSTRAINT uq_notifications_event UNIQUE (church_id, admin_id, event_id),
        {ADMIN}
    )
    """,
    "CREATE INDEX ix_notifications_admin ON notifications (church_id, admin_id, id DESC) "
    "WHERE is_listed",
    "CREATE INDEX ix_notifications_unread ON notifications (church_id, admin_id, id DESC) "
    "WHERE is_listed AND read_at IS NULL",
    f"""
    CREATE TABLE notification_preferences (
        church_id uuid NOT NULL,
        admin_id  uuid NOT NULL,
        kind      text NOT NULL,
        in_app    boolean NOT NULL,
        mail      text NOT NULL CHECK (mail IN ('off', 'soon', 'daily')),
        PRIMARY KEY (church_id, admin_id, kind),
        {ADMIN}
    )
    """,
    f"""
    CREATE TABLE notification_hours (
        church_id   uuid NOT NULL,
        admin_id    uuid NOT NULL,
        timezone    text,                    -- null: the church's
        quiet_from  time,
        quiet_until time,
        digest_at   time,
        PRIMARY KEY (church_id, admin_id),
        {ADMIN}
    )
    """,
    """
    CREATE TABLE notification_dispatches (
        notification_id uuid NOT NULL REFERENCES notifications ON DELETE CASCADE,
        channel         text NOT NULL CHECK (channel = 'mail'),
        church_id       uuid NOT NULL,
        admin_id        uuid NOT NULL,
        due_at          timestamptz NOT NULL,
        PRIMARY KEY (notification_id, channel)
    )
    """,
    "CREATE INDEX ix_notification_dispatches_due ON notification_dispatches (channel, due_at)",
)
TABLES = ("notifications", "notification_preferences", "notification_hours")


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)
    church_scope(*TABLES)
    old_rows("notifications", days=90)


def downgrade() -> None:
    op.execute("DROP TABLE notification_dispatches")
    op.execute(f"DROP TABLE {', '.join(TABLES)}")
