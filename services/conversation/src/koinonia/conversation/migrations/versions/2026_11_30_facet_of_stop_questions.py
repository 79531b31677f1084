"""Threads whose text may ask to stop are listed and counted by one facet more.

Questions change facets of threads by their phone, as people do, so whoever opens or closes one is
alone in the church.
"""

from alembic import op

from koinonia.common.migrations import create_from_files

revision = "conversation_0008"
down_revision = "conversation_0007"

# That of conversation_0004, and that until conversation_0018 with one facet more.
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
           {questions}
           ) AS f (facet)
"""

FACET = "stop_question:open"

QUESTIONS = f"""
           UNION ALL
           SELECT '{FACET}'
             FROM stop_questions AS q
            WHERE q.church_id = c.church_id AND q.phone_index = c.phone_index AND q.is_open
"""

TRIGGERS = (
    """
    CREATE TRIGGER alone BEFORE INSERT OR UPDATE OR DELETE ON stop_questions
        FOR EACH STATEMENT EXECUTE FUNCTION people_change()
    """,
    *(
        f"""
        CREATE TRIGGER stop_questions_change_{operation.lower()} AFTER {operation}
            ON stop_questions REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION stop_questions_change()
        """
        for operation in ("INSERT", "UPDATE")
    ),
)

BACKFILL = f"""
    INSERT INTO conversation_facets (church_id, conversation_id, facet, last_message_at, status,
                                     is_unread)
    SELECT c.church_id, c.id, '{FACET}', c.last_message_at, c.status, c.unread_count > 0
      FROM stop_questions AS q
      JOIN conversations AS c ON c.church_id = q.church_id AND c.phone_index = q.phone_index
     WHERE q.is_open
"""


def upgrade() -> None:
    op.execute(WANTED.format(questions=QUESTIONS))
    create_from_files("stop_questions_change")
    op.execute("LOCK TABLE conversations IN SHARE ROW EXCLUSIVE MODE")
    for statement in (*TRIGGERS, BACKFILL):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION stop_questions_change CASCADE")  # with its triggers
    op.execute("DROP TRIGGER alone ON stop_questions")
    op.execute(WANTED.format(questions=""))
    for table in ("conversation_facets", "conversation_counts", "conversation_count_deltas"):
        op.execute(f"DELETE FROM {table} WHERE facet = '{FACET}'")
