"""The rows of an import that are shown say whom they are about: name and phone, sealed."""

from alembic import op

revision = "messaging_0036"
down_revision = "messaging_0035"


def upgrade() -> None:
    op.execute("ALTER TABLE import_jobs ADD COLUMN sample_people bytea")


def downgrade() -> None:
    op.execute("ALTER TABLE import_jobs DROP COLUMN sample_people")
