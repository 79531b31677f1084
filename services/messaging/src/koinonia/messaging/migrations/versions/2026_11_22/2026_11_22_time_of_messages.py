"""When a text is sent: schedules, quiet hours, zones of phones.

``zones`` of a phone are IANA names, sorted, joined by a comma; empty when its number tells none,
NULL when nobody looked yet. On a text both mean the church's own zone.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0006"
down_revision = "messaging_0005"

RULES = """
    CREATE TABLE texting_rules (
        church_id     uuid PRIMARY KEY,
        texts_from    time NOT NULL DEFAULT '08:00',  -- broadcasts leave from then on
        texts_until   time NOT NULL DEFAULT '21:00',  -- and before then, where they arrive
        weekly_budget integer CHECK (weekly_budget > 0),  -- broadcasts to one phone in seven days
        help_contact  text,  -- what HELP answers beside the church's name
        changed_at    timestamptz NOT NULL,
        CHECK (texts_from >= '08:00' AND texts_until <= '21:00' AND texts_from < texts_until)
    )
"""

ZONES = (
    """
    ALTER TABLE members
        ADD COLUMN timezone text,  -- said by staff or an import
        ADD COLUMN zones    text   -- of the phone's number
    """,
    "CREATE INDEX ix_members_church_id_id_unzoned ON members (church_id, id) WHERE zones IS NULL",
    "ALTER TABLE message_recipients ADD COLUMN zones text",
    # Scanned across churches, so without row-level security: ids only.
    "CREATE TABLE unzoned_churches (church_id uuid PRIMARY KEY)",
    "INSERT INTO unzoned_churches SELECT DISTINCT church_id FROM members",
)

HELD = (
    """
    ALTER TABLE messages
        ADD COLUMN schedule_id         uuid,
        ADD COLUMN occurrence_at       timestamptz,
        ADD COLUMN latest_at           timestamptz,  -- what has not left by then is skipped
        ADD COLUMN ignores_quiet_hours boolean NOT NULL DEFAULT false,
        ADD COLUMN override_reason     text,
        ADD COLUMN zones               jsonb NOT NULL DEFAULT '{}'  -- texts by zones
    """,
    "ALTER TABLE dispatch_batches DROP CONSTRAINT dispatch_batches_state_check",
    """
    ALTER TABLE dispatch_batches
        ADD COLUMN held integer NOT NULL DEFAULT 0,  -- texts that wait for the end of quiet hours
        ADD CONSTRAINT dispatch_batches_state_check
            CHECK (state IN ('waiting', 'released', 'claimed', 'deferred', 'held'))
    """,
)

SCHEDULES = (
    """
    CREATE TABLE schedules (
        id                    uuid PRIMARY KEY,
        church_id             uuid NOT NULL,
        name                  text,
        status                text NOT NULL DEFAULT 'active'
                              CHECK (status IN ('active', 'finished', 'cancelled')),
        request               jsonb NOT NULL,  -- what is sent, as it was asked for
        rule                  text,            -- RFC 5545; null: once
        starts_local          timestamp NOT NULL,  -- wall time in timezone
        timezone              text NOT NULL,
        next_at               timestamptz,
        skip_if_later_minutes integer CHECK (skip_if_later_minutes > 0),
        created_by            uuid NOT NULL,
        created_at            timestamptz NOT NULL,
        changed_at            timestamptz NOT NULL,
        cancelled_at          timestamptz,
        CHECK ((next_at IS NOT NULL) = (status = 'active'))
    )
    """,
    """
    CREATE INDEX ix_schedules_church_id_created_at_id ON schedules
        (church_id, created_at DESC, id DESC)
    """,
    """
    CREATE TABLE schedule_occurrences (
        schedule_id uuid NOT NULL,
        occurs_at   timestamptz NOT NULL,
        church_id   uuid NOT NULL,
        outcome     text NOT NULL CHECK (outcome IN ('sent', 'missed', 'failed')),
        message_id  uuid,
        code        text,
        reason      text,
        noted_at    timestamptz NOT NULL,
        PRIMARY KEY (schedule_id, occurs_at),
        CHECK ((message_id IS NOT NULL) = (outcome = 'sent'))
    )
    """,
    # Scanned across churches by the firing loop, so without row-level security: ids only.
    """
    CREATE TABLE due_schedules (
        schedule_id uuid PRIMARY KEY,
        church_id   uuid NOT NULL,
        due_at      timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_due_schedules_due_at ON due_schedules (due_at)",
)


def upgrade() -> None:
    for statement in (RULES, *ZONES, *HELD, *SCHEDULES):
        op.execute(statement)
    church_scope("texting_rules", "schedules", "schedule_occurrences")


def downgrade() -> None:
    for statement in (
        "DROP TABLE due_schedules, schedule_occurrences, schedules, texting_rules",
        "UPDATE dispatch_batches SET state = 'deferred' WHERE state = 'held'",
        "ALTER TABLE dispatch_batches DROP CONSTRAINT dispatch_batches_state_check",
        """
        ALTER TABLE dispatch_batches DROP COLUMN held,
            ADD CONSTRAINT dispatch_batches_state_check
                CHECK (state IN ('waiting', 'released', 'claimed', 'deferred'))
        """,
        """
        ALTER TABLE messages
            DROP COLUMN schedule_id, DROP COLUMN occurrence_at, DROP COLUMN latest_at,
            DROP COLUMN ignores_quiet_hours, DROP COLUMN override_reason, DROP COLUMN zones
        """,
        "DROP TABLE unzoned_churches",
        "ALTER TABLE message_recipients DROP COLUMN zones",
        "DROP INDEX ix_members_church_id_id_unzoned",
        "ALTER TABLE members DROP COLUMN timezone, DROP COLUMN zones",
    ):
        op.execute(statement)
