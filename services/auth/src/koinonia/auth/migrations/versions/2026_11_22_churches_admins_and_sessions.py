"""Churches, admins, sessions, signing keys and the audit trail.

Two tables have no row-level security, because the question that is put to them comes before the
church is known: ``logins`` (whose address is this?) and ``refresh_tokens`` (whose session is
this?). They hold ids, times and SHA-256 digests, so that reading them whole names nobody.
"""

from alembic import op

from koinonia.common import migrations
from koinonia.common.migrations import bus_tables, church_scope, drop_bus_tables
from koinonia.common.migrations.tables import OWNER

revision = "auth_0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE churches (
        id         uuid PRIMARY KEY,
        name       text NOT NULL,
        timezone   text NOT NULL,  -- an IANA name
        created_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE admins (
        id            uuid PRIMARY KEY,
        church_id     uuid NOT NULL REFERENCES churches,
        email         text NOT NULL UNIQUE,  -- in lower case; among all churches
        password_hash text NOT NULL,         -- argon2id, with its parameters
        first_name    text,
        last_name     text,
        role          text NOT NULL CHECK (role IN ('owner', 'admin', 'staff', 'viewer')),
        created_at    timestamptz NOT NULL,
        disabled_at   timestamptz,
        UNIQUE (church_id, id)
    )
    """,
    """
    CREATE TABLE logins (
        email_digest bytea PRIMARY KEY,
        church_id    uuid NOT NULL,
        admin_id     uuid NOT NULL,
        FOREIGN KEY (church_id, admin_id) REFERENCES admins (church_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_logins_church_id_admin_id ON logins (church_id, admin_id)",
    """
    CREATE TABLE sessions (
        id           uuid PRIMARY KEY,  -- the family of its refresh tokens
        church_id    uuid NOT NULL,
        admin_id     uuid NOT NULL,
        csrf_id      text,
        user_agent   text,
        created_at   timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL,
        ended_at     timestamptz,
        ended_reason text,
        UNIQUE (church_id, id),
        FOREIGN KEY (church_id, admin_id) REFERENCES admins (church_id, id) ON DELETE CASCADE,
        CHECK ((ended_at IS NULL) = (ended_reason IS NULL)),
        CHECK (ended_reason IN ('logout', 'reuse'))
    )
    """,
    "CREATE INDEX ix_sessions_church_id_admin_id ON sessions (church_id, admin_id)",
    """
    CREATE TABLE refresh_tokens (
        token_hash  bytea PRIMARY KEY,
        church_id   uuid NOT NULL,
        session_id  uuid NOT NULL,
        issued_at   timestamptz NOT NULL,
        used_at     timestamptz,
        replaced_by bytea,
        FOREIGN KEY (church_id, session_id) REFERENCES sessions (church_id, id) ON DELETE CASCADE,
        CHECK ((used_at IS NULL) = (replaced_by IS NULL))
    )
    """,
    "CREATE INDEX ix_refresh_tokens_church_id_session_id ON refresh_tokens (church_id, session_id)",
    "CREATE INDEX ix_refresh_tokens_issued_at ON refresh_tokens (issued_at)",
    """
    CREATE TABLE signing_keys (
        kid           text PRIMARY KEY,
        public_key    bytea NOT NULL,  -- Ed25519, 32 bytes
        private_key   bytea NOT NULL,  -- sealed
        created_at    timestamptz NOT NULL,
        activates_at  timestamptz NOT NULL UNIQUE,
        retires_at    timestamptz      -- when its successor activates
    )
    """,
    """
    CREATE TABLE audit_entries (
        id        uuid PRIMARY KEY,
        church_id uuid NOT NULL REFERENCES churches,
        admin_id  uuid,
        action    text NOT NULL,
        address   text,
        at        timestamptz NOT NULL,
        details   jsonb NOT NULL DEFAULT '{}'
    )
    """,
    "CREATE INDEX ix_audit_entries_church_id_id ON audit_entries (church_id, id)",
)


def upgrade() -> None:
    bus_tables()
    for statement in TABLES:
        op.execute(statement)
    church_scope("admins", "sessions", "audit_entries")
    op.execute("ALTER TABLE churches ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY church ON churches USING (id = {OWNER}) WITH CHECK (id = {OWNER})")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM {migrations.role('auth')}")


def downgrade() -> None:
    op.execute(
        "DROP TABLE audit_entries, signing_keys, refresh_tokens, sessions, logins, admins, churches"
    )
    drop_bus_tables()
