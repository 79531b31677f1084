"""How many numbers all churches together ordered on a day."""

from alembic import op

revision = "messaging_0021"
down_revision = "messaging_0020"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE number_order_days (
            day    date PRIMARY KEY,  -- in UTC
            orders integer NOT NULL CHECK (orders > 0)
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE number_order_days")
