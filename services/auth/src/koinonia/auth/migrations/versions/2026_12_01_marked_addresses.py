"""Addresses that take no mail.

``marked_addresses`` has no row-level security: an address is of one person, whatever church they
are of, and a report about a mail comes before the church is known. It holds digests.
"""

from alembic import op

revision = "auth_0008"
down_revision = "auth_0007"

CHANGES = (
    """
    CREATE TABLE marked_addresses (
        email_digest bytea PRIMARY KEY,
        reason       text NOT NULL CHECK (reason IN ('bounced', 'dropped', 'complained')),
        marked_at    timestamptz NOT NULL,
        cleared_at   timestamptz           -- a mailed link was used since: it takes mail
    )
    """,
    """
    ALTER TABLE mails
        ADD COLUMN email_digest bytea,
        ADD COLUMN outcome      text CHECK (outcome IN
            ('delivered', 'delayed', 'bounced', 'blocked', 'dropped', 'complained')),
        ADD COLUMN outcome_at   timestamptz
    """,
)

BACK = (
    "ALTER TABLE mails DROP COLUMN email_digest, DROP COLUMN outcome, DROP COLUMN outcome_at",
    "DROP TABLE marked_addresses",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
