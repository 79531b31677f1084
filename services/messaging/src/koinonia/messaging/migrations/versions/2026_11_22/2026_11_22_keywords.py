"""Keywords: words that a person texts to get an answer and to come into a group.

Who joins by a keyword is a member without a name, one on a phone, until somebody names them.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0009"
down_revision = "messaging_0008"

KEYWORDS = """
    CREATE TABLE keywords (
        id         uuid NOT NULL,
        church_id  uuid NOT NULL,
        word       text NOT NULL,
        word_key   text COLLATE "C" NOT NULL,  -- as compared
        group_id   uuid,
        answer     text,
        notify     uuid[] NOT NULL DEFAULT '{}',  -- admins
        is_active  boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, id),
        UNIQUE (church_id, word_key),
        FOREIGN KEY (church_id, group_id) REFERENCES groups (church_id, id)
    )
"""

# Whom a keyword may notify: a projection of what auth says.
ADMINS = """
    CREATE TABLE admins (
        church_id  uuid NOT NULL,
        admin_id   uuid NOT NULL,
        is_removed boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, admin_id)
    )
"""

UNNAMED = (
    "ALTER TABLE members DROP CONSTRAINT members_source_check",
    """
    ALTER TABLE members ADD CONSTRAINT members_source_check
          CHECK (source IN ('staff', 'import', 'keyword')) NOT VALID
    """,
    "ALTER TABLE members VALIDATE CONSTRAINT members_source_check",
    # Few, and looked through by every import.
    """
    CREATE INDEX ix_members_church_id_phone_index_unnamed ON members (church_id, phone_index)
        WHERE first_key = ''
    """,
)


def upgrade() -> None:
    for statement in (KEYWORDS, ADMINS, *UNNAMED):
        op.execute(statement)
    church_scope("keywords", "admins")


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_members_church_id_phone_index_unnamed",
        "ALTER TABLE members DROP CONSTRAINT members_source_check",
        "UPDATE members SET source = 'staff' WHERE source = 'keyword'",
        """
        ALTER TABLE members ADD CONSTRAINT members_source_check
              CHECK (source IN ('staff', 'import'))
        """,
        "DROP TABLE keywords, admins",
    ):
        op.execute(statement)
