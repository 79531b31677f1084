"""Attempts to sign in are counted for each account, whoever makes them."""

from alembic import op

revision = "auth_0004"
down_revision = "auth_0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE sign_in_attempts (
            account     bytea PRIMARY KEY,     -- a keyed digest of the address, known or not
            attempts    integer NOT NULL,      -- since the last one that succeeded
            last_at     timestamptz NOT NULL,
            waits_until timestamptz NOT NULL
        )
    """)
    op.execute("CREATE INDEX ix_sign_in_attempts_last_at ON sign_in_attempts (last_at)")


def downgrade() -> None:
    op.execute("DROP TABLE sign_in_attempts")
