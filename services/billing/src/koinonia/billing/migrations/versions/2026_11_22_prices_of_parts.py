"""What a part of a text costs on a plan, so that the price can be shown before sending; and room
for the texts by which we confirm a STOP.
"""

from alembic import op

revision = "billing_0002"
down_revision = "billing_0001"

PRICES = (
    """
    ALTER TABLE plans
        ADD COLUMN part_price numeric(12, 5) NOT NULL DEFAULT 0 CHECK (part_price >= 0)  -- USD
    """,
    # As it was when the message was approved, whatever becomes of the plan.
    "ALTER TABLE reservations ADD COLUMN part_price numeric(12, 5) NOT NULL DEFAULT 0",
    "ALTER TABLE reservations DROP CONSTRAINT reservations_kind_check",
    """
    ALTER TABLE reservations ADD CONSTRAINT reservations_kind_check
        CHECK (kind IN ('broadcast', 'reply', 'confirmation'))
    """,
)

# Listeners learn of the churches that are here already: the subscription is told once more.
RETELL = """
    WITH told AS (
        SELECT gen_random_uuid() AS event_id, s.*, p.part_price
          FROM subscriptions s JOIN plans p ON p.code = s.plan
    )
    INSERT INTO outbox (event_id, name, church_id, body, headers)
    SELECT event_id, 'subscription.updated', church_id, CAST(jsonb_build_object(
               'id', event_id,
               'churchId', church_id,
               'occurredAt', now(),
               'plan', plan,
               'status', status,
               'allowanceParts', allowance_parts,
               'periodEndsAt', period_ends_at,
               'usedParts', greatest(used_parts, 0),
               'reservedParts', reserved_parts,
               'partPrice', CAST(part_price AS text)) AS text), '{}'
      FROM told
"""


def upgrade() -> None:
    for statement in (*PRICES, RETELL):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM reservations WHERE kind = 'confirmation'")
    op.execute("ALTER TABLE reservations DROP CONSTRAINT reservations_kind_check")
    op.execute("""
        ALTER TABLE reservations ADD CONSTRAINT reservations_kind_check
            CHECK (kind IN ('broadcast', 'reply'))
    """)
    op.execute("ALTER TABLE reservations DROP COLUMN part_price")
    op.execute("ALTER TABLE plans DROP COLUMN part_price")
