"""How many numbers a plan allows, and a trial of 100 parts in the place of 5,000.

A trial that runs keeps the parts it was given, and a plan that an operator has changed stays as it
is.
"""

from alembic import op

revision = "billing_0003"
down_revision = "billing_0002"

CHANGES = (
    "ALTER TABLE plans ADD COLUMN number_limit integer CHECK (number_limit >= 0)",
    "UPDATE plans SET number_limit = 1",
    "ALTER TABLE plans ALTER COLUMN number_limit SET NOT NULL",
    "UPDATE plans SET allowance_parts = 100 WHERE code = 'trial' AND allowance_parts = 5000",
)

# Listeners learn what the churches that are here already may have.
RETELL = """
    WITH told AS (
        SELECT gen_random_uuid() AS event_id, s.*, p.part_price, p.number_limit
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
               'partPrice', CAST(part_price AS text),
               'numberLimit', number_limit) AS text), '{}'
      FROM told
"""


def upgrade() -> None:
    for statement in (*CHANGES, RETELL):
        op.execute(statement)


def downgrade() -> None:
    op.execute("UPDATE plans SET allowance_parts = 5000 WHERE code = 'trial'")
    op.execute("ALTER TABLE plans DROP COLUMN number_limit")
