"""Say of every phone when it last texted, so that "last heard from" knows lines of before.

Messaging counts texts as they come; those of before it did lie here alone. One look by index for
each conversation, and an event for 500. Where two conversations were merged, the lines of both
count for the phone that is left.
"""

from alembic import op

revision = "conversation_0021"
down_revision = "conversation_0020"

TELL = """
    WITH numbered AS (
        SELECT c.church_id, c.id, c.phone_index, c.created_at, line.occurred_at,
               row_number() OVER (PARTITION BY c.church_id ORDER BY c.id) / 500 AS part
          FROM conversations AS c
         CROSS JOIN LATERAL (
               SELECT occurred_at FROM conversation_messages
                WHERE church_id = c.church_id AND conversation_id = c.id
                  AND direction = 'inbound'
                ORDER BY occurred_at DESC, id DESC LIMIT 1) AS line
    ), told AS (
        SELECT gen_random_uuid() AS event_id, church_id,
               jsonb_agg(jsonb_build_object('conversationId', id, 'phoneIndex', phone_index,
                                            'since', created_at, 'lastHeardAt', occurred_at)
                        ) AS conversations
          FROM numbered GROUP BY church_id, part
    )
    INSERT INTO outbox (event_id, name, church_id, body, headers)
    SELECT event_id, 'conversation.begun', church_id, CAST(jsonb_build_object(
               'id', event_id, 'churchId', church_id, 'occurredAt', now(),
               'conversations', conversations) AS text), '{}'
      FROM told
"""


def upgrade() -> None:
    op.execute(TELL)


def downgrade() -> None:
    """What was said is known, and harms nobody."""
