"""What is searched: the words of lines, names, and pieces of phone numbers, blinded.

Narrow tables beside the big ones, filled by triggers, so that nothing big is rewritten under a
lock; what is older than this is taken in by the loop in ``searching/backlog.py``. How it is asked,
and why through functions of the owner: docs/decisions/0014-search.md.
"""

from alembic import op

from koinonia.common.migrations import church_scope, role
from koinonia.common.migrations.tables import OWNER

revision = "conversation_0005"
down_revision = "conversation_0004"

SAFE = "SECURITY DEFINER SET search_path = conversation, pg_temp"
# How a page is found is written below and not left to the planner's guess of how frequent a word
# is; each way is a matter of milliseconds, less than starting helpers or a compiler takes.
READS = f"""
    ROWS 20 STABLE {SAFE} SET work_mem = '16MB' SET enable_seqscan = off SET jit = off
    SET max_parallel_workers_per_gather = 0
"""

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

WORDS = (
    # No accents; and signs that PostgreSQL's parser would take for a tag, a path or a minus. But
    # for accents it keeps the length, which searching/highlights.py counts on.
    r"""
    CREATE FUNCTION folded(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
        SELECT regexp_replace(
            translate(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g'),
                      '<>/', '   '), '(?<=\d)-(?=\d)', ' ', 'g')
    $$
    """,
    # english for a church that was not heard of yet.
    """
    CREATE FUNCTION church_language(church uuid) RETURNS regconfig LANGUAGE sql STABLE AS $$
        SELECT coalesce((SELECT known.oid::regconfig
                           FROM churches JOIN pg_ts_config AS known ON known.cfgname = language
                            AND known.cfgnamespace = 'pg_catalog'::regnamespace
                          WHERE church_id = church), 'english')
    $$
    """,
    """
    CREATE FUNCTION week_of(at timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
        SELECT floor(extract(epoch FROM at) / 604800)::integer
    $$
    """,
    # A word that no text can hold, since it begins with a blank: a church, or its week, so that
    # one index finds the words of one church and time. Two that are alike do no harm: the church
    # of a row is compared as well.
    """
    CREATE FUNCTION mark(church uuid, week integer DEFAULT NULL) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
        SELECT ' ' || left(md5(church::text || coalesce(week::text, '')), 10)
    $$
    """,
    # A text of any length must not fail to come in.
    """
    CREATE FUNCTION line_words(church uuid, at timestamptz, content text, language regconfig)
    RETURNS tsvector LANGUAGE sql STABLE AS $$
        SELECT to_tsvector(language, folded(left(content, 20000)))
               || array_to_tsvector(ARRAY[mark(church), mark(church, week_of(at))])
    $$
    """,
    """
    CREATE FUNCTION name_words(church uuid, first_name text, last_name text)
    RETURNS tsvector LANGUAGE sql STABLE AS $$
        SELECT to_tsvector('simple', folded(concat_ws(' ', first_name, last_name)))
               || array_to_tsvector(ARRAY[mark(church)])
    $$
    """,
    # Every word of it, begun.
    r"""
    CREATE FUNCTION prefixes(given text) RETURNS tsquery LANGUAGE sql STABLE AS $$
        SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''':*',
                          ' & ')::tsquery
          FROM unnest(to_tsvector('simple', given))
    $$
    """,
    """
    CREATE FUNCTION marked_by(VARIADIC marks text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
        SELECT string_agg('''' || mark || '''', ' | ')::tsquery FROM unnest(marks) AS mark
    $$
    """,
)

TRIGGERS = (
    f"""
    CREATE FUNCTION note_line_words() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM message_words WHERE church_id = OLD.church_id
               AND occurred_at = OLD.occurred_at AND message_id = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO message_words (church_id, occurred_at, message_id, words)
            VALUES (NEW.church_id, NEW.occurred_at, NEW.id,
                    line_words(NEW.church_id, NEW.occurred_at, NEW.content,
                               church_language(NEW.church_id)));
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER note_line_words AFTER INSERT OR DELETE OR UPDATE OF content, occurred_at
        ON conversation_messages FOR EACH ROW EXECUTE FUNCTION note_line_words()
    """,
    f"""
    CREATE FUNCTION note_contact_words() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM contact_words
             WHERE church_id = OLD.church_id AND member_id = OLD.member_id;
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.phone_index IS NOT NULL THEN
            INSERT INTO contact_words (church_id, member_id, phone_index, words)
            VALUES (NEW.church_id, NEW.member_id, NEW.phone_index,
                    name_words(NEW.church_id, NEW.first_name, NEW.last_name));
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER note_contact_words
        AFTER INSERT OR DELETE OR UPDATE OF first_name, last_name, phone_index
        ON contacts FOR EACH ROW EXECUTE FUNCTION note_contact_words()
    """,
    # Texts may come before the church is heard of: then they were taken for english ones.
    f"""
    CREATE FUNCTION reread_lines() RETURNS trigger LANGUAGE plpgsql {SAFE} AS $$
    BEGIN
        INSERT INTO search_backlog (church_id, what) VALUES (NEW.church_id, 'lines')
        ON CONFLICT (church_id, what) DO UPDATE SET after_id = excluded.after_id;
        RETURN NULL;
    END $$
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

# The newest lines are looked through one by one: whatever is frequent is among them. What is rare
# is found by the index, over ever longer stretches of weeks, and at last over all that is left.
LINES = f"""
    CREATE FUNCTION found_lines(asked tsquery, before_at timestamptz, before_id uuid,
                                wanted integer)
    RETURNS TABLE (id uuid, at timestamptz) LANGUAGE plpgsql {READS} SET enable_sort = off AS $$
    #variable_conflict use_column
    DECLARE
        church CONSTANT uuid := {OWNER};
        newest CONSTANT integer := 2000;
        so_far integer;
        more   integer;
        oldest timestamptz;
        since  timestamptz;
        week   integer;
        weeks  integer;
        marks  tsquery;
    BEGIN
        RETURN QUERY
        SELECT message_id, occurred_at
          FROM (SELECT message_id, occurred_at, words FROM message_words
                 WHERE church_id = church AND (occurred_at, message_id) < (before_at, before_id)
                 ORDER BY occurred_at DESC, message_id DESC LIMIT newest) AS line
         WHERE words @@ asked
         ORDER BY occurred_at DESC, message_id DESC LIMIT wanted;
        GET DIAGNOSTICS so_far = ROW_COUNT;
        IF so_far >= wanted THEN
            RETURN;
        END IF;
        SELECT occurred_at, message_id INTO before_at, before_id FROM message_words
         WHERE church_id = church AND (occurred_at, message_id) < (before_at, before_id)
         ORDER BY occurred_at DESC, message_id DESC OFFSET newest - 1 LIMIT 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        SELECT occurred_at INTO oldest FROM message_words
         WHERE church_id = church ORDER BY occurred_at LIMIT 1;
        week := week_of(before_at);
        FOREACH weeks IN ARRAY ARRAY[1, 4, 16, 64, 0] LOOP
            IF weeks = 0 THEN
                marks := marked_by(mark(church));
                since := '-infinity';
            ELSE
                SELECT marked_by(VARIADIC array_agg(mark(church, each))) INTO marks
                  FROM generate_series(week - weeks + 1, week) AS each;
                week := week - weeks;
                since := to_timestamp((week + 1) * 604800.0);
            END IF;
            RETURN QUERY
            SELECT message_id, occurred_at
              FROM (SELECT * FROM message_words WHERE words @@ (asked && marks) OFFSET 0) AS line
             WHERE church_id = church AND occurred_at >= since
               AND (occurred_at, message_id) < (before_at, before_id)
             ORDER BY occurred_at DESC, message_id DESC LIMIT wanted - so_far;
            GET DIAGNOSTICS more = ROW_COUNT;
            so_far := so_far + more;
            EXIT WHEN so_far >= wanted OR since <= oldest;
            before_at := since;
            before_id := '00000000-0000-0000-0000-000000000000';
        END LOOP;
    END $$
"""

# Threads are found alike: the newest are asked one by one, and only what is rare by its index.
# OFFSET 0 keeps PostgreSQL from any other way.
THREADS = """
    CREATE FUNCTION {name}(asked {kind}, before_at timestamptz, before_id uuid, wanted integer)
    RETURNS TABLE (id uuid, at timestamptz, member_id uuid) LANGUAGE plpgsql {READS} AS $$
    #variable_conflict use_column
    DECLARE
        church CONSTANT uuid := {OWNER};
        newest CONSTANT integer := 500;
        so_far integer;
    BEGIN
        RETURN QUERY
        SELECT c.id, c.last_message_at, hit.member_id
          FROM (SELECT * FROM conversations
                 WHERE church_id = church AND (last_message_at, id) < (before_at, before_id)
                 ORDER BY last_message_at DESC, id DESC LIMIT newest) AS c
         CROSS JOIN LATERAL ({of_thread} LIMIT 1) AS hit
         ORDER BY c.last_message_at DESC, c.id DESC LIMIT wanted;
        GET DIAGNOSTICS so_far = ROW_COUNT;
        IF so_far >= wanted THEN
            RETURN;
        END IF;
        SELECT last_message_at, id INTO before_at, before_id FROM conversations
         WHERE church_id = church AND (last_message_at, id) < (before_at, before_id)
         ORDER BY last_message_at DESC, id DESC OFFSET newest - 1 LIMIT 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        RETURN QUERY
        SELECT c.id, c.last_message_at, hit.member_id
          FROM ({of_church} OFFSET 0) AS hit
         CROSS JOIN LATERAL (SELECT * FROM conversations
                              WHERE church_id = church AND {joined} OFFSET 0) AS c
         WHERE (c.last_message_at, c.id) < (before_at, before_id)
         ORDER BY c.last_message_at DESC, c.id DESC LIMIT wanted - so_far;
    END $$
"""
NAMES = {
    "name": "found_names",
    "kind": "tsquery",
    "of_thread": """
        SELECT member_id
          FROM (SELECT * FROM contact_words
                 WHERE church_id = church AND phone_index = c.phone_index OFFSET 0) AS person
         WHERE words @@ asked
         ORDER BY member_id
    """,
    "of_church": """
        SELECT DISTINCT ON (phone_index) phone_index, member_id
          FROM (SELECT * FROM contact_words
                 WHERE words @@ (asked && marked_by(mark(church))) OFFSET 0) AS person
         WHERE church_id = church
         ORDER BY phone_index, member_id
    """,
    "joined": "phone_index = hit.phone_index",
}
PHONES = {
    "name": "found_phones",
    "kind": "bigint[]",
    "of_thread": """
        SELECT NULL::uuid AS member_id
          FROM (SELECT * FROM conversation_phones
                 WHERE church_id = church AND conversation_id = c.id OFFSET 0) AS phone
         WHERE pieces @> asked
    """,
    "of_church": """
        SELECT conversation_id, NULL::uuid AS member_id
          FROM (SELECT * FROM conversation_phones WHERE pieces @> asked OFFSET 0) AS phone
         WHERE church_id = church
    """,
    "joined": "id = hit.conversation_id",
}
FOUND = (
    LINES,
    *(THREADS.format(READS=READS, OWNER=OWNER, **each) for each in (NAMES, PHONES)),
)
ASKED = (
    "found_lines(tsquery, timestamptz, uuid, integer)",
    "found_names(tsquery, timestamptz, uuid, integer)",
    "found_phones(bigint[], timestamptz, uuid, integer)",
)
MADE = (
    "church_language(uuid)",
    "folded(text)",
    "week_of(timestamptz)",
    "mark(uuid, integer)",
    "line_words(uuid, timestamptz, text, regconfig)",
    "name_words(uuid, text, text)",
    "prefixes(text)",
    "marked_by(text[])",
    "note_line_words()",
    "note_contact_words()",
    "reread_lines()",
)
SCOPED = ("message_words", "contact_words", "conversation_phones")


def upgrade() -> None:
    for statement in (*TABLES, *WORDS, *FOUND):
        op.execute(statement)
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
    for name in (*ASKED, *MADE):
        op.execute(f"DROP FUNCTION {name}")
