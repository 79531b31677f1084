"""What holds at every moment of what the shared inbox keeps beside its rows, said anew in SQL."""

from uuid import UUID

from koinonia.common import db
from koinonia.common.testing import probe

SAYINGS = {
    "unread_count": """
        SELECT c.id FROM conversations c WHERE c.unread_count <> (
               SELECT count(*) FROM conversation_messages m
                WHERE m.conversation_id = c.id AND NOT m.is_read)
    """,
    "last_message": """
        SELECT c.id FROM conversations c WHERE c.last_message_id <> (
               SELECT m.id FROM conversation_messages m
                WHERE m.conversation_id = c.id AND m.direction <> 'note'
                ORDER BY m.occurred_at DESC, m.id DESC LIMIT 1)
    """,
    "what is said of the last message": """
        SELECT c.id FROM conversations c JOIN conversation_messages m ON m.id = c.last_message_id
         WHERE (c.last_message_at, c.last_message_direction, c.last_message_content,
                c.last_message_status, c.last_message_media_count,
                coalesce(c.last_message_media_kind, ''))
            <> (m.occurred_at, m.direction, m.content, m.status, m.media_count,
                coalesce(m.media_kind, ''))
    """,
    "facets": """
        WITH should (id, facet) AS (
            SELECT id, 'all' FROM conversations
            UNION SELECT id, concat('number:', our_number) FROM conversations
            UNION SELECT id, concat('assignee:', assignee_id) FROM conversations
                   WHERE assignee_id IS NOT NULL
            UNION SELECT id, 'assignee:none' FROM conversations WHERE assignee_id IS NULL
            UNION SELECT conversation_id, concat('label:', label_id) FROM conversation_labels
            UNION SELECT c.id, concat('group:', g.group_id) FROM conversations c
                    JOIN contacts p ON p.phone_index = c.phone_index
                    JOIN contact_groups g ON g.is_in
                     AND g.member_id = coalesce(p.stands_for, p.member_id)
            UNION SELECT c.id, 'stop_question:open' FROM conversations c
                    JOIN stop_questions q ON q.phone_index = c.phone_index AND q.is_open
        ), shall AS (
            SELECT id, facet, last_message_at, status, unread_count > 0
              FROM should JOIN conversations USING (id)
        ), kept AS (
            SELECT conversation_id, facet::text, last_message_at, status::text, is_unread
              FROM conversation_facets
        )
        (TABLE shall EXCEPT ALL TABLE kept) UNION ALL (TABLE kept EXCEPT ALL TABLE shall)
    """,
    "counts": """
        WITH counted AS (
            SELECT facet, status, is_unread, count(*)::bigint
              FROM conversation_facets GROUP BY facet, status, is_unread
        ), said AS (
            SELECT facet, status, is_unread, sum(threads)::bigint
              FROM (SELECT facet, status, is_unread, threads FROM conversation_counts UNION ALL
                    SELECT facet, status, is_unread, threads FROM conversation_count_deltas) AS t
             GROUP BY facet, status, is_unread HAVING sum(threads) <> 0
        )
        (TABLE counted EXCEPT ALL TABLE said) UNION ALL (TABLE said EXCEPT ALL TABLE counted)
    """,
}


ALL = " UNION ALL ".join(
    f"SELECT '{name}' AS name, of_it::text AS what FROM ({sql}) AS of_it"
    for name, sql in SAYINGS.items()
)


async def untrue(database: db.Database, church_id: UUID) -> dict[str, str]:
    """What is not as it should be in this church, by what it is said of; best empty."""
    async with database.transaction(church_id) as session:
        return {row.name: row.what for row in await probe.rows(session, ALL)}
