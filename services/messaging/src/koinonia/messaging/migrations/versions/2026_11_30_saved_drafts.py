"""Drafts of broadcasts."""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0026"
down_revision = "messaging_0025"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE saved_drafts (
            id         uuid PRIMARY KEY,
            church_id  uuid NOT NULL,
            name       text,
            body       jsonb NOT NULL,
            version    integer NOT NULL,
            created_by uuid NOT NULL,
            created_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            updated_at timestamptz NOT NULL
        )
    """)
    op.execute("""
        CREATE INDEX ix_saved_drafts_church_id_updated_at_id ON saved_drafts
            (church_id, updated_at DESC, id DESC)
    """)
    church_scope("saved_drafts")


def downgrade() -> None:
    op.execute("DROP TABLE saved_drafts")
