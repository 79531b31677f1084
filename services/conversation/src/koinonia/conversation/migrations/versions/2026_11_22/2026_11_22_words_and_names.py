"""What is searched: the words of lines, names, and pieces of phone numbers, blinded.

Narrow tables beside the big ones, filled by triggers, so that nothing big is rewritten under a
lock; what is older than this is taken in by the loop in ``search/search_backlog.py``. How it is
asked, and why through functions of the owner: docs/decisions/0014-search.md.
"""

from alembic import op

from koinonia.common.migrations import church_scope, create_from_files, create_words, role

revision = "conversation_0005"
down_revision = "conversation_0004"

TABLES = (
    """
    CREATE TABLE message_words (
        church_id   uuid NOT NULL,
        occurred_at timestamptz NOT NULL,
        message_id  uuid NOT NULL,
        words       tsvector NOT NULL,
        PRIMARY KEY (church_id, occurred_at, message_id)
    )
    """,
    # Few pending entries: each search reads them one by one.
    """
    CREATE INDEX ix_message_words_words ON message_words USING gin (words)
        WITH (gin_pending_list_limit = 256)
    """,
    """
    CREATE TABLE contact_words (
        church_id   uuid NOT NULL,
        member_id   uuid NOT NULL,
        phone_index text COLLATE "C" NOT NULL,
        words       tsvector NOT NULL,
        PRIMARY KEY (church_id, member_id)
    )
    """,
    "CREATE INDEX ix_contact_words_phone_index ON contact_words (church_id, phone_index)",
    """
    CREATE INDEX ix_contact_words_words ON contact_words USING gin (words)
        WITH (gin_pending_list_limit = 256)
    """,
    # pieces: phone.Phones.pieces, which takes the key and so is written by the service.
    """
    CREATE TABLE conversation_phones (
        church_id       uuid NOT NULL,
        conversation_id uuid NOT NULL,
        pieces          bigint[] NOT NULL,
        PRIMARY KEY (church_id, conversation_id),
        FOREIGN KEY (church_id, conversation_id) REFERENCES conversations (church_id, id)
            ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_conversation_phones_pieces ON conversation_phones USING gin (pieces)
        WITH (gin_pending_list_limit = 256)
    """,
    # What is to be taken in, of any church: ids only, no row-level security.
    """
    CREATE TABLE search_backlog (
        church_id uuid NOT NULL,
        what      text NOT NULL CHECK (what IN ('lines', 'names', 'phones')),
        after_id  uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
        PRIMARY KEY (church_id, what)
    )
    """,
)

TRIGGERS = (
    """
    CREATE TRIGGER note_line_words AFTER INSERT OR DELETE OR UPDATE OF content, occurred_at
        ON conversation_messages FOR EACH ROW EXECUTE FUNCTION note_line_words()
    """,
    """
    CREATE TRIGGER note_contact_words
        AFTER INSERT OR DELETE OR UPDATE OF first_name, last_name, phone_index
        ON contacts FOR EACH ROW EXECUTE FUNCTION note_contact_words()
    """,
    """
    CREATE TRIGGER reread_lines AFTER UPDATE OF language ON churches FOR EACH ROW
        WHEN (OLD.language <> NEW.language) EXECUTE FUNCTION reread_lines()
    """,
    """
    CREATE TRIGGER reread_lines_of_new AFTER INSERT ON churches FOR EACH ROW
        WHEN (NEW.language <> 'english') EXECUTE FUNCTION reread_lines()
    """,
    """
    INSERT INTO search_backlog (church_id, what)
    SELECT church_id, what FROM (SELECT DISTINCT church_id FROM conversations
                                  UNION SELECT DISTINCT church_id FROM contacts) AS known,
           unnest(ARRAY['lines', 'names', 'phones']) AS what
    """,
)

ASKED = (
    "found_lines(tsquery, timestamptz, uuid, integer)",
    "found_names(tsquery, timestamptz, uuid, integer)",
    "found_phones(bigint[], timestamptz, uuid, integer)",
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
MADE = (
    "name_words(uuid, text, text)",
    "note_line_words()",
    "note_contact_words()",
    "reread_lines()",
)
SCOPED = ("message_words", "contact_words", "conversation_phones")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    create_words(*(call.partition("(")[0] for call in WORDS))
    create_from_files(*(call.partition("(")[0] for call in (*MADE, *ASKED)))
    church_scope(*SCOPED)
    for name in ASKED:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {role('conversation')}")
    for statement in TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER note_line_words ON conversation_messages")
    op.execute("DROP TRIGGER note_contact_words ON contacts")
    op.execute("DROP TRIGGER reread_lines ON churches")
    op.execute("DROP TRIGGER reread_lines_of_new ON churches")
    op.execute(f"DROP TABLE {', '.join(SCOPED)}, search_backlog")
    for name in (*ASKED, *MADE, *WORDS):
        op.execute(f"DROP FUNCTION {name}")
