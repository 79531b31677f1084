"""Who agreed and who said stop: the ledger of consent, keywords of groups.

``consent_events`` is append-only: what was said stays as it was said, for five years and more, so
nobody may change or remove a row, not even the owner of the table. ``consents`` is what follows
from it, one row for each phone of which anything is known; ``people/consent/deriving.py`` is the
rule. Nothing is known of a phone without a row, so nobody agreed.
"""

from alembic import op

from koinonia.common.migrations import church_scope, create_from_files

revision = "messaging_0005"
down_revision = "messaging_0004"

LEDGER = (
    """
    CREATE TABLE consent_events (
        church_id    uuid NOT NULL,
        id           uuid NOT NULL,
        phone_index  text COLLATE "C" NOT NULL,
        phone_sealed text NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('granted', 'revoked', 'confirmed')),
        method       text NOT NULL
                     CHECK (method IN ('keyword', 'import', 'web_form', 'staff', 'carrier')),
        scope        uuid,  -- a group; null is everything
        words        text,  -- exactly as said, sealed
        note         text,  -- what staff say about it, sealed
        event_id     uuid,  -- the text of the person
        message_id   uuid,  -- our message that the carrier refused
        answer_id    uuid,  -- our message that confirms it
        actor_id     uuid,  -- the admin
        address      text,  -- where the admin's request came from
        by_carrier   boolean NOT NULL DEFAULT false,  -- the carrier acted on it, too
        is_lift      boolean NOT NULL DEFAULT false,  -- staff take back what staff recorded
        occurred_at  timestamptz NOT NULL,
        recorded_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (church_id, id)
    )
    """,
    """
    CREATE INDEX ix_consent_events_church_id_phone_index ON consent_events
        (church_id, phone_index, occurred_at)
    """,
    """
    CREATE TABLE consents (
        church_id    uuid NOT NULL,
        phone_index  text COLLATE "C" NOT NULL,
        phone_sealed text NOT NULL,
        state        text NOT NULL CHECK (state IN ('granted', 'revoked')),
        is_own       boolean NOT NULL,  -- the phone itself said so
        is_blocked   boolean NOT NULL,  -- at the carrier, too
        since        timestamptz NOT NULL,
        PRIMARY KEY (church_id, phone_index)
    )
    """,
)

KEPT = (
    """
    CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_events
        FOR EACH STATEMENT EXECUTE FUNCTION keep_consent_events()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON consent_events FROM koinonia_messaging",
)

# A version 7 id of the time at which it was said, so that the ledger reads in that order.
ID = """
    CAST(encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send(CAST(extract(epoch FROM said.at) * 1000 AS bigint)) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex') AS uuid)
"""

CARRIED_OVER = (
    # Members stand for the word of those who entered them.
    f"""
    INSERT INTO consent_events (church_id, id, phone_index, phone_sealed, kind, method, occurred_at)
    SELECT church_id, {ID}, phone_index, phone_sealed, 'granted', source, at
      FROM (SELECT DISTINCT ON (church_id, phone_index) church_id, phone_index, phone_sealed,
                   source, created_at AS at
              FROM members ORDER BY church_id, phone_index, created_at) said
    """,
    f"""
    INSERT INTO consent_events (church_id, id, phone_index, phone_sealed, kind, method, event_id,
                                by_carrier, occurred_at)
    SELECT church_id, {ID}, phone_index, phone_sealed, kind,
           CASE WHEN source = 'carrier' AND source_event_id IS NOT NULL THEN 'keyword'
                ELSE source END,
           source_event_id, source = 'carrier', at
      FROM (SELECT *, 'revoked' AS kind, opted_out_at AS at FROM opt_outs
             WHERE opted_out_at IS NOT NULL
             UNION ALL
            SELECT *, 'granted', lifted_at FROM opt_outs WHERE lifted_at IS NOT NULL
             UNION ALL
            SELECT *, 'revoked', changed_at FROM opt_outs  -- STOP again
             WHERE lifted_at IS NULL AND changed_at > opted_out_at) said
    """,
    """
    INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked, since)
    SELECT church_id, phone_index, phone_sealed,
           CASE WHEN lifted_at IS NULL THEN 'revoked' ELSE 'granted' END,
           source <> 'staff', lifted_at IS NULL AND source = 'carrier',
           CASE WHEN opted_out_at IS NULL
                THEN least(lifted_at, (SELECT min(created_at) FROM members m
                                        WHERE m.church_id = o.church_id
                                          AND m.phone_index = o.phone_index))
                ELSE coalesce(lifted_at, opted_out_at) END
      FROM opt_outs o
    """,
    """
    INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked, since)
    SELECT DISTINCT ON (church_id, phone_index) church_id, phone_index, phone_sealed, 'granted',
           false, false, occurred_at
      FROM consent_events WHERE method IN ('staff', 'import') AND kind = 'granted'
     ORDER BY church_id, phone_index, occurred_at
    ON CONFLICT DO NOTHING
    """,
    "DROP TABLE opt_outs",
)

MINISTRIES = (
    """
    ALTER TABLE groups ADD COLUMN keyword text, ADD COLUMN keyword_key text COLLATE "C"
    """,
    """
    CREATE UNIQUE INDEX uq_groups_church_id_keyword_key ON groups (church_id, keyword_key)
        WHERE keyword_key IS NOT NULL
    """,
    """
    CREATE TABLE group_stops (
        church_id   uuid NOT NULL,
        group_id    uuid NOT NULL,
        phone_index text COLLATE "C" NOT NULL,
        member_ids  uuid[] NOT NULL,  -- who left, and comes back by START
        stopped_at  timestamptz NOT NULL,
        PRIMARY KEY (church_id, group_id, phone_index),
        FOREIGN KEY (church_id, group_id) REFERENCES groups (church_id, id) ON DELETE CASCADE
    )
    """,
)

CONFIRMATIONS = (
    # What was said by itself to whom, so that no two machines talk to each other without end.
    """
    CREATE TABLE confirmations (
        church_id   uuid NOT NULL,
        phone_index text COLLATE "C" NOT NULL,
        message_id  uuid NOT NULL,
        about       text NOT NULL CHECK (about IN ('stop', 'start', 'help', 'ministry')),
        answered_at timestamptz NOT NULL,
        PRIMARY KEY (church_id, phone_index, message_id)
    )
    """,
    "ALTER TABLE messages DROP CONSTRAINT messages_kind_check",
    """
    ALTER TABLE messages ADD CONSTRAINT messages_kind_check
          CHECK (kind IN ('broadcast', 'reply', 'confirmation')) NOT VALID
    """,
    "ALTER TABLE messages VALIDATE CONSTRAINT messages_kind_check",
    "ALTER TABLE messages ALTER COLUMN created_by DROP NOT NULL",  # a confirmation is nobody's
)

OPT_OUTS = (
    """
    CREATE TABLE opt_outs (
        church_id       uuid NOT NULL,
        phone_index     text COLLATE "C" NOT NULL,
        phone_sealed    text NOT NULL,
        opted_out_at    timestamptz,
        lifted_at       timestamptz,
        changed_at      timestamptz NOT NULL,
        source          text NOT NULL CHECK (source IN ('keyword', 'carrier', 'staff')),
        source_event_id uuid,
        PRIMARY KEY (church_id, phone_index),
        CHECK (opted_out_at IS NOT NULL OR lifted_at IS NOT NULL)
    )
    """,
    """
    INSERT INTO opt_outs (church_id, phone_index, phone_sealed, opted_out_at, lifted_at, changed_at,
                          source, source_event_id)
    SELECT c.church_id, c.phone_index, c.phone_sealed,
           CASE WHEN c.state = 'revoked' THEN c.since END,
           CASE WHEN c.state = 'granted' THEN last.occurred_at END,
           last.occurred_at,
           CASE WHEN c.is_blocked THEN 'carrier' WHEN c.is_own THEN 'keyword' ELSE 'staff' END,
           last.event_id
      FROM consents c
      JOIN LATERAL (
           SELECT occurred_at, event_id FROM consent_events e
            WHERE e.church_id = c.church_id AND e.phone_index = c.phone_index AND e.scope IS NULL
              AND (e.kind = 'revoked') = (c.state = 'revoked') AND e.occurred_at >= c.since
              AND (e.method IN ('keyword', 'carrier') OR NOT c.is_own)
            ORDER BY occurred_at DESC LIMIT 1) last ON true
     WHERE c.state = 'revoked' OR c.is_own
    """,
)


def upgrade() -> None:
    create_from_files("keep_consent_events")
    for statement in (*LEDGER, *CARRIED_OVER, *KEPT, *MINISTRIES, *CONFIRMATIONS):
        op.execute(statement)
    church_scope("consent_events", "consents", "group_stops", "confirmations")


def downgrade() -> None:
    for statement in OPT_OUTS:
        op.execute(statement)
    church_scope("opt_outs")
    for statement in (
        "DROP TABLE confirmations, group_stops, consents, consent_events",
        "DROP FUNCTION keep_consent_events",
        "ALTER TABLE groups DROP COLUMN keyword, DROP COLUMN keyword_key",
        """
        DELETE FROM dispatch_batches b USING messages m
         WHERE m.id = b.message_id AND m.kind = 'confirmation'
        """,
        """
        DELETE FROM open_messages o USING messages m
         WHERE m.id = o.message_id AND m.kind = 'confirmation'
        """,
        """
        DELETE FROM message_recipients r USING messages m
         WHERE m.id = r.message_id AND m.kind = 'confirmation'
        """,
        "DELETE FROM messages WHERE kind = 'confirmation'",
        "ALTER TABLE messages DROP CONSTRAINT messages_kind_check",
        """
        ALTER TABLE messages ADD CONSTRAINT messages_kind_check
              CHECK (kind IN ('broadcast', 'reply'))
        """,
        "UPDATE messages SET created_by = gen_random_uuid() WHERE created_by IS NULL",
        "ALTER TABLE messages ALTER COLUMN created_by SET NOT NULL",
    ):
        op.execute(statement)
