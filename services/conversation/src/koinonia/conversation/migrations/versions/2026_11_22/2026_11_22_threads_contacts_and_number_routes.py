"""Threads and their messages, who is known on a phone, and whose our numbers are when."""

from alembic import op

from koinonia.common.migrations import bus_tables, church_scope, drop_bus_tables

revision = "conversation_0001"
down_revision = None

THREADS = (
    # last_message_* repeats the newest message, so that a page of the list reads one table.
    """
    CREATE TABLE conversations (
        id                     uuid PRIMARY KEY,
        church_id              uuid NOT NULL,
        number_id              uuid,
        our_number             text COLLATE "C" NOT NULL,  -- E.164; the church's own, not sealed
        phone_index            text COLLATE "C" NOT NULL,
        phone_sealed           text NOT NULL,
        status                 text NOT NULL CHECK (status IN ('open', 'closed', 'archived')),
        unread_count           integer NOT NULL DEFAULT 0 CHECK (unread_count >= 0),
        last_message_at        timestamptz NOT NULL,
        last_message_id        uuid NOT NULL,
        last_message_direction text NOT NULL,
        last_message_content   text NOT NULL,
        last_message_status    text NOT NULL,
        created_at             timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, id),
        UNIQUE (church_id, our_number, phone_index)
    )
    """,
    """
    CREATE INDEX ix_conversations_church_id_status_last_message_at ON conversations
        (church_id, status, last_message_at DESC, id DESC)
    """,
    """
    CREATE INDEX ix_conversations_church_id_last_message_at ON conversations
        (church_id, last_message_at DESC, id DESC)
    """,
    """
    CREATE INDEX ix_conversations_unread ON conversations
        (church_id, last_message_at DESC, id DESC) WHERE unread_count > 0
    """,
    # occurred_at is the carrier's time for what came in and ours for what goes out. The unique key
    # makes one message of an inbound text that was announced twice under two event ids.
    """
    CREATE TABLE conversation_messages (
        id                 uuid PRIMARY KEY,
        church_id          uuid NOT NULL,
        conversation_id    uuid NOT NULL,
        direction          text NOT NULL,
        content            text NOT NULL,
        media_urls         text[] NOT NULL DEFAULT '{}',
        status             text NOT NULL,
        failure            text,
        admin_id           uuid,
        carrier            text,
        carrier_message_id text,
        occurred_at        timestamptz NOT NULL,
        created_at         timestamptz NOT NULL DEFAULT now(),
        is_read            boolean NOT NULL,
        UNIQUE (church_id, carrier, carrier_message_id),
        FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id),
        CHECK (CASE direction
               WHEN 'inbound' THEN status = 'received'
               WHEN 'outbound' THEN is_read AND status IN ('pending', 'sending', 'sent',
                    'unconfirmed', 'failed', 'delivered', 'skipped')
               ELSE false END)
    )
    """,
    """
    CREATE INDEX ix_conversation_messages_thread ON conversation_messages
        (church_id, conversation_id, occurred_at DESC, id DESC)
    """,
    """
    CREATE INDEX ix_conversation_messages_unread ON conversation_messages
        (church_id, conversation_id) WHERE NOT is_read
    """,
    """
    CREATE TABLE idempotency_keys (
        church_id    uuid NOT NULL,
        key          text NOT NULL,
        request_hash text NOT NULL,
        message_id   uuid NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, key)
    )
    """,
)

PEOPLE = (
    # A projection of members. Their events come through several queues in any order: changed_at
    # lets the newest win, and who was removed stays as an id without a name or a phone.
    """
    CREATE TABLE contacts (
        church_id    uuid NOT NULL,
        member_id    uuid NOT NULL,
        first_name   text,
        last_name    text,
        phone_sealed text,
        phone_index  text COLLATE "C",
        changed_at   timestamptz NOT NULL,
        PRIMARY KEY (church_id, member_id)
    )
    """,
    """
    CREATE INDEX ix_contacts_church_id_phone_index ON contacts
        (church_id, phone_index, first_name, last_name, member_id)
    """,
    # Of phones, not of threads: a person may say STOP before there is a thread.
    """
    CREATE TABLE opt_outs (
        church_id    uuid NOT NULL,
        phone_index  text COLLATE "C" NOT NULL,
        is_opted_out boolean NOT NULL,
        changed_at   timestamptz NOT NULL,
        PRIMARY KEY (church_id, phone_index)
    )
    """,
)

ROUTING = (
    # Read before the church of a text is known, so without row-level security: ids and our own
    # public numbers only. A release may be heard before its assignment; then valid_from is null.
    """
    CREATE TABLE number_routes (
        number_id    uuid PRIMARY KEY,
        church_id    uuid NOT NULL,
        phone_number text COLLATE "C" NOT NULL,
        valid_from   timestamptz,
        valid_to     timestamptz
    )
    """,
    """
    CREATE INDEX ix_number_routes_phone_number_valid_from ON number_routes
        (phone_number, valid_from DESC)
    """,
    # Texts to a number that was nobody's, as far as we know by now. Sealed; of no church.
    """
    CREATE TABLE parked_inbound (
        event_id     uuid PRIMARY KEY,
        our_number   text COLLATE "C" NOT NULL,
        received_at  timestamptz NOT NULL,
        event_sealed text NOT NULL,
        parked_at    timestamptz NOT NULL DEFAULT now(),
        rests_until  timestamptz NOT NULL DEFAULT now()  -- after a failure, so that it is no storm
    )
    """,
    "CREATE INDEX ix_parked_inbound_our_number ON parked_inbound (our_number, received_at)",
)

SCOPED = ("conversation_messages", "conversations", "idempotency_keys", "contacts", "opt_outs")


def upgrade() -> None:
    bus_tables()
    for statement in (*THREADS, *PEOPLE, *ROUTING):
        op.execute(statement)
    church_scope(*SCOPED)


def downgrade() -> None:
    op.execute(f"DROP TABLE {', '.join(SCOPED)}, number_routes, parked_inbound")
    drop_bus_tables()
