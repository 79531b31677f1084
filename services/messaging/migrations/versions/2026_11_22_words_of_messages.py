"""What a text says: custom fields, templates, and what is filled in per recipient."""

revision = "messaging_0004"
down_revision = "messaging_0003"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
