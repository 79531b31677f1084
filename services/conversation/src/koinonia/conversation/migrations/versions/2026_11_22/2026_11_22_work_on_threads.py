"""What an inbox to live in keeps beside texts: whose a thread is, notes, media, answers, names."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0003"
down_revision = "conversation_0002"

LINES = """
    CASE direction
    WHEN 'inbound' THEN status = 'received'
    WHEN 'note' THEN status = 'noted' AND is_read
    WHEN 'outbound' THEN is_read AND status IN ('pending', 'sending', 'sent',
         'unconfirmed', 'failed', 'delivered', 'skipped')
    ELSE false END
"""
LINES_BEFORE = LINES.replace("WHEN 'note' THEN status = 'noted' AND is_read", "")

THREADS = (
    """
    ALTER TABLE conversations
        ADD COLUMN assignee_id      uuid,
        ADD COLUMN snoozed_until    timestamptz,
        ADD COLUMN pinned_member_id uuid,  -- who staff say it is, of those known on the phone
        DROP CONSTRAINT conversations_status_check,
        ADD CONSTRAINT ck_conversations_status
            CHECK (status IN ('open', 'closed', 'archived', 'snoozed')) NOT VALID,
        ADD CONSTRAINT ck_conversations_snoozed_until
            CHECK ((status = 'snoozed') = (snoozed_until IS NOT NULL)) NOT VALID
    """,
    # source: who wrote what went out: staff, or which automatism. mentions: admins a note names.
    f"""
    ALTER TABLE conversation_messages
        ADD COLUMN source   text,
        ADD COLUMN mentions uuid[] NOT NULL DEFAULT '{{}}',
        ADD COLUMN parts    integer,  -- as counted when it was accepted
        DROP CONSTRAINT conversation_messages_check,
        ADD CONSTRAINT ck_conversation_messages_direction CHECK ({LINES}) NOT VALID
    """,
    # A thread whose texts moved into another: old links still lead somewhere.
    """
    CREATE TABLE merged_conversations (
        church_id       uuid NOT NULL,
        conversation_id uuid NOT NULL,  -- the one that is gone
        into_id         uuid NOT NULL,
        merged_at       timestamptz NOT NULL,
        merged_by       uuid NOT NULL,
        PRIMARY KEY (church_id, conversation_id),
        FOREIGN KEY (church_id, into_id) REFERENCES conversations (church_id, id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE labels (
        id         uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        name       text NOT NULL,
        name_key   text COLLATE "C" NOT NULL,  -- as it is compared
        colour     text NOT NULL,              -- #rrggbb
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, id),
        UNIQUE (church_id, name_key)
    )
    """,
    """
    CREATE TABLE conversation_labels (
        church_id       uuid NOT NULL,
        conversation_id uuid NOT NULL,
        label_id        uuid NOT NULL,
        PRIMARY KEY (church_id, conversation_id, label_id),
        FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id)
            ON DELETE CASCADE,
        FOREIGN KEY (church_id, label_id) REFERENCES labels (church_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_conversation_labels_label_id ON conversation_labels (church_id, label_id)",
    # What messaging made of an inbound text; it may be heard before the text itself.
    """
    CREATE TABLE understood_texts (
        church_id          uuid NOT NULL,
        carrier            text NOT NULL,
        carrier_message_id text NOT NULL,
        meaning            text NOT NULL,
        keyword            text,
        message_id         uuid,         -- the broadcast that the text answers
        message_text       text,
        message_sent_at    timestamptz,
        understood_at      timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, carrier, carrier_message_id)
    )
    """,
)

MEDIA = (
    # One picture or file: of an inbound text (fetched from origin_url) or uploaded by staff.
    """
    CREATE TABLE media_files (
        id           uuid PRIMARY KEY,
        church_id    uuid NOT NULL,
        message_id   uuid,              -- the line it belongs to; null until an upload is sent
        position     integer NOT NULL DEFAULT 0,
        source       text NOT NULL CHECK (source IN ('inbound', 'upload')),
        origin_url   text,
        status       text NOT NULL CHECK (status IN ('pending', 'stored', 'refused', 'gone')),
        failure      text,              -- one sentence for staff
        attempts     integer NOT NULL DEFAULT 0,
        name         text,
        content_type text,
        bytes        bigint,
        width        integer,
        height       integer,
        store_key    text,
        admin_id     uuid,              -- who uploaded it
        created_at   timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, id),
        CHECK ((status = 'stored') = (store_key IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_media_files_message_id ON media_files (church_id, message_id, position)",
)

ANSWERS = (
    """
    CREATE TABLE scheduled_replies (
        id              uuid PRIMARY KEY,  -- and of the line that it becomes
        church_id       uuid NOT NULL,
        conversation_id uuid NOT NULL,
        admin_id        uuid NOT NULL,
        content         text NOT NULL,
        media_urls      text[] NOT NULL DEFAULT '{}',
        send_at         timestamptz NOT NULL,
        status          text NOT NULL CHECK (status IN ('waiting', 'sent', 'cancelled', 'refused')),
        code            text,              -- why it was refused, and in a sentence
        reason          text,
        created_at      timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, id),
        FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id)
            ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_scheduled_replies_conversation_id ON scheduled_replies
        (church_id, conversation_id, send_at, id)
    """,
    """
    CREATE TABLE canned_replies (
        id           uuid PRIMARY KEY,
        church_id    uuid NOT NULL,
        shortcut     text NOT NULL,
        shortcut_key text COLLATE "C" NOT NULL,
        content      text NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        updated_at   timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, id),
        UNIQUE (church_id, shortcut_key)
    )
    """,
    """
    CREATE TABLE office_hours (
        church_id  uuid PRIMARY KEY,
        is_enabled boolean NOT NULL,
        hours      jsonb NOT NULL,      -- [{"day": 1..7, "from": "09:00", "to": "17:00"}]
        answer     text NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    # What we answered unasked; `once` makes one of a kind: "after_hours 2026-11-22".
    """
    CREATE TABLE automatic_answers (
        church_id       uuid NOT NULL,
        conversation_id uuid NOT NULL,
        once            text NOT NULL,
        message_id      uuid NOT NULL,
        answered_at     timestamptz NOT NULL,
        PRIMARY KEY (church_id, conversation_id, once),
        FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id)
            ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_automatic_answers_answered_at ON automatic_answers
        (church_id, conversation_id, answered_at)
    """,
)

PROJECTIONS = (
    """
    CREATE TABLE churches (
        church_id  uuid PRIMARY KEY,
        timezone   text NOT NULL,
        language   text NOT NULL,       -- a text search configuration of PostgreSQL
        changed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE team (
        church_id  uuid NOT NULL,
        admin_id   uuid NOT NULL,
        first_name text,
        last_name  text,
        role       text,
        is_removed boolean NOT NULL DEFAULT false,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, admin_id)
    )
    """,
    # Who is in which group; of who left, the row stays, so that the newest word wins.
    """
    CREATE TABLE contact_groups (
        church_id  uuid NOT NULL,
        group_id   uuid NOT NULL,
        member_id  uuid NOT NULL,
        is_in      boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, group_id, member_id)
    )
    """,
    "CREATE INDEX ix_contact_groups_member_id ON contact_groups (church_id, member_id)",
    # What is due at a time, of any church, found by a worker: ids only, no row-level security.
    """
    CREATE TABLE due_work (
        kind      text NOT NULL,       -- snooze, scheduled_reply, media
        id        uuid NOT NULL,
        church_id uuid NOT NULL,
        due_at    timestamptz NOT NULL,
        PRIMARY KEY (kind, id)
    )
    """,
    "CREATE INDEX ix_due_work_kind_due_at ON due_work (kind, due_at)",
)

SCOPED = (
    "automatic_answers",
    "scheduled_replies",
    "canned_replies",
    "office_hours",
    "media_files",
    "conversation_labels",
    "labels",
    "merged_conversations",
    "understood_texts",
    "churches",
    "team",
    "contact_groups",
)


def upgrade() -> None:
    for statement in (*THREADS, *MEDIA, *ANSWERS, *PROJECTIONS):
        op.execute(statement)
    church_scope(*SCOPED)


def downgrade() -> None:
    for statement in (
        f"DROP TABLE {', '.join(SCOPED)}, due_work",
        "DELETE FROM conversation_messages WHERE direction = 'note'",
        "UPDATE conversations SET status = 'open', snoozed_until = NULL WHERE status = 'snoozed'",
        f"""
        ALTER TABLE conversation_messages
            DROP CONSTRAINT ck_conversation_messages_direction,
            ADD CONSTRAINT conversation_messages_check CHECK ({LINES_BEFORE}),
            DROP COLUMN source, DROP COLUMN mentions, DROP COLUMN parts
        """,
        """
        ALTER TABLE conversations
            DROP CONSTRAINT ck_conversations_status,
            DROP CONSTRAINT ck_conversations_snoozed_until,
            ADD CONSTRAINT conversations_status_check
                CHECK (status IN ('open', 'closed', 'archived')),
            DROP COLUMN assignee_id, DROP COLUMN snoozed_until, DROP COLUMN pinned_member_id
        """,
    ):
        op.execute(statement)
