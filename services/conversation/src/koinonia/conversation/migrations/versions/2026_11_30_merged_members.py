"""Whom a merged member became, so that what was said with their phone keeps a name."""

from alembic import op

from koinonia.common.migrations import create_from_files

revision = "conversation_0018"
down_revision = "conversation_0017"

# Bodies from before, which know nobody but who has the phone.
BEFORE = (
    """
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
           UNION ALL
           SELECT 'stop_question:open'
             FROM stop_questions AS q
            WHERE q.church_id = c.church_id AND q.phone_index = c.phone_index AND q.is_open
           ) AS f (facet)
    """,
    """
    CREATE OR REPLACE FUNCTION contacts_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
    DECLARE touched uuid[];
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            SELECT array_agg(DISTINCT c.id) INTO touched
              FROM past JOIN changed USING (church_id, member_id)
              JOIN contact_groups AS g USING (church_id, member_id)
              JOIN conversations AS c ON c.church_id = g.church_id
               AND c.phone_index IN (past.phone_index, changed.phone_index)
             WHERE past.phone_index IS DISTINCT FROM changed.phone_index AND g.is_in;
        ELSE
            SELECT array_agg(DISTINCT c.id) INTO touched
              FROM changed JOIN contact_groups AS g USING (church_id, member_id)
              JOIN conversations AS c ON c.church_id = g.church_id
               AND c.phone_index = changed.phone_index
             WHERE g.is_in;
        END IF;
        IF touched IS NOT NULL THEN
            PERFORM place_conversations(touched);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION groups_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
    DECLARE touched uuid[];
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            SELECT array_agg(DISTINCT c.id) INTO touched
              FROM past JOIN changed USING (church_id, group_id, member_id)
              JOIN contacts AS p USING (church_id, member_id)
              JOIN conversations AS c ON c.church_id = p.church_id
               AND c.phone_index = p.phone_index
             WHERE past.is_in <> changed.is_in;
        ELSE
            SELECT array_agg(DISTINCT c.id) INTO touched
              FROM changed JOIN contacts AS p USING (church_id, member_id)
              JOIN conversations AS c ON c.church_id = p.church_id
               AND c.phone_index = p.phone_index
             WHERE changed.is_in;
        END IF;
        IF touched IS NOT NULL THEN
            PERFORM place_conversations(touched);
        END IF;
        RETURN NULL;
    END
    $$
    """,
)


def upgrade() -> None:
    # The phone that the person has no more is shown (phone_index) while they have another one.
    op.execute("""
        ALTER TABLE contacts ADD COLUMN stands_for uuid,
                             ADD COLUMN former_phone_index text COLLATE "C"
    """)
    op.execute("""
        CREATE INDEX ix_contacts_stands_for ON contacts (church_id, stands_for)
         WHERE stands_for IS NOT NULL
    """)
    op.execute("""
        CREATE INDEX ix_contacts_person
            ON contacts (church_id, (CASE WHEN stands_for IS NULL THEN member_id
                                          ELSE stands_for END))
         WHERE phone_index IS NOT NULL
    """)
    create_from_files("known_people", "wanted_facets", "contacts_change", "groups_change")


def downgrade() -> None:
    """Who was merged is gone, as they were before."""
    op.execute("""
        UPDATE contacts SET first_name = NULL, last_name = NULL, phone_index = NULL,
                            stands_for = NULL
         WHERE stands_for IS NOT NULL
    """)
    for body in BEFORE:
        op.execute(body)
    op.execute("DROP VIEW known_people")
    op.execute("DROP INDEX ix_contacts_person")
    op.execute("DROP INDEX ix_contacts_stands_for")
    op.execute("ALTER TABLE contacts DROP COLUMN stands_for, DROP COLUMN former_phone_index")
