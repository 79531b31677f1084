"""Ids that other systems give a church's people; a member may have several, also of one system.

The column of before was never written by a program of ours. What is in it anyhow is kept, as of a
system ``unknown``.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0019"
down_revision = "messaging_0018"


def _sources(words: str) -> None:
    op.execute("ALTER TABLE members DROP CONSTRAINT members_source_check")
    op.execute(
        f"ALTER TABLE members ADD CONSTRAINT members_source_check CHECK (source IN ({words})) "
        "NOT VALID"
    )
    op.execute("ALTER TABLE members VALIDATE CONSTRAINT members_source_check")


def upgrade() -> None:
    for statement in (
        """
        CREATE TABLE external_ids (
            church_id   uuid NOT NULL,
            system      text COLLATE "C" NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            member_id   uuid NOT NULL,
            created_at  timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (church_id, system, external_id),
            FOREIGN KEY (church_id, member_id) REFERENCES members (church_id, id) ON DELETE CASCADE
        )
        """,
        """
        INSERT INTO external_ids (church_id, system, external_id, member_id)
        SELECT church_id, 'unknown', external_id, id FROM members WHERE external_id IS NOT NULL
        """,
        "CREATE INDEX ix_external_ids_church_id_member_id ON external_ids (church_id, member_id)",
        "DROP INDEX uq_members_church_id_external_id",
        "ALTER TABLE members DROP COLUMN external_id",
    ):
        op.execute(statement)
    church_scope("external_ids")
    _sources("'staff', 'import', 'keyword', 'sync'")


def downgrade() -> None:
    """One id of each member stays: the first of the first system."""
    for statement in (
        "ALTER TABLE members ADD COLUMN external_id text",
        """
        UPDATE members m SET external_id = given.external_id
          FROM (SELECT DISTINCT ON (church_id, external_id) church_id, external_id, member_id
                  FROM (SELECT DISTINCT ON (church_id, member_id) *
                          FROM external_ids ORDER BY church_id, member_id, system, external_id)
                       AS firsts
                 ORDER BY church_id, external_id, member_id) AS given
         WHERE m.church_id = given.church_id AND m.id = given.member_id
        """,
        """
        CREATE UNIQUE INDEX uq_members_church_id_external_id ON members (church_id, external_id)
            WHERE external_id IS NOT NULL
        """,
        "DROP TABLE external_ids",
        "UPDATE members SET source = 'import' WHERE source = 'sync'",
    ):
        op.execute(statement)
    _sources("'staff', 'import', 'keyword'")
