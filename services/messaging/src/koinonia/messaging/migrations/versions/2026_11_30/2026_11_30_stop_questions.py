"""Texts that may ask to stop are questions that staff settle, and the ledger has both outcomes.

Going back, the ledger keeps its rows: what the older program has no kind for is about a group of
no church, which changes no state. Open questions are then stops, for they may be.
"""

from alembic import op

from koinonia.common.migrations import church_scope

revision = "messaging_0012"
down_revision = "messaging_0011"

NO_GROUP = "CAST('00000000-0000-0000-0000-000000000000' AS uuid)"

QUESTIONS = (
    """
    CREATE TABLE stop_questions (
        church_id    uuid NOT NULL,
        phone_index  text COLLATE "C" NOT NULL,
        id           uuid NOT NULL UNIQUE,
        phone_sealed text NOT NULL,
        words        text NOT NULL,  -- exactly as said, sealed
        event_id     uuid NOT NULL,  -- the text of the person
        asked_at     timestamptz NOT NULL,
        counts_from  timestamptz NOT NULL,  -- unsettled until then, it is a stop
        PRIMARY KEY (church_id, phone_index)
    )
    """,
    """
    CREATE TABLE due_stop_questions (
        question_id uuid PRIMARY KEY,
        church_id   uuid NOT NULL,
        due_at      timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_due_stop_questions_due_at ON due_stop_questions (due_at)",
)


def _checks(kinds: str, methods: str) -> None:
    for column, words in (("kind", kinds), ("method", methods)):
        op.execute(f"ALTER TABLE consent_events DROP CONSTRAINT consent_events_{column}_check")
        op.execute(
            f"ALTER TABLE consent_events ADD CONSTRAINT consent_events_{column}_check "
            f"CHECK ({column} IN ({words})) NOT VALID"
        )
        op.execute(f"ALTER TABLE consent_events VALIDATE CONSTRAINT consent_events_{column}_check")


def _rewrite(statement: str) -> None:
    """The ledger refuses every change; only a migration may say the same in other words."""
    op.execute("ALTER TABLE consent_events DISABLE TRIGGER keep")
    op.execute(statement)
    op.execute("ALTER TABLE consent_events ENABLE TRIGGER keep")


def upgrade() -> None:
    _checks(
        "'granted', 'revoked', 'confirmed', 'asked', 'kept'",
        "'keyword', 'import', 'web_form', 'staff', 'carrier', 'unsettled'",
    )
    _rewrite(f"""
        UPDATE consent_events
           SET kind = CASE kind WHEN 'revoked' THEN 'asked' ELSE 'kept' END, scope = NULL
         WHERE scope = {NO_GROUP}
    """)
    for statement in QUESTIONS:
        op.execute(statement)
    church_scope("stop_questions")


def downgrade() -> None:
    op.execute("""
        INSERT INTO consent_events (church_id, id, phone_index, phone_sealed, kind, method,
                                    occurred_at, words, event_id)
        SELECT church_id, id, phone_index, phone_sealed, 'revoked', 'unsettled', asked_at, words,
               event_id
          FROM stop_questions
    """)
    op.execute("""
        INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked,
                              since)
        SELECT church_id, phone_index, phone_sealed, 'revoked', false, false, asked_at
          FROM stop_questions
        ON CONFLICT (church_id, phone_index) DO UPDATE
           SET state = 'revoked', is_own = false, since = excluded.since
         WHERE consents.state <> 'revoked'
    """)
    op.execute("DROP TABLE due_stop_questions, stop_questions")
    _rewrite(f"""
        UPDATE consent_events
           SET scope = CASE WHEN kind IN ('asked', 'kept') THEN {NO_GROUP} ELSE scope END,
               kind = CASE kind WHEN 'asked' THEN 'revoked' WHEN 'kept' THEN 'granted'
                                ELSE kind END,
               method = CASE method WHEN 'unsettled' THEN 'staff' ELSE method END
         WHERE kind IN ('asked', 'kept') OR method = 'unsettled'
    """)
    _checks(
        "'granted', 'revoked', 'confirmed'",
        "'keyword', 'import', 'web_form', 'staff', 'carrier'",
    )
