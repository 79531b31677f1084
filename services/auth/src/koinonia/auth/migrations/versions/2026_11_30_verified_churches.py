"""Churches are verified: a mail address of an owner is known to be theirs.

Churches from before count as verified. Their addresses were never asked about, and they have been
texting; whoever listens is told of them as of any other.

``unverified_churches`` has no row-level security, as ``logins`` has none: an operator looks for
churches that wait, of which none is known yet. It holds ids and times.
"""

from alembic import op

revision = "auth_0005"
down_revision = "auth_0004"

CHANGES = (
    "ALTER TABLE churches ADD COLUMN verified_at timestamptz",
    "UPDATE churches SET verified_at = now()",
    """
    CREATE TABLE unverified_churches (
        church_id     uuid PRIMARY KEY REFERENCES churches ON DELETE CASCADE,
        registered_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_unverified_churches_registered_at ON unverified_churches (registered_at)",
)

TELL = """
    WITH told AS (SELECT gen_random_uuid() AS event_id, id AS church_id FROM churches)
    INSERT INTO outbox (event_id, name, church_id, body, headers)
    SELECT event_id, 'church.verified', church_id, CAST(jsonb_build_object(
               'id', event_id,
               'churchId', church_id,
               'occurredAt', now()) AS text), '{}'
      FROM told
"""


def upgrade() -> None:
    for statement in (*CHANGES, TELL):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE unverified_churches")
    op.execute("ALTER TABLE churches DROP COLUMN verified_at")
