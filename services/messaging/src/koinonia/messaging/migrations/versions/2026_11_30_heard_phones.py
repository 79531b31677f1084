"""When each phone last texted a church.

Rows of before this migration come from what messaging kept of texts: entries of the ledger that a
text made, stop questions and answers to STOP, START and HELP. Ordinary lines lie with conversation
alone, so whoever only chatted before counts as never heard from until their next text.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0029"
down_revision = "messaging_0028"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE heard_phones (
            church_id     uuid NOT NULL,
            phone_index   text COLLATE "C" NOT NULL,
            last_heard_at timestamptz NOT NULL,
            PRIMARY KEY (church_id, phone_index)
        )
    """)
    op.execute("""
        INSERT INTO heard_phones (church_id, phone_index, last_heard_at)
        SELECT church_id, phone_index, max(at)
          FROM (SELECT church_id, phone_index, occurred_at AS at FROM consent_events
                 WHERE method = 'keyword'
                UNION ALL
                SELECT church_id, phone_index, asked_at FROM stop_questions
                UNION ALL
                SELECT church_id, phone_index, answered_at FROM confirmations) AS kept
         GROUP BY church_id, phone_index
    """)
    op.execute("""
        CREATE INDEX ix_heard_phones_church_id_last_heard_at
            ON heard_phones (church_id, last_heard_at)
    """)
    church_scope("heard_phones")


def downgrade() -> None:
    op.execute("DROP TABLE heard_phones")
