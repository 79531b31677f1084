"""The answer of a request is kept with its key, for a day."""

from alembic import op

revision = "messaging_0017"
down_revision = "messaging_0016"

SCOPES = {
    "messages.send": "POST /api/messages/send",
    "phone-numbers": "POST /api/phone-numbers",
}
POLICY = """
    CREATE POLICY old ON idempotency_keys
        USING (created_at < now() - interval '{age}'
               AND nullif(current_setting('koinonia.church_id', true), '') IS NULL)
        WITH CHECK (false)
"""


def upgrade() -> None:
    op.execute("""
        ALTER TABLE idempotency_keys
            ADD COLUMN answer text,             -- sealed; NULL while the request is under way
            ADD COLUMN leased_until timestamptz -- of a request that is no single transaction
    """)
    op.execute("DROP POLICY old ON idempotency_keys")
    op.execute(POLICY.format(age="1 day"))
    for before, after in SCOPES.items():
        _rename(before, after)


def downgrade() -> None:
    for before, after in SCOPES.items():
        _rename(after, before)
    op.execute("DROP POLICY old ON idempotency_keys")
    op.execute(POLICY.format(age="7 days"))
    op.execute("ALTER TABLE idempotency_keys DROP COLUMN answer, DROP COLUMN leased_until")


def _rename(before: str, after: str) -> None:
    """Keys of the version before: a request with one is refused, not carried out again."""
    op.execute(f"UPDATE idempotency_keys SET scope = '{after}' WHERE scope = '{before}'")
