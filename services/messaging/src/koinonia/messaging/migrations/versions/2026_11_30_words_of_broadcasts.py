"""The words of broadcasts, so that a search finds them, and the language of each church.

Beside ``messages``, whose rows are written many times while a broadcast is under way. It is asked
through a function of the owner, as docs/decisions/0014-search.md says. A church's language is that
of its next ``church.updated``; until then its texts are read as english ones.
"""

from alembic import op

from koinonia.common.migrations import church_scope, create_from_files, create_words, role

revision = "messaging_0031"
down_revision = "messaging_0030"

TABLE = (
    "ALTER TABLE churches ADD COLUMN language text NOT NULL DEFAULT 'english'",
    """
    CREATE TABLE broadcast_words (
        message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
        church_id  uuid NOT NULL,
        created_at timestamptz NOT NULL,
        words      tsvector NOT NULL
    )
    """,
)
INDEXES = (
    """
    CREATE INDEX ix_broadcast_words_church_id_created_at_message_id
        ON broadcast_words (church_id, created_at, message_id)
    """,
    # Few pending entries: each search reads them one by one.
    """
    CREATE INDEX ix_broadcast_words_words ON broadcast_words USING gin (words)
        WITH (gin_pending_list_limit = 256)
    """,
)
OLD_ROWS = """
    INSERT INTO broadcast_words (message_id, church_id, created_at, words)
    SELECT id, church_id, created_at,
           line_words(church_id, created_at, content, church_language(church_id))
      FROM messages WHERE kind = 'broadcast'
"""
TRIGGERS = (
    """
    CREATE TRIGGER note_broadcast_words AFTER INSERT OR UPDATE OF content, created_at ON messages
       FOR EACH ROW WHEN (NEW.kind = 'broadcast') EXECUTE FUNCTION note_broadcast_words()
    """,
    """
    CREATE TRIGGER reread_broadcasts AFTER UPDATE OF language ON churches FOR EACH ROW
      WHEN (OLD.language <> NEW.language) EXECUTE FUNCTION reread_broadcasts()
    """,
    """
    CREATE TRIGGER reread_broadcasts_of_new AFTER INSERT ON churches FOR EACH ROW
      WHEN (NEW.language <> 'english') EXECUTE FUNCTION reread_broadcasts()
    """,
)
# In the order of who calls whom.
WORDS = (
    "folded(text)",
    "church_language(uuid)",
    "week_of(timestamptz)",
    "mark(uuid, integer)",
    "line_words(uuid, timestamptz, text, regconfig)",
    "prefixes(text)",
    "marked_by(text[])",
)
FOUND = "found_broadcasts(tsquery, text[], timestamptz, timestamptz, uuid, bigint)"
MADE = ("note_broadcast_words()", "reread_broadcasts()", FOUND)


def upgrade() -> None:
    for statement in TABLE:
        op.execute(statement)
    create_words(*(call.partition("(")[0] for call in WORDS))
    create_from_files(*(call.partition("(")[0] for call in MADE))
    op.execute(f"REVOKE EXECUTE ON FUNCTION {FOUND} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FOUND} TO {role('messaging')}")
    for statement in (OLD_ROWS, *INDEXES, *TRIGGERS):
        op.execute(statement)
    church_scope("broadcast_words")


def downgrade() -> None:
    op.execute("DROP TRIGGER note_broadcast_words ON messages")
    op.execute("DROP TRIGGER reread_broadcasts ON churches")
    op.execute("DROP TRIGGER reread_broadcasts_of_new ON churches")
    for name in (*MADE, *WORDS):
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP TABLE broadcast_words")
    op.execute("ALTER TABLE churches DROP COLUMN language")
