"""Imports are jobs: the file is kept, written a part at a time, and can be undone.

Their rows and results are sealed, because they hold phones. Going back, an entry that annuls
another one is about a group of no church, which changes no state: the state is what it was made.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0027"
down_revision = "messaging_0026"

NO_GROUP = "CAST('00000000-0000-0000-0000-000000000000' AS uuid)"

TABLES = (
    """
    CREATE TABLE import_jobs (
        church_id  uuid NOT NULL,
        id         uuid PRIMARY KEY,
        filename   text NOT NULL,
        format     text NOT NULL CHECK (format IN ('csv', 'xlsx')),
        status     text NOT NULL CHECK (status IN ('uploaded', 'checking', 'checked', 'running',
                                                   'done', 'cancelled', 'failed', 'undoing',
                                                   'undone')),
        code       text,  -- these two: why it failed
        reason     text,
        rows       integer NOT NULL,
        parts      integer NOT NULL,
        position   integer NOT NULL DEFAULT 0,  -- the next part
        columns    jsonb NOT NULL,  -- heads, and what each looks like
        mapping    jsonb,  -- what staff say
        statement  text,  -- how people agreed, sealed; null where they did not
        address    text,  -- from where it was started
        made       jsonb NOT NULL DEFAULT '{}',  -- ids of groups, branches and fields
        counts     jsonb NOT NULL DEFAULT '{}',
        sample     jsonb NOT NULL DEFAULT '[]',  -- some rows of a check
        undo       jsonb,  -- counts of what was put back
        attempts   integer NOT NULL DEFAULT 0,  -- of the next part
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_by uuid,
        started_at timestamptz,
        ended_at   timestamptz,
        told_at    timestamptz,  -- when progress was shown last
        kept_until timestamptz NOT NULL,
        UNIQUE (church_id, id)
    )
    """,
    """
    CREATE TABLE import_parts (
        church_id uuid NOT NULL,
        job_id    uuid NOT NULL,
        number    integer NOT NULL,
        content   bytea NOT NULL,  -- rows of cells, sealed
        result    bytea,  -- what became of each row, sealed
        PRIMARY KEY (job_id, number),
        FOREIGN KEY (church_id, job_id) REFERENCES import_jobs (church_id, id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE import_people (
        church_id   uuid NOT NULL,
        job_id      uuid NOT NULL,
        member_id   uuid NOT NULL,  -- in a check of somebody new: made of phone and name
        phone_index text COLLATE "C" NOT NULL,
        first_row   integer NOT NULL,
        given       jsonb NOT NULL,  -- what the rows about them have said
        PRIMARY KEY (job_id, member_id),
        FOREIGN KEY (church_id, job_id) REFERENCES import_jobs (church_id, id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE due_imports (
        job_id    uuid PRIMARY KEY,
        church_id uuid NOT NULL,
        due_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_due_imports_due_at ON due_imports (due_at)",
)


def _kinds(kinds: str) -> None:
    op.execute("ALTER TABLE consent_events DROP CONSTRAINT consent_events_kind_check")
    op.execute(
        "ALTER TABLE consent_events ADD CONSTRAINT consent_events_kind_check "
        f"CHECK (kind IN ({kinds})) NOT VALID"
    )
    op.execute("ALTER TABLE consent_events VALIDATE CONSTRAINT consent_events_kind_check")


def _rewrite(statement: str) -> None:
    """The ledger refuses every change; only a migration may say the same in other words."""
    op.execute("ALTER TABLE consent_events DISABLE TRIGGER keep")
    op.execute(statement)
    op.execute("ALTER TABLE consent_events ENABLE TRIGGER keep")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    church_scope("import_jobs", "import_parts", "import_people")
    _kinds("'granted', 'revoked', 'confirmed', 'asked', 'kept', 'annulled'")
    _rewrite(f"""
        UPDATE consent_events SET kind = 'annulled', scope = NULL
         WHERE kind = 'kept' AND scope = {NO_GROUP}
    """)


def downgrade() -> None:
    op.execute("DROP TABLE due_imports, import_people, import_parts, import_jobs")
    _rewrite(f"UPDATE consent_events SET kind = 'kept', scope = {NO_GROUP} WHERE kind = 'annulled'")
    _kinds("'granted', 'revoked', 'confirmed', 'asked', 'kept'")
