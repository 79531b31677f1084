"""A team: who was invited to a church, and in which role."""

revision = "auth_0003"
down_revision = "auth_0002"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
