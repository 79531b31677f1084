"""The audit trail keeps what every service says, by whom, on which thing, for five years.

Each filter of the list has its index, in the list's order. The index on ``thing_id`` leaves
out entries without one; that on ``at`` is small (BRIN) and finds what is to be forgotten, since
entries are written in the order of time.
"""

from alembic import op

from koinonia.common.migrations import create_from_files

revision = "auth_0009"
down_revision = "auth_0008"

CHANGES = (
    "ALTER TABLE audit_entries RENAME COLUMN admin_id TO actor_id",
    """
    ALTER TABLE audit_entries
        ADD COLUMN actor text NOT NULL DEFAULT 'person'
            CHECK (actor IN ('person', 'key', 'operator', 'assistant')),
        ADD COLUMN actor_name text,      -- of an operator, who is of no church
        ADD COLUMN thing_id uuid
    """,
    "UPDATE audit_entries SET actor = 'operator' WHERE actor_id IS NULL",
    """
    UPDATE audit_entries
       SET thing_id = CAST(coalesce(details ->> 'of', details ->> 'invitation_id',
                                    details ->> 'message_id') AS uuid)
     WHERE details ?| ARRAY['of', 'invitation_id', 'message_id']
    """,
    "DROP INDEX ix_audit_entries_church_id_id",
    "CREATE INDEX ix_audit_entries_church_id_at ON audit_entries (church_id, at, id)",
    "CREATE INDEX ix_audit_entries_actor_id ON audit_entries (church_id, actor_id, at, id)",
    "CREATE INDEX ix_audit_entries_action ON audit_entries (church_id, action, at, id)",
    "CREATE INDEX ix_audit_entries_thing_id ON audit_entries (church_id, thing_id, at, id) "
    "WHERE thing_id IS NOT NULL",
    "CREATE INDEX ix_audit_entries_at ON audit_entries USING brin (at)",
)

BACK = (
    "DROP FUNCTION forget_audit_entries()",
    "DROP INDEX ix_audit_entries_church_id_at, ix_audit_entries_actor_id, "
    "ix_audit_entries_action, ix_audit_entries_thing_id, ix_audit_entries_at",
    """
    UPDATE audit_entries SET details = details || jsonb_build_object('of', thing_id)
     WHERE thing_id IS NOT NULL AND NOT details ?| ARRAY['of', 'invitation_id', 'message_id']
    """,
    "ALTER TABLE audit_entries DROP COLUMN actor, DROP COLUMN actor_name, DROP COLUMN thing_id",
    "ALTER TABLE audit_entries RENAME COLUMN actor_id TO admin_id",
    "CREATE INDEX ix_audit_entries_church_id_id ON audit_entries (church_id, id)",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)
    create_from_files("forget_audit_entries")


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
