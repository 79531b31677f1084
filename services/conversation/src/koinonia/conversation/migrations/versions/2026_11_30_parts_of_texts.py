"""A part of a text may be its words or its layout, and then it is no file."""

from alembic import op

revision = "conversation_0012"
down_revision = "conversation_0011"

STATUSES = "'pending', 'stored', 'refused', 'gone'"


def upgrade() -> None:
    _allow(f"{STATUSES}, 'unshown'")


def downgrade() -> None:
    op.execute("DELETE FROM media_files WHERE status = 'unshown'")
    _allow(STATUSES)


def _allow(statuses: str) -> None:
    op.execute(f"""
        ALTER TABLE media_files
            DROP CONSTRAINT media_files_status_check,
            ADD CONSTRAINT media_files_status_check CHECK (status IN ({statuses}))
    """)
