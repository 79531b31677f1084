"""Who came into a group and left it, for the timeline of a phone.

Of who is in a group by now only that is known, and since when; the name of the group is not.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "conversation_0016"
down_revision = "conversation_0015"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE group_moves (
            church_id  uuid NOT NULL,
            member_id  uuid NOT NULL,
            moved_at   timestamptz NOT NULL,
            id         uuid NOT NULL,  -- of the event and the member
            group_id   uuid NOT NULL,
            group_name text,           -- as it was called then
            is_in      boolean NOT NULL,
            admin_id   uuid,
            PRIMARY KEY (church_id, member_id, moved_at, id)
        )
    """)
    op.execute("""
        INSERT INTO group_moves (church_id, member_id, moved_at, id, group_id, is_in)
        SELECT church_id, member_id, changed_at, gen_random_uuid(), group_id, is_in
          FROM contact_groups
    """)
    church_scope("group_moves")


def downgrade() -> None:
    op.execute("DROP TABLE group_moves")
