"""How numbers are connected at the carrier, and when that is looked at."""

from alembic import op

revision = "messaging_0025"
down_revision = "messaging_0024"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE phone_numbers
            ADD COLUMN connection text NOT NULL DEFAULT 'connected'
                CHECK (connection IN ('connected', 'relinking', 'lost', 'held_elsewhere')),
            ADD COLUMN relinked_at timestamptz
    """)
    # Due work and what a carrier's list is compared with, across churches: ids and our own public
    # numbers only.
    op.execute("""
        CREATE TABLE number_checks (
            number_id     uuid PRIMARY KEY,
            church_id     uuid NOT NULL,
            carrier       text NOT NULL,
            phone_number  text NOT NULL,
            profile_id    text,
            next_check_at timestamptz,  -- NULL while all is well
            attempts      integer NOT NULL DEFAULT 0,
            misses        integer NOT NULL DEFAULT 0,
            checked_at    timestamptz,  -- when the carrier last answered
            asked_at      timestamptz   -- when staff last asked
        )
    """)
    op.execute("CREATE INDEX ix_number_checks_next_check_at ON number_checks (next_check_at)")
    op.execute(
        "CREATE INDEX ix_number_checks_carrier_number_id ON number_checks (carrier, number_id)"
    )
    op.execute("""
        INSERT INTO number_checks (number_id, church_id, carrier, phone_number, profile_id)
        SELECT n.id, n.church_id, n.carrier, n.phone_number, p.carrier_profile_id
          FROM phone_numbers n
          LEFT JOIN carrier_profiles p ON p.church_id = n.church_id AND p.carrier = n.carrier
         WHERE n.status = 'active'
    """)
    op.execute("""
        CREATE TABLE number_sweeps (
            carrier       text PRIMARY KEY,
            next_sweep_at timestamptz NOT NULL
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE number_checks, number_sweeps")
    op.execute("ALTER TABLE phone_numbers DROP COLUMN connection, DROP COLUMN relinked_at")
