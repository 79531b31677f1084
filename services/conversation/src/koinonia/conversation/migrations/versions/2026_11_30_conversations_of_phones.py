"""Say of every conversation which phone it is of, so that members lead to it."""

from alembic import op

revision = "conversation_0017"
down_revision = "conversation_0016"

TELL = """
    WITH numbered AS (
        SELECT church_id, id, phone_index, created_at,
               row_number() OVER (PARTITION BY church_id ORDER BY id) / 500 AS part
          FROM conversations
    ), told AS (
        SELECT gen_random_uuid() AS event_id, church_id,
               jsonb_agg(jsonb_build_object('conversationId', id, 'phoneIndex', phone_index,
                                            'since', created_at)) AS conversations
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
