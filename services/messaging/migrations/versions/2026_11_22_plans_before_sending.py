"""What sending would do and cost, and whom it leaves out."""

revision = "messaging_0007"
down_revision = "messaging_0006"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
