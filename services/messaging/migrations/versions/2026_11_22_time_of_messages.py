"""When a text is sent: schedules, quiet hours, zones of phones."""

revision = "messaging_0006"
down_revision = "messaging_0005"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
