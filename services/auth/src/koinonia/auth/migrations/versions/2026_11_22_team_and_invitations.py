"""A team: who was invited to a church, and in which role; and the language of a church.

``invitation_tokens`` has no row-level security, as ``refresh_tokens`` has none: whose token it is
comes before the church is known. It holds ids, times and SHA-256 digests.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "auth_0003"
down_revision = "auth_0002"

CHANGES = (
    # A text search configuration of PostgreSQL: how the words of this church are found.
    "ALTER TABLE churches ADD COLUMN language text NOT NULL DEFAULT 'english'",
    # The address of who was removed is free again; of who may sign in it is unique in logins.
    """
    ALTER TABLE admins
        ADD COLUMN name_key text COLLATE "C" NOT NULL DEFAULT '',  -- as the team is sorted
        DROP CONSTRAINT admins_email_key
    """,
    """
    UPDATE admins SET name_key = lower(coalesce(
        nullif(btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), email))
    """,
    "ALTER TABLE admins ALTER COLUMN name_key DROP DEFAULT",
    "CREATE INDEX ix_admins_church_id_name_key ON admins (church_id, name_key, id)",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT sessions_ended_reason_check,
        ADD CONSTRAINT ck_sessions_ended_reason
            CHECK (ended_reason IN ('logout', 'reuse', 'removed')) NOT VALID
    """,
    """
    CREATE TABLE invitations (
        id         uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        email      text NOT NULL,
        role       text NOT NULL CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
        first_name text,
        last_name  text,
        invited_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (church_id, id),
        UNIQUE (church_id, email),
        FOREIGN KEY (church_id, invited_by) REFERENCES admins (church_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_invitations_church_id_invited_by ON invitations (church_id, invited_by)",
    """
    CREATE TABLE invitation_tokens (
        token_hash    bytea PRIMARY KEY,
        church_id     uuid NOT NULL,
        invitation_id uuid NOT NULL,
        expires_at    timestamptz NOT NULL,
        UNIQUE (church_id, invitation_id),
        FOREIGN KEY (church_id, invitation_id) REFERENCES invitations (church_id, id)
            ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_invitation_tokens_expires_at ON invitation_tokens (expires_at)",
)

BACK = (
    "DROP TABLE invitation_tokens, invitations",
    "UPDATE sessions SET ended_reason = 'logout' WHERE ended_reason = 'removed'",
    """
    ALTER TABLE sessions
        DROP CONSTRAINT ck_sessions_ended_reason,
        ADD CONSTRAINT sessions_ended_reason_check CHECK (ended_reason IN ('logout', 'reuse'))
    """,
    # Two may have had one address, one after the other.
    """
    UPDATE admins SET email = id || ' ' || email
     WHERE disabled_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM logins WHERE logins.admin_id = admins.id)
    """,
    """
    ALTER TABLE admins
        ADD CONSTRAINT admins_email_key UNIQUE (email),
        DROP COLUMN name_key
    """,
    "ALTER TABLE churches DROP COLUMN language",
)


def upgrade() -> None:
    for statement in CHANGES:
        op.execute(statement)
    church_scope("invitations")


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
