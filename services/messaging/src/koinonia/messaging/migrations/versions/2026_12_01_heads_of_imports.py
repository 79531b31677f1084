"""Staff say whether the first row of a file names its columns; it is kept with the others.

Files of before have their first row as the names of the columns, and nowhere else.
"""

from alembic import op

revision = "messaging_0037"
down_revision = "messaging_0036"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE import_jobs
            ADD COLUMN first_row integer,
            ADD COLUMN has_head boolean NOT NULL DEFAULT true
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE import_jobs DROP COLUMN first_row, DROP COLUMN has_head")
