"""An operator may end sessions, for somebody who cannot."""

from alembic import op

revision = "auth_0013"
down_revision = "auth_0012"

BEFORE = "'logout', 'reuse', 'removed', 'password', 'address', 'chosen', 'displaced'"


def upgrade() -> None:
    _allow(f"{BEFORE}, 'operator'")


def downgrade() -> None:
    op.execute("UPDATE sessions SET ended_reason = 'logout' WHERE ended_reason = 'operator'")
    _allow(BEFORE)


def _allow(reasons: str) -> None:
    op.execute(f"""
        ALTER TABLE sessions
            DROP CONSTRAINT ck_sessions_ended_reason,
            ADD CONSTRAINT ck_sessions_ended_reason CHECK (ended_reason IN ({reasons})) NOT VALID
    """)
