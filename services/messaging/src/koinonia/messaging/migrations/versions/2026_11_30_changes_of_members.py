"""When each member changed last, and who was removed: what another system needs to keep up.

Names, phones, fields, groups, ids of other systems and the consent of the phone are what changes
of a member. Triggers note it, because these are written in many places.
"""

from alembic import op

from koinonia.common.migrations import church_scope, create_from_files

revision = "messaging_0022"
down_revision = "messaging_0021"

CHURCH = "nullif(current_setting('koinonia.church_id', true), '')::uuid"
TABLE = (
    """
    CREATE TABLE member_changes (
        church_id   uuid NOT NULL,
        member_id   uuid NOT NULL,
        changed_at  timestamptz NOT NULL,
        is_removed  boolean NOT NULL DEFAULT false,
        merged_into uuid,  -- another member, who is this person now
        PRIMARY KEY (church_id, member_id, changed_at)
    )
    """,
    """
    CREATE INDEX ix_member_changes_church_id_changed_at_member_id
        ON member_changes (church_id, changed_at, member_id)
    """,
    """
    CREATE INDEX ix_member_changes_changed_at_removed ON member_changes (changed_at)
     WHERE is_removed
    """,
    """
    INSERT INTO member_changes (church_id, member_id, changed_at)
    SELECT church_id, id, greatest(created_at, updated_at) FROM members
    """,
)
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
WATCHED = {
    "members": ("INSERT", "UPDATE", "DELETE"),
    "consents": ("INSERT", "UPDATE"),
    "group_members": ("INSERT", "DELETE"),
    "external_ids": ("INSERT", "DELETE"),
}


def upgrade() -> None:
    for statement in TABLE:
        op.execute(statement)
    church_scope("member_changes")
    op.execute(
        "CREATE POLICY old ON member_changes USING (is_removed "
        f"AND changed_at < now() - interval '90 days' AND {CHURCH} IS NULL) WITH CHECK (false)"
    )
    create_from_files("note_member_changes")
    for table, events in WATCHED.items():
        for event in events:
            op.execute(
                f"CREATE TRIGGER note_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {ROWS[event]} FOR EACH STATEMENT "
                "EXECUTE FUNCTION note_member_changes()"
            )


def downgrade() -> None:
    for table, events in WATCHED.items():
        for event in events:
            op.execute(f"DROP TRIGGER note_{event.lower()} ON {table}")
    op.execute("DROP FUNCTION note_member_changes()")
    op.execute("DROP TABLE member_changes")
