"""Phones are asked again where they are: an area code in two zones counted as one.

The old answer holds until the loop has found the new one (``timing/zone_backfill.py``). Rows that
are written from now on are new; the default of those that exist costs no rewrite of the table.
"""

from alembic import op

revision = "messaging_0011"
down_revision = "messaging_0010"


def upgrade() -> None:
    for statement in (
        "ALTER TABLE members ADD COLUMN zones_are_old boolean NOT NULL DEFAULT true",
        "ALTER TABLE members ALTER COLUMN zones_are_old SET DEFAULT false",
        "DROP INDEX ix_members_church_id_id_unzoned",
        """
        CREATE INDEX ix_members_church_id_id_unzoned ON members (church_id, id)
         WHERE zones IS NULL OR zones_are_old
        """,
        """
        INSERT INTO unzoned_churches SELECT DISTINCT church_id FROM members ON CONFLICT DO NOTHING
        """,
    ):
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_members_church_id_id_unzoned",
        "ALTER TABLE members DROP COLUMN zones_are_old",
        """
        CREATE INDEX ix_members_church_id_id_unzoned ON members (church_id, id)
         WHERE zones IS NULL
        """,
    ):
        op.execute(statement)
