"""Sessions are forgotten a month after they expired."""

from alembic import op

from koinonia.common.migrations import old_rows

revision = "auth_0002"
down_revision = "auth_0001"


def upgrade() -> None:
    old_rows("sessions", days=30, column="expires_at")


def downgrade() -> None:
    op.execute("DROP POLICY old ON sessions")
    op.execute("DROP INDEX ix_sessions_expires_at")
