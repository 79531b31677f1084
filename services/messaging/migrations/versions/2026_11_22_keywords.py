"""Keywords that join a group, and which broadcast a text answers."""

revision = "messaging_0009"
down_revision = "messaging_0008"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
