"""Filters of people read days in the fields of a church."""

from alembic import op

from koinonia.common.migrations import create_from_files

revision = "messaging_0015"
down_revision = "messaging_0014"


def upgrade() -> None:
    create_from_files("calendar_day")


def downgrade() -> None:
    op.execute("DROP FUNCTION calendar_day(text)")
