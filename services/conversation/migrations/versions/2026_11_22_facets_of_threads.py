"""Threads by what they are filtered by, and how many there are of each."""

revision = "conversation_0004"
down_revision = "conversation_0003"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
