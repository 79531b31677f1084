"""Sessions say from where and when they were last used, and may be ended by their owner."""

from alembic import op

revision = "auth_0010"
down_revision = "auth_0009"

CHANGES = (
    """
    ALTER TABLE sessions
        ADD COLUMN network    text,          -- a /24, of IPv6 a /48
        ADD COLUMN renewed_at timestamptz    -- begun or renewed: last used, within a quarter hour
    """,
    # A session expired 30 days after it was last renewed.
    "UPDATE sessions SET renewed_at = greatest(created_at, expires_at - interval '30 days')",
    "ALTER TABLE sessions ALTER COLUMN renewed_at SET NOT NULL",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT ck_sessions_ended_reason CHECK (ended_reason IN
            ('logout', 'reuse', 'removed', 'password', 'address', 'chosen', 'displaced')) NOT VALID
    """,
)

BACK = (
    "UPDATE sessions SET ended_reason = 'logout' WHERE ended_reason = 'chosen'",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT ck_sessions_ended_reason CHECK (ended_reason IN
            ('logout', 'reuse', 'removed', 'password', 'address', 'displaced')) NOT VALID
    """,
    "ALTER TABLE sessions DROP COLUMN network, DROP COLUMN renewed_at",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
