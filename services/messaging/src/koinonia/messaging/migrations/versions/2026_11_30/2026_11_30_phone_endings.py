"""The last four and seven digits of members' phones, blinded, so that a search finds them.

They take the key, so the loop that looks up zones fills in those of members who exist
(``timing/zone_backfill.py``); until then these are found by a whole number only.
"""

from alembic import op

revision = "messaging_0013"
down_revision = "messaging_0012"


def upgrade() -> None:
    for statement in (
        """
        ALTER TABLE members ADD COLUMN phone_last_four bigint, ADD COLUMN phone_last_seven bigint
        """,
        """
        CREATE INDEX ix_members_church_id_phone_last_four_id
            ON members (church_id, phone_last_four, id)
        """,
        """
        CREATE INDEX ix_members_church_id_phone_last_seven_id
            ON members (church_id, phone_last_seven, id)
        """,
        "DROP INDEX ix_members_church_id_id_unzoned",
        """
        CREATE INDEX ix_members_church_id_id_unzoned ON members (church_id, id)
         WHERE zones IS NULL OR zones_are_old OR phone_last_four IS NULL
        """,
        """
        INSERT INTO unzoned_churches SELECT DISTINCT church_id FROM members ON CONFLICT DO NOTHING
        """,
    ):
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_members_church_id_id_unzoned",
        """
        ALTER TABLE members DROP COLUMN phone_last_four, DROP COLUMN phone_last_seven
        """,
        """
        CREATE INDEX ix_members_church_id_id_unzoned ON members (church_id, id)
         WHERE zones IS NULL OR zones_are_old
        """,
    ):
        op.execute(statement)
