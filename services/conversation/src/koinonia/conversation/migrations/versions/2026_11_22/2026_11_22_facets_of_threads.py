"""Threads by what they are filtered by, and how many there are of each.

A facet is what a list can be of: ``all``, ``number:<ours>``, ``assignee:<admin or none>``,
``label:<id>``, ``group:<id>`` of a group in which somebody known on the phone is. Triggers keep a
row per thread and facet, so that no code path can forget it; ``wanted_facets`` says what there
should be. Each change of such a row leaves a delta, and a loop adds the deltas up.

Who changes facets holds the thread's row first, several in the order of their ids. Who changes
people (contacts, contact_groups) is alone in the church, from before its first row on; a new
thread is not taken in meanwhile, because neither would see the other's rows.
"""

from alembic import op

from koinonia.common.migrations import church_scope, create_from_files
from koinonia.common.migrations.tables import OWNER

revision = "conversation_0004"
down_revision = "conversation_0003"

# Today's view reads a table of conversation_0008.
WANTED = """
    CREATE OR REPLACE VIEW wanted_facets WITH (security_invoker = true) AS
    SELECT c.church_id, c.id AS conversation_id, f.facet, c.last_message_at, c.status,
           c.unread_count > 0 AS is_unread
      FROM conversations AS c
     CROSS JOIN LATERAL (
           SELECT 'all'
           UNION ALL
           SELECT 'number:' || c.our_number
           UNION ALL
           SELECT 'assignee:' || coalesce(c.assignee_id::text, 'none')
           UNION ALL
           SELECT 'label:' || l.label_id
             FROM conversation_labels AS l
            WHERE l.church_id = c.church_id AND l.conversation_id = c.id
           UNION ALL
           SELECT DISTINCT 'group:' || g.group_id
             FROM contacts AS p
             JOIN contact_groups AS g ON g.church_id = p.church_id AND g.member_id = p.member_id
            WHERE p.church_id = c.church_id AND p.phone_index = c.phone_index AND g.is_in
           ) AS f (facet)
"""

TABLES = (
    """
    CREATE TABLE conversation_facets (
        church_id       uuid NOT NULL,
        conversation_id uuid NOT NULL,
        facet           text COLLATE "C" NOT NULL,
        last_message_at timestamptz NOT NULL,
        status          text COLLATE "C" NOT NULL,
        is_unread       boolean NOT NULL,
        PRIMARY KEY (church_id, conversation_id, facet)
    )
    """,
    """
    CREATE TABLE conversation_counts (
        church_id uuid NOT NULL,
        facet     text COLLATE "C" NOT NULL,
        status    text COLLATE "C" NOT NULL,
        is_unread boolean NOT NULL,
        threads   bigint NOT NULL,
        PRIMARY KEY (church_id, facet, status, is_unread)
    )
    """,
    # Only ever appended to, so that two texts that come together need not wait for each other.
    # A number is true at every moment: what was added up, and the deltas that were not yet.
    """
    CREATE TABLE conversation_count_deltas (
        church_id uuid NOT NULL,
        id        bigint GENERATED ALWAYS AS IDENTITY,
        facet     text COLLATE "C" NOT NULL,
        status    text COLLATE "C" NOT NULL,
        is_unread boolean NOT NULL,
        threads   integer NOT NULL,
        PRIMARY KEY (church_id, id)
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
            autovacuum_vacuum_insert_scale_factor = 0)
    """,
    # So that what was said of a group before it was removed, and heard after, has no effect.
    """
    CREATE TABLE removed_groups (
        church_id  uuid NOT NULL,
        group_id   uuid NOT NULL,
        removed_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, group_id)
    )
    """,
    "CREATE INDEX ix_conversations_phone_index ON conversations (church_id, phone_index)",
)

# Ids and our own numbers: a worker without a church sees whose deltas there are.
DELTAS_SCOPE = f"""
    CREATE POLICY church ON conversation_count_deltas
        USING (church_id = {OWNER} OR {OWNER} IS NULL) WITH CHECK (church_id = {OWNER})
"""

BACKFILL = (
    """
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at, status,
                                     is_unread)
    SELECT church_id, conversation_id, facet, last_message_at, status, is_unread FROM wanted_facets
    """,
    """
    INSERT INTO conversation_counts (church_id, facet, status, is_unread, threads)
    SELECT church_id, facet, status, is_unread, count(*)
      FROM conversation_facets GROUP BY church_id, facet, status, is_unread
    """,
)

INDEXES = (
    """
    ALTER TABLE conversation_facets ADD FOREIGN KEY (church_id, conversation_id)
        REFERENCES conversations (church_id, id) ON DELETE CASCADE
    """,
    """
    CREATE INDEX ix_conversation_facets_facet ON conversation_facets
        (church_id, facet, last_message_at DESC, conversation_id DESC)
    """,
    """
    CREATE INDEX ix_conversation_facets_status ON conversation_facets
        (church_id, facet, status, last_message_at DESC, conversation_id DESC)
    """,
    """
    CREATE INDEX ix_conversation_facets_unread ON conversation_facets
        (church_id, facet, last_message_at DESC, conversation_id DESC) WHERE is_unread
    """,
    """
    CREATE INDEX ix_conversation_facets_status_unread ON conversation_facets
        (church_id, facet, status, last_message_at DESC, conversation_id DESC) WHERE is_unread
    """,
)


# In the order of who calls whom. "SET search_path FROM CURRENT" in them: whoever causes it, the
# tables are those of this schema.
FUNCTIONS = (
    "lock_people()",
    "people_change()",
    "place_conversations(uuid[])",
    "conversations_begin()",
    "conversation_goes_on()",
    "conversation_moves()",
    "labels_change()",
    "contacts_change()",
    "groups_change()",
    "facets_count()",
    "facet_counts()",
)


def statement_triggers(table: str, call: str, *operations: str) -> tuple[str, ...]:
    """One trigger per operation, with its rows as ``changed`` and what they were as ``past``."""
    seen = {
        "INSERT": "NEW TABLE AS changed",
        "UPDATE": "OLD TABLE AS past NEW TABLE AS changed",
        "DELETE": "OLD TABLE AS changed",
    }
    return tuple(
        f"CREATE TRIGGER {call}_{operation.lower()} AFTER {operation} ON {table} "
        f"REFERENCING {seen[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {call}()"
        for operation in operations
    )


TRIGGERS = (
    """
    CREATE TRIGGER begins AFTER INSERT ON conversations
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION conversations_begin()
    """,
    """
    CREATE TRIGGER goes_on AFTER UPDATE OF last_message_at, status, unread_count ON conversations
        FOR EACH ROW WHEN (OLD.last_message_at IS DISTINCT FROM NEW.last_message_at
                           OR OLD.status IS DISTINCT FROM NEW.status
                           OR (OLD.unread_count > 0) <> (NEW.unread_count > 0))
        EXECUTE FUNCTION conversation_goes_on()
    """,
    """
    CREATE TRIGGER moves AFTER UPDATE OF assignee_id, our_number, phone_index ON conversations
        FOR EACH ROW WHEN (OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
                           OR OLD.our_number IS DISTINCT FROM NEW.our_number
                           OR OLD.phone_index IS DISTINCT FROM NEW.phone_index)
        EXECUTE FUNCTION conversation_moves()
    """,
    *statement_triggers("conversation_labels", "labels_change", "INSERT", "DELETE"),
    *(
        f"CREATE TRIGGER alone BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION people_change()"
        for table in ("contacts", "contact_groups")
    ),
    *statement_triggers("contacts", "contacts_change", "INSERT", "UPDATE", "DELETE"),
    *statement_triggers("contact_groups", "groups_change", "INSERT", "UPDATE", "DELETE"),
    *statement_triggers("conversation_facets", "facets_count", "INSERT", "DELETE"),
    """
    CREATE TRIGGER facet_counts AFTER UPDATE ON conversation_facets
        FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.is_unread <> NEW.is_unread)
        EXECUTE FUNCTION facet_counts()
    """,
)

# Lists are read by facet now. Without these, whatever brings no new message touches no index of
# the thread's own row.
LISTS_BEFORE = {
    "ix_conversations_church_id_status_last_message_at": """
        ON conversations (church_id, status, last_message_at DESC, id DESC)
    """,
    "ix_conversations_unread": """
        ON conversations (church_id, last_message_at DESC, id DESC) WHERE unread_count > 0
    """,
}

SCOPED = ("conversation_facets", "conversation_counts", "removed_groups")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    op.execute(WANTED)
    create_from_files(*(call.partition("(")[0] for call in FUNCTIONS))
    # Writers of threads wait from here on, for the seconds that the rows that are there take.
    op.execute("LOCK TABLE conversations IN SHARE ROW EXCLUSIVE MODE")
    for statement in (*BACKFILL, *INDEXES, *TRIGGERS):
        op.execute(statement)
    op.execute(f"DROP INDEX {', '.join(LISTS_BEFORE)}")
    op.execute("ALTER TABLE conversations SET (fillfactor = 80)")
    church_scope(*SCOPED)
    op.execute("ALTER TABLE conversation_count_deltas ENABLE ROW LEVEL SECURITY")
    op.execute(DELTAS_SCOPE)


def downgrade() -> None:
    for call in FUNCTIONS:
        op.execute(f"DROP FUNCTION {call} CASCADE")  # with its triggers
    op.execute("DROP VIEW wanted_facets")
    op.execute(f"DROP TABLE {', '.join(SCOPED)}, conversation_count_deltas")
    op.execute("DROP INDEX ix_conversations_phone_index")
    op.execute("ALTER TABLE conversations RESET (fillfactor)")
    for name, rows in LISTS_BEFORE.items():
        op.execute(f"CREATE INDEX {name} {rows}")
