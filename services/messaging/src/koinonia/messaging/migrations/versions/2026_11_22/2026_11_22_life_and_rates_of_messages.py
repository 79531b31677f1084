"""Messages are paused, resumed and cancelled, looked after until they are over, and sent no faster
than their number may.
"""

from alembic import op

revision = "messaging_0003"
down_revision = "messaging_0002"

LIFE = (
    """
    ALTER TABLE messages
        ADD COLUMN resumed_at   timestamptz,
        ADD COLUMN cancelled_at timestamptz
    """,
    # Few messages are under way at one time, and a status changes a few times in a life.
    """
    CREATE INDEX ix_messages_church_id_id_under_way ON messages (church_id, id)
        WHERE status IN ('sending', 'paused')
    """,
    """
    ALTER TABLE message_recipients
        ADD COLUMN called_at timestamptz,  -- the first call that may have been carried out
        ADD COLUMN look_at   timestamptz   -- when to ask the carrier about it again
    """,
)

# Scanned across churches by the sweeper, so without row-level security: ids only. One row for a
# message, from its making until nothing of it is open.
OPEN_MESSAGES = (
    """
    CREATE TABLE open_messages (
        message_id uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        opened_at  timestamptz NOT NULL,
        look_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_open_messages_look_at ON open_messages (look_at)",
    """
    INSERT INTO open_messages (message_id, church_id, opened_at, look_at)
    SELECT id, church_id, created_at, now() FROM messages
     WHERE pending_count + sending_count + sent_count > 0
    """,
)

# What operators set. Ids, figures and our own numbers only, so without row-level security: a
# campaign may be several churches', and a carrier's account is everybody's.
RATES = """
    CREATE TABLE sending_rates (
        kind             text NOT NULL CHECK (kind IN ('carrier', 'campaign', 'number', 'church')),
        name             text NOT NULL,  -- the carrier's name, an id, or a number in E.164
        campaign         text,           -- of a number: whose limits it shares
        parts_per_second double precision CHECK (parts_per_second > 0),
        media_per_second double precision CHECK (media_per_second > 0),
        burst            double precision CHECK (burst > 0),
        daily_cap        integer CHECK (daily_cap > 0),
        PRIMARY KEY (kind, name),
        CHECK (campaign IS NULL OR kind = 'number')
    )
"""

# Old keys hold ids, digests and what a client made up, nothing of a church's. Outside of any
# church they can be seen and deleted, so that one statement prunes those of all churches.
OLD_KEYS = (
    """
    CREATE POLICY old ON idempotency_keys
        USING (created_at < now() - interval '7 days'
               AND nullif(current_setting('koinonia.church_id', true), '') IS NULL)
        WITH CHECK (false)
    """,
    "CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)",
)


def upgrade() -> None:
    for statement in (*LIFE, *OPEN_MESSAGES, RATES, *OLD_KEYS):
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP POLICY old ON idempotency_keys",
        "DROP INDEX ix_idempotency_keys_created_at",
        "DROP TABLE sending_rates, open_messages",
        "ALTER TABLE message_recipients DROP COLUMN called_at, DROP COLUMN look_at",
        "DROP INDEX ix_messages_church_id_id_under_way",
        "ALTER TABLE messages DROP COLUMN resumed_at, DROP COLUMN cancelled_at",
    ):
        op.execute(statement)
