"""What a text says: custom fields, templates, and what is filled in per recipient."""

import sqlalchemy as sa
from alembic import op

from koinonia.common.migrations import church_scope, create_from_files
from koinonia.messaging.composing import starter_templates

revision = "messaging_0004"
down_revision = "messaging_0003"

TABLES = (
    "ALTER TABLE members ADD COLUMN custom jsonb NOT NULL DEFAULT '{}'",
    # Key and label are compared in any case, because a file names its columns by either.
    """
    CREATE TABLE custom_fields (
        id         uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        key        text COLLATE "C" NOT NULL,
        label      text NOT NULL,
        label_key  text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, label_key)
    )
    """,
    "CREATE UNIQUE INDEX uq_custom_fields_church_id_key ON custom_fields (church_id, lower(key))",
    """
    CREATE TABLE templates (
        id         uuid PRIMARY KEY,
        church_id  uuid NOT NULL,
        name       text NOT NULL,
        name_key   text COLLATE "C" NOT NULL,
        category   text COLLATE "C" NOT NULL,
        content    text NOT NULL,
        fields     text[] NOT NULL DEFAULT '{}',  -- the names in content
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (church_id, name_key)
    )
    """,
    "CREATE INDEX ix_templates_church_id_name_key_id ON templates (church_id, name_key, id)",
    """
    CREATE INDEX ix_templates_church_id_category_name_key_id ON templates
        (church_id, category, name_key, id)
    """,
)

# The content of a message stays the template; what is filled in is kept with each recipient, so
# that a repeated call says the very same, whatever became of the member since.
VALUES = (
    "ALTER TABLE messages ADD COLUMN merge_fields text[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE message_recipients ADD COLUMN merge_values text[]",
)


def upgrade() -> None:
    for statement in (*TABLES, *VALUES):
        op.execute(statement)
    create_from_files("household")
    church_scope("custom_fields", "templates")
    churches = [row[0] for row in op.get_bind().execute(sa.text("SELECT church_id FROM churches"))]
    op.get_bind().execute(sa.text(starter_templates.ADD), starter_templates.parameters(churches))


def downgrade() -> None:
    for statement in (
        "DROP FUNCTION household(text[])",
        "ALTER TABLE message_recipients DROP COLUMN merge_values",
        "ALTER TABLE messages DROP COLUMN merge_fields",
        "DROP TABLE templates, custom_fields",
        "ALTER TABLE members DROP COLUMN custom",
    ):
        op.execute(statement)
