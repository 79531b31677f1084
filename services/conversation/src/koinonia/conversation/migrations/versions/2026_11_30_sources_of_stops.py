"""How a stop is known: one that staff recorded can be taken back by them, a texted one cannot."""

from alembic import op

revision = "conversation_0014"
down_revision = "conversation_0013"


def upgrade() -> None:
    # Null where the stop was heard before: then it counts as the phone's own.
    op.execute("ALTER TABLE opt_outs ADD COLUMN source text")


def downgrade() -> None:
    op.execute("ALTER TABLE opt_outs DROP COLUMN source")
