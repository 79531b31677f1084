"""Second factors, and churches that require one of their team.

``second_factors`` has no row-level security: its secrets are sealed anew for all churches when the
ring changes. It holds ids, what is sealed, and digests.
"""

from alembic import op

revision = "auth_0014"
down_revision = "auth_0013"

CHANGES = (
    """
    CREATE TABLE second_factors (
        church_id        uuid NOT NULL,
        admin_id         uuid NOT NULL UNIQUE,
        sealed           bytea NOT NULL,             -- the secret
        last_step        bigint NOT NULL DEFAULT 0,  -- that of the last code: each is taken once
        recovery_digests bytea[] NOT NULL DEFAULT '{}',
        created_at       timestamptz NOT NULL,
        confirmed_at     timestamptz,                -- none: it does not count yet
        PRIMARY KEY (church_id, admin_id),
        FOREIGN KEY (church_id, admin_id) REFERENCES admins (church_id, id) ON DELETE CASCADE
    )
    """,
    "ALTER TABLE churches ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT ck_sessions_ended_reason CHECK (ended_reason IN
            ('logout', 'reuse', 'removed', 'password', 'address', 'chosen', 'unproved',
             'displaced', 'operator')) NOT VALID
    """,
)

BACK = (
    "UPDATE sessions SET ended_reason = 'logout' WHERE ended_reason = 'unproved'",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT ck_sessions_ended_reason CHECK (ended_reason IN
            ('logout', 'reuse', 'removed', 'password', 'address', 'chosen', 'displaced',
             'operator')) NOT VALID
    """,
    "ALTER TABLE churches DROP COLUMN requires_second_factor",
    "DROP TABLE second_factors",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
