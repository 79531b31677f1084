"""A number has a label, and a group may have a number of its own."""

from alembic import op

revision = "messaging_0020"
down_revision = "messaging_0019"


def upgrade() -> None:
    op.execute("ALTER TABLE phone_numbers ADD COLUMN label text")
    op.execute("ALTER TABLE groups ADD COLUMN number_id uuid REFERENCES phone_numbers (id)")
    op.execute("CREATE INDEX ix_groups_number_id ON groups (number_id) WHERE number_id IS NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE groups DROP COLUMN number_id")
    op.execute("ALTER TABLE phone_numbers DROP COLUMN label")
