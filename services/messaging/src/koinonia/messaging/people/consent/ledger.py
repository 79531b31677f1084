"""The ledger of consent and the states that follow from it, always written together.

Nothing in the ledger is changed or removed; the database refuses it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import MemberOptedIn, MemberOptedOut
from koinonia.messaging.people.consent import consent_state, stop_questions
from koinonia.messaging.people.consent.consent_state import State
from koinonia.messaging.people.consent.entries import Attestation, ConsentKind, ConsentMethod, Entry


class _Known(NamedTuple):
    state: str
    is_own: bool
    is_blocked: bool
    since: datetime


class _Granted(NamedTuple):
    phone_index: str
    id: UUID


class _Locked(NamedTuple):
    phone_index: str
    state: str
    is_own: bool
    is_blocked: bool
    since: datetime
    is_new: bool


class _Written(NamedTuple):
    id: UUID
    phone_index: str
    phone_sealed: str
    kind: str
    method: str
    at: datetime
    scope: UUID | None
    words: str | None
    note: str | None
    event_id: UUID | None
    message_id: UUID | None
    answer_id: UUID | None
    actor_id: UUID | None
    address: str | None
    by_carrier: bool
    is_lift: bool


# Columns of the ledger by field of an entry, with their types.
COLUMNS = {
    "id": ("id", "uuid"),
    "phone_index": ("phone_index", "text"),
    "phone_sealed": ("phone_sealed", "text"),
    "kind": ("kind", "text"),
    "method": ("method", "text"),
    "at": ("occurred_at", "timestamptz"),
    "scope": ("scope", "uuid"),
    "words": ("words", "text"),
    "note": ("note", "text"),
    "event_id": ("event_id", "uuid"),
    "message_id": ("message_id", "uuid"),
    "answer_id": ("answer_id", "uuid"),
    "actor_id": ("actor_id", "uuid"),
    "address": ("address", "text"),
    "by_carrier": ("by_carrier", "boolean"),
    "is_lift": ("is_lift", "boolean"),
}
NAMED = ", ".join(column for column, _ in COLUMNS.values())
ENTRY = ", ".join(f"{column} AS {name}" for name, (column, _) in COLUMNS.items())


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry did to the state of its phone."""

    before: State | None
    after: State

    @property
    def opts_out(self) -> bool:
        return self.after.is_revoked and not (self.before and self.before.is_revoked)

    @property
    def opts_in(self) -> bool:
        return self.before is not None and self.before.is_revoked and not self.after.is_revoked


async def grant(
    session: AsyncSession, church_id: UUID, phones: Mapping[str, str], attested: Attestation
) -> dict[str, UUID]:
    """Record that the owners of ``phones`` (sealed, by index) agreed, as somebody attests.

    It counts only for phones of which nothing is known, takes nothing back, and is recorded once.
    Returns the new entries, by phone. One statement, however many phones.
    """
    written = await db.rows(
        session,
        _Granted,
        f"""
        WITH given AS (
            SELECT * FROM json_to_recordset(CAST(:phones AS json))
                          AS given (id uuid, phone_index text, phone_sealed text)
        ), fresh AS (
            INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked,
                                  since)
            SELECT :church, phone_index, phone_sealed, 'granted', false, false, :at FROM given
             WHERE NOT EXISTS (SELECT FROM consents known WHERE known.church_id = :church
                                  AND known.phone_index = given.phone_index)
            ON CONFLICT DO NOTHING
            RETURNING phone_index
        )
        INSERT INTO consent_events (church_id, id, phone_index, phone_sealed, kind, method,
                                    occurred_at, words, actor_id, address)
        SELECT :church, id, phone_index, phone_sealed, '{ConsentKind.GRANTED}', :method, :at,
               :words, :actor, :address
          FROM given JOIN fresh USING (phone_index)
        RETURNING phone_index, id
        """,
        {
            "church": church_id,
            "phones": db.records(
                {"id": db.uuid7(), "phone_index": index, "phone_sealed": phones[index]}
                for index in sorted(phones)  # everybody locks phones in this order
            ),
            "at": clock.now(),
            "method": attested.method,
            "words": attested.words,
            "actor": attested.actor_id,
            "address": attested.address,
        },
    )
    return {row.phone_index: row.id for row in written}


async def append(
    session: AsyncSession, church_id: UUID, entries: Sequence[Entry]
) -> dict[str, Change]:
    """Write entries about the whole church, derive the states of their phones anew and close the
    questions that they settle; returns what changed, by phone. Nobody else changes these phones
    until the transaction ends."""
    if not entries:
        return {}
    before = await _locked(session, church_id, entries)
    await write(session, church_id, entries)
    history = await _histories(session, church_id, list(before))
    after = {index: state for index in before if (state := consent_state.replay(history[index]))}
    await _write_states(session, church_id, after)
    await _forget_states(session, church_id, sorted(before.keys() - after.keys()))
    changes = {index: Change(before[index], after[index]) for index in after}
    await _publish(session, church_id, entries, changes)
    await stop_questions.close_settled(session, church_id, entries)
    return changes


async def write(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> None:
    """Put rows into the ledger without deriving states."""
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, (_, kind) in COLUMNS.items())
    await db.run(
        session,
        f"""
        INSERT INTO consent_events (church_id, {NAMED})
        SELECT :church, {NAMED} FROM unnest({arrays}) AS given ({NAMED})
        """,
        {"church": church_id}
        | {name: [getattr(each, name) for each in entries] for name in COLUMNS},
    )


async def lock_phone(session: AsyncSession, church_id: UUID, phone_index: str) -> None:
    """No other text of this phone is processed until the transaction ends."""
    await db.run(
        session,
        "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
        {"key": f"consent {church_id} {phone_index}"},
    )


async def state(session: db.Session, church_id: UUID, phone_index: str) -> State | None:
    """What is known of the phone now."""
    row = await db.first(
        session,
        _Known,
        """
        SELECT state, is_own, is_blocked, since FROM consents
         WHERE church_id = :church AND phone_index = :index
        """,
        {"church": church_id, "index": phone_index},
    )
    return _state(row) if row else None


async def history(session: AsyncSession, church_id: UUID, phone_index: str) -> list[Entry]:
    """All entries about the phone, those about groups too, in the order of saying."""
    return (await _histories(session, church_id, [phone_index]))[phone_index]


async def _locked(
    session: AsyncSession, church_id: UUID, entries: Iterable[Entry]
) -> dict[str, State | None]:
    """The states of the phones; a phone without one gets a row to lock, which is filled later."""
    sealed = {each.phone_index: each.phone_sealed for each in entries}
    indexes = sorted(sealed)
    found = await db.rows(
        session,
        _Locked,
        """
        INSERT INTO consents (church_id, phone_index, phone_sealed, state, is_own, is_blocked,
                              since)
        SELECT :church, phone_index, phone_sealed, 'revoked', false, false, :at
          FROM unnest(CAST(:indexes AS text[]), CAST(:sealed AS text[]))
               AS given (phone_index, phone_sealed)
        ON CONFLICT (church_id, phone_index) DO UPDATE SET phone_index = excluded.phone_index
        RETURNING phone_index, state, is_own, is_blocked, since, xmax = 0 AS is_new
        """,
        {
            "church": church_id,
            "indexes": indexes,
            "sealed": [sealed[index] for index in indexes],
            "at": clock.now(),
        },
    )
    return {row.phone_index: None if row.is_new else _state(row) for row in found}


async def _histories(
    session: AsyncSession, church_id: UUID, indexes: Sequence[str]
) -> dict[str, list[Entry]]:
    found = await db.rows(
        session,
        _Written,
        f"""
        SELECT {ENTRY} FROM consent_events
         WHERE church_id = :church AND phone_index = ANY(CAST(:indexes AS text[]))
         ORDER BY occurred_at, id
        """,
        {"church": church_id, "indexes": list(indexes)},
    )
    histories: dict[str, list[Entry]] = defaultdict(list)
    for row in found:
        histories[row.phone_index].append(_entry(row))
    return histories


async def _write_states(
    session: AsyncSession, church_id: UUID, states: Mapping[str, State]
) -> None:
    await db.run(
        session,
        """
        UPDATE consents c
           SET state = CASE WHEN given.is_revoked THEN 'revoked' ELSE 'granted' END,
               is_own = given.is_own, is_blocked = given.is_blocked, since = given.since
          FROM unnest(CAST(:indexes AS text[]), CAST(:is_revoked AS boolean[]),
                      CAST(:is_own AS boolean[]), CAST(:is_blocked AS boolean[]),
                      CAST(:since AS timestamptz[]))
               AS given (phone_index, is_revoked, is_own, is_blocked, since)
         WHERE c.church_id = :church AND c.phone_index = given.phone_index
        """,
        {"church": church_id, "indexes": list(states)}
        | {
            each.name: [getattr(state, each.name) for state in states.values()]
            for each in fields(State)
        },
    )


async def _forget_states(session: AsyncSession, church_id: UUID, indexes: Sequence[str]) -> None:
    """All that was known of these phones was annulled."""
    if indexes:
        await db.run(
            session,
            """
            DELETE FROM consents
             WHERE church_id = :church AND phone_index = ANY(CAST(:indexes AS text[]))
            """,
            {"church": church_id, "indexes": indexes},
        )


async def _publish(
    session: AsyncSession,
    church_id: UUID,
    entries: Sequence[Entry],
    changes: Mapping[str, Change],
) -> None:
    by_phone = {each.phone_index: each for each in entries}
    told = [
        (MemberOptedOut if change.opts_out else MemberOptedIn)(
            church_id=church_id,
            phone_index=index,
            sealed_phone=by_phone[index].phone_sealed,
            source=by_phone[index].method,
        )
        for index, change in changes.items()
        if change.opts_out or change.opts_in
    ]
    await outbox.add(session, *told)


def _state(row: _Known | _Locked) -> State:
    return State(row.state == "revoked", row.is_own, row.is_blocked, row.since)


def _entry(row: _Written) -> Entry:
    return Entry(
        **row._asdict() | {"kind": ConsentKind(row.kind), "method": ConsentMethod(row.method)}
    )
