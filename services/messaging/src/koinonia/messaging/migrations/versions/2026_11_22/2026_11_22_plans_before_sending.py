"""What sending would do and cost, and whom it leaves out."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0007"
down_revision = "messaging_0006"

MESSAGES = (
    """
    ALTER TABLE messages
        ADD COLUMN excluded  jsonb NOT NULL DEFAULT '{}',  -- reason → phones
        ADD COLUMN priority  text NOT NULL DEFAULT 'normal'
                             CHECK (priority IN ('low', 'normal', 'high')),
        ADD COLUMN plan_hash text
    """,
    """
    UPDATE messages SET excluded = jsonb_build_object('opted_out', excluded_opted_out)
     WHERE excluded_opted_out > 0
    """,
    "ALTER TABLE messages DROP COLUMN excluded_opted_out",
)

# What staff were shown. Figures only, no phone and no name; pruned after a day. Like old
# idempotency keys, those that ran out can be deleted outside of any church.
PLANS = (
    """
    CREATE TABLE plans (
        church_id  uuid NOT NULL,
        hash       text NOT NULL,
        summary    jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, hash)
    )
    """,
    "CREATE INDEX ix_plans_created_at ON plans (created_at)",
    """
    CREATE POLICY old ON plans
        USING (created_at < now() - interval '1 day'
               AND nullif(current_setting('koinonia.church_id', true), '') IS NULL)
        WITH CHECK (false)
    """,
)

# A projection of what billing says; its newest word wins.
ALLOWANCES = """
    CREATE TABLE allowances (
        church_id       uuid PRIMARY KEY,
        allowance_parts bigint NOT NULL,
        used_parts      bigint NOT NULL DEFAULT 0,
        reserved_parts  bigint NOT NULL DEFAULT 0,
        part_price      numeric(12, 5),  -- USD for one part; null: billing has not said
        status          text,
        period_ends_at  timestamptz,
        changed_at      timestamptz NOT NULL
    )
"""

# What texts taught us about a phone: that it takes none, or that it got our first one.
PHONE_FACTS = (
    """
    CREATE TABLE phone_facts (
        church_id   uuid NOT NULL,
        phone_index text COLLATE "C" NOT NULL,
        fact        text NOT NULL CHECK (fact IN ('invalid', 'landline', 'greeted')),
        learned_at  timestamptz NOT NULL,
        PRIMARY KEY (church_id, phone_index, fact)
    )
    """,
    # Nearly everybody is greeted; who takes no texts is found at once.
    """
    CREATE INDEX ix_phone_facts_church_id_phone_index ON phone_facts (church_id, phone_index)
        WHERE fact <> 'greeted'
    """,
    """
    INSERT INTO phone_facts (church_id, phone_index, fact, learned_at)
    SELECT r.church_id, r.phone_index, 'greeted', min(r.sent_at)
      FROM message_recipients r JOIN messages m ON m.id = r.message_id
     WHERE m.kind = 'broadcast' AND r.sent_at IS NOT NULL
     GROUP BY r.church_id, r.phone_index
    """,
)


def upgrade() -> None:
    for statement in (*MESSAGES, *PLANS, ALLOWANCES, *PHONE_FACTS):
        op.execute(statement)
    church_scope("plans", "allowances", "phone_facts")


def downgrade() -> None:
    for statement in (
        "DROP TABLE phone_facts, allowances, plans",
        "ALTER TABLE messages ADD COLUMN excluded_opted_out integer NOT NULL DEFAULT 0",
        """
        UPDATE messages SET excluded_opted_out = CAST(excluded ->> 'opted_out' AS integer)
         WHERE excluded ? 'opted_out'
        """,
        """
        ALTER TABLE messages DROP COLUMN excluded, DROP COLUMN priority, DROP COLUMN plan_hash
        """,
    ):
        op.execute(statement)
