"""Churches that may have a number and send broadcasts: auth says which.

Churches with a number were texting before addresses were verified, so they count at once. Of all
others from before auth tells, with the same upgrade.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0016"
down_revision = "messaging_0015"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE verified_churches (
            church_id   uuid PRIMARY KEY,
            verified_at timestamptz NOT NULL
        )
    """)
    op.execute("""
        INSERT INTO verified_churches (church_id, verified_at)
        SELECT DISTINCT church_id, now() FROM phone_numbers
    """)
    church_scope("verified_churches")


def downgrade() -> None:
    op.execute("DROP TABLE verified_churches")
