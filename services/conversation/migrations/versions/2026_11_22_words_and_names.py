"""What is searched: the words of lines, names, and pieces of phone numbers, blinded."""

revision = "conversation_0005"
down_revision = "conversation_0004"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
