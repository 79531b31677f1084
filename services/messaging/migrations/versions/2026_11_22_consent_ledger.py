"""Who agreed and who said stop: the ledger of consent, keywords of groups."""

revision = "messaging_0005"
down_revision = "messaging_0004"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
