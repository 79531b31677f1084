"""Keys by which programs act for a church.

``api_key_digests`` has no row-level security: whose key it is comes before the church is known. It
holds keyed digests and ids.
"""

from alembic import op

from koinonia.common.migrations import church_scope, old_rows

revision = "auth_0012"
down_revision = "auth_0011"

TABLES = (
    """
    CREATE TABLE api_keys (
        id           uuid PRIMARY KEY,
        church_id    uuid NOT NULL REFERENCES churches ON DELETE CASCADE,
        name         text NOT NULL,
        permissions  text[] NOT NULL CHECK (cardinality(permissions) > 0),
        hint         text NOT NULL,              -- the last characters of the key
        created_by   uuid NOT NULL,              -- may have left the team since
        created_at   timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL,
        last_used_at timestamptz,
        removed_at   timestamptz
    )
    """,
    "CREATE INDEX ix_api_keys_church_id_created_at_id ON api_keys (church_id, created_at, id)",
    """
    CREATE TABLE api_key_digests (
        digest    bytea PRIMARY KEY,
        key_id    uuid NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
        church_id uuid NOT NULL
    )
    """,
    "CREATE INDEX ix_api_key_digests_key_id ON api_key_digests (key_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    church_scope("api_keys")
    old_rows("api_keys", days=365, column="expires_at")


def downgrade() -> None:
    op.execute("DROP TABLE api_key_digests, api_keys")
