"""Messages, their recipients, and the batches in which they are sent.

A recipient row is written about five times in its life: made, claimed, noted, sent, delivered.
Only the note touches an indexed column, so with half of each page left free the other updates
stay in their page and leave the indexes alone (HOT). That is also why no index mentions a status.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0002"
down_revision = "messaging_0001"

MESSAGES = """
    CREATE TABLE messages (
        id                 uuid PRIMARY KEY,
        church_id          uuid NOT NULL,
        kind               text NOT NULL CHECK (kind IN ('broadcast', 'reply')),
        content            text NOT NULL,
        media_urls         text[] NOT NULL DEFAULT '{}',
        target_type        text NOT NULL
                           CHECK (target_type IN ('individual', 'groups', 'branches', 'all')),
        target_ids         uuid[] NOT NULL DEFAULT '{}',
        sender             text NOT NULL,  -- E.164; the church's own, so not sealed
        carrier            text NOT NULL,
        carrier_profile_id text,
        status             text NOT NULL DEFAULT 'pending'
                           CHECK (status IN ('pending', 'sending', 'paused', 'completed',
                                             'declined', 'cancelled')),
        total_recipients   integer NOT NULL,
        pending_count      integer NOT NULL CHECK (pending_count >= 0),
        sending_count      integer NOT NULL DEFAULT 0 CHECK (sending_count >= 0),
        sent_count         integer NOT NULL DEFAULT 0 CHECK (sent_count >= 0),
        unconfirmed_count  integer NOT NULL DEFAULT 0 CHECK (unconfirmed_count >= 0),
        failed_count       integer NOT NULL DEFAULT 0 CHECK (failed_count >= 0),
        delivered_count    integer NOT NULL DEFAULT 0 CHECK (delivered_count >= 0),
        skipped_count      integer NOT NULL DEFAULT 0 CHECK (skipped_count >= 0),
        excluded_opted_out integer NOT NULL DEFAULT 0,
        parts_estimated    integer NOT NULL,
        parts_billed       integer NOT NULL DEFAULT 0,
        cost               numeric(12, 5) NOT NULL DEFAULT 0,  -- USD
        decline_code       text,
        decline_reason     text,
        pause_code         text,
        pause_reason       text,
        created_by         uuid NOT NULL,
        created_at         timestamptz NOT NULL,
        started_at         timestamptz,
        completed_at       timestamptz,
        CONSTRAINT ck_messages_counters_add_up CHECK (
            total_recipients = pending_count + sending_count + sent_count + unconfirmed_count
                             + failed_count + delivered_count + skipped_count)
    ) WITH (fillfactor = 50)
"""

RECIPIENTS = """
    CREATE TABLE message_recipients (
        id                 uuid PRIMARY KEY,
        church_id          uuid NOT NULL,
        message_id         uuid NOT NULL,  -- no foreign key: checking it row by row costs a fan-out
        batch              integer NOT NULL,
        member_id          uuid,  -- who joined first; a removed member stays in the history
        member_ids         uuid[] NOT NULL DEFAULT '{}',
        phone_index        text COLLATE "C" NOT NULL,
        phone_sealed       text NOT NULL,
        status             text NOT NULL DEFAULT 'pending'
                           CHECK (status IN ('pending', 'sending', 'sent', 'unconfirmed',
                                             'failed', 'delivered', 'skipped')),
        attempt            smallint NOT NULL DEFAULT 0,
        claimed_by         text,  -- the worker that may be calling the carrier now
        lease_until        timestamptz,
        carrier            text,
        carrier_message_id text,  -- set once the carrier has the text
        parts_estimated    smallint NOT NULL,
        parts              smallint,  -- as the carrier counts
        parts_billed       smallint NOT NULL DEFAULT 0,
        cost               numeric(12, 5),  -- USD
        failure            text,
        failure_code       text,
        sent_at            timestamptz,
        settled_at         timestamptz,
        updated_at         timestamptz NOT NULL DEFAULT now(),
        UNIQUE (message_id, phone_index)
    ) WITH (fillfactor = 50)
"""

# Scanned across churches by recovery, so without row-level security: ids only. A batch that is
# done is deleted, so the table holds unfinished work alone.
BATCHES = """
    CREATE TABLE dispatch_batches (
        message_id uuid NOT NULL,
        number     integer NOT NULL,
        church_id  uuid NOT NULL,
        lane       text NOT NULL CHECK (lane IN ('broadcast', 'reply')),
        state      text NOT NULL DEFAULT 'waiting'
                   CHECK (state IN ('waiting', 'released', 'claimed', 'deferred')),
        attempt    integer NOT NULL DEFAULT 0,
        due_at     timestamptz,  -- from then on recovery may release it again
        changed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (message_id, number)
    )
"""

# Read before the church is known. Ids, figures and our own number only.
PARKED = """
    CREATE TABLE parked_reports (
        event_id           uuid PRIMARY KEY,
        church_id          uuid,
        recipient_id       uuid,
        carrier            text NOT NULL,
        carrier_message_id text NOT NULL,
        sender             text,
        status             text NOT NULL,
        reported_at        timestamptz NOT NULL,
        parts              integer,
        cost               numeric(12, 5),
        failure            text,
        failure_code       text,
        parked_at          timestamptz NOT NULL DEFAULT now(),
        attempts           integer NOT NULL DEFAULT 0,
        retry_at           timestamptz  -- null: given up, for an operator to look at
    )
"""

INDEXES = (
    """
    CREATE INDEX ix_messages_church_id_created_at_id ON messages
        (church_id, created_at DESC, id DESC) WHERE kind = 'broadcast'
    """,
    """
    CREATE INDEX ix_message_recipients_message_id_batch_id ON message_recipients
        (message_id, batch, id)
    """,
    """
    CREATE INDEX ix_message_recipients_carrier_carrier_message_id ON message_recipients
        (carrier, carrier_message_id) WHERE carrier_message_id IS NOT NULL
    """,
    "CREATE INDEX ix_dispatch_batches_due_at ON dispatch_batches (due_at) WHERE state <> 'waiting'",
    """
    CREATE INDEX ix_parked_reports_retry_at ON parked_reports (retry_at)
        WHERE retry_at IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in (MESSAGES, RECIPIENTS, BATCHES, PARKED, *INDEXES):
        op.execute(statement)
    church_scope("messages", "message_recipients")


def downgrade() -> None:
    op.execute("DROP TABLE parked_reports, dispatch_batches, message_recipients, messages")
