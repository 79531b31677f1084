"""What was called a plan is called a preview: a plan is what a church pays for."""

from alembic import op

revision = "messaging_0010"
down_revision = "messaging_0009"


def upgrade() -> None:
    for statement in (
        "ALTER TABLE plans RENAME TO previews",
        "ALTER TABLE previews RENAME CONSTRAINT plans_pkey TO previews_pkey",
        "ALTER INDEX ix_plans_created_at RENAME TO ix_previews_created_at",
        "ALTER TABLE messages RENAME COLUMN plan_hash TO preview_hash",
    ):
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "ALTER TABLE messages RENAME COLUMN preview_hash TO plan_hash",
        "ALTER INDEX ix_previews_created_at RENAME TO ix_plans_created_at",
        "ALTER TABLE previews RENAME CONSTRAINT previews_pkey TO plans_pkey",
        "ALTER TABLE previews RENAME TO plans",
    ):
        op.execute(statement)
