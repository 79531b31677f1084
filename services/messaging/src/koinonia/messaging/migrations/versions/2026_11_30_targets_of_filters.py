"""Segments, and messages for a filter, a segment or the phones of an earlier message.

Going back, such messages are shown as for single people, and schedules of such targets are paused
with a target that nobody is in: an older program would not know whom they mean.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0030"
down_revision = "messaging_0029"

CHECK = "messages_target_type_check"
KNOWN = "'individual', 'groups', 'branches', 'all'"
NOBODY = '{"targetType": "individual", "targetIds": ["00000000-0000-0000-0000-000000000000"]}'


def _check(types: str) -> None:
    op.execute(f"ALTER TABLE messages DROP CONSTRAINT {CHECK}")
    op.execute(
        f"ALTER TABLE messages ADD CONSTRAINT {CHECK} CHECK (target_type IN ({types})) NOT VALID"
    )
    op.execute(f"ALTER TABLE messages VALIDATE CONSTRAINT {CHECK}")


def upgrade() -> None:
    op.execute("""
        CREATE TABLE segments (
            id         uuid PRIMARY KEY,
            church_id  uuid NOT NULL,
            name       text NOT NULL,
            name_key   text COLLATE "C" NOT NULL,
            filter     jsonb NOT NULL,  -- of people, as it was given
            created_by uuid NOT NULL,   -- the admin
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            UNIQUE (church_id, name_key)
        )
    """)
    church_scope("segments")
    op.execute("""
        ALTER TABLE messages
            ADD COLUMN target jsonb,  -- where target_type and target_ids do not say it
            ADD COLUMN target_groups uuid[] NOT NULL DEFAULT '{}'  -- that such a target names
    """)
    _check(f"{KNOWN}, 'filter', 'segment', 'recipients_of'")
    op.execute("""
        UPDATE schedules SET request = request - 'targetType' - 'targetIds' WHERE request ? 'target'
    """)


def downgrade() -> None:
    op.execute(f"""
        UPDATE schedules SET request = request || '{NOBODY}'::jsonb,
                             paused_at = coalesce(paused_at, now())
         WHERE request ? 'target'
    """)
    op.execute(f"UPDATE messages SET target_type = 'individual' WHERE target_type NOT IN ({KNOWN})")
    _check(KNOWN)
    op.execute("ALTER TABLE messages DROP COLUMN target, DROP COLUMN target_groups")
    op.execute("DROP TABLE segments")
