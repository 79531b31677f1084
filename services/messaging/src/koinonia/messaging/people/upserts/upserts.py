"""People of another system are taken over: a handful of statements for any number of them."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import MemberCreated, MemberSnapshot, MemberUpdated
from koinonia.messaging.composing import text_fields
from koinonia.messaging.composing.errors import UnknownCustomField
from koinonia.messaging.errors import NoSuchGroup
from koinonia.messaging.people import external_ids, group_membership
from koinonia.messaging.people.consent.entries import Attestation
from koinonia.messaging.people.upserts import known_members, reported_consents, stored_members
from koinonia.messaging.people.upserts.errors import ChangedMeanwhile, SamePerson
from koinonia.messaging.people.upserts.upsert_entries import Entry, UpsertOutcome, accepted

AT_ONCE = 500  # rows of one statement, so that none holds the event loop
EVENT_SIZE = 500


async def write(
    session: AsyncSession,
    church_id: UUID,
    system: str | None,
    entries: Sequence[Entry],
    attested: Attestation,
    stop_words: str,
) -> None:
    """Write all that can be written and note each outcome; the same entries again change nothing.
    ``attested`` is for those who agreed, ``stop_words``, sealed, for those who want no texts.
    Requests of one church take turns, with each other and with imports."""
    await _take_turn(session, church_id, entries)
    await _refuse_unknown(session, church_id, entries)
    linked = await _linked(session, church_id, system, accepted(entries))
    taken: dict[UUID, int] = {}
    for each in accepted(entries):
        member_id = linked.get(each.external_id or "")
        if member_id and (row := taken.setdefault(member_id, each.row)) != each.row:
            each.refuse(SamePerson.as_in(row))
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        known = await known_members.find(session, church_id, some, linked, taken)
        await stored_members.write(session, church_id, some, known)
        await _link(session, church_id, system, accepted(some), linked)
        await _join(session, church_id, accepted(some))
        await reported_consents.record(session, church_id, accepted(some), attested, stop_words)
        await _publish(session, church_id, accepted(some))


async def _take_turn(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> None:
    """One person alone need not wait for an import."""
    locks = ("import", "upsert") if len(entries) > 1 else ("upsert",)
    for lock in locks:
        await db.run(
            session,
            "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))",
            {"key": f"{lock} {church_id}"},
        )


async def _refuse_unknown(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> None:
    """Rows that name a field or a group that the church does not have."""
    named = await text_fields.known(session, church_id, is_held=True)
    known = set(named) - text_fields.BUILT_IN.keys()
    asked = {group_id for each in accepted(entries) for group_id in each.group_ids or ()}
    groups = await _groups(session, church_id, asked) if asked else set()
    for each in accepted(entries):
        if unknown := sorted(each.fields.keys() - known):
            each.refuse(UnknownCustomField.among(unknown[:20], sorted(known)))
        elif missing := set(each.group_ids or ()) - groups:
            each.refuse(NoSuchGroup(details={"ids": sorted(map(str, missing))[:20]}))


async def _groups(session: AsyncSession, church_id: UUID, asked: set[UUID]) -> set[UUID]:
    """Those that exist; none of them is removed before the transaction ends."""
    found = await db.values(
        session,
        UUID,
        """
        SELECT id FROM groups WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
         ORDER BY id FOR KEY SHARE
        """,
        {"church": church_id, "ids": list(asked)},
    )
    return set(found)


async def _linked(
    session: AsyncSession, church_id: UUID, system: str | None, entries: Sequence[Entry]
) -> dict[str, UUID]:
    if system is None:
        return {}
    ids = [each.external_id for each in entries if each.external_id]
    return await external_ids.found(session, church_id, system, ids)


async def _link(
    session: AsyncSession,
    church_id: UUID,
    system: str | None,
    entries: Sequence[Entry],
    linked: dict[str, UUID],
) -> None:
    new = {
        each.external_id: each.member_id
        for each in entries
        if each.external_id and each.external_id not in linked
    }
    if system is None or not new:
        return
    added = await external_ids.add(session, church_id, system, new)
    if len(added) < len(new):
        raise ChangedMeanwhile
    for each in entries:
        if each.external_id in new:
            each.touch()


async def _join(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> None:
    wanted = {each.member_id: each.group_ids for each in entries if each.group_ids is not None}
    moved = await group_membership.settle(session, church_id, wanted)
    for each in entries:
        if each.member_id in moved:
            each.touch()


async def _publish(session: AsyncSession, church_id: UUID, entries: Sequence[Entry]) -> None:
    for event, outcome in (
        (MemberCreated, UpsertOutcome.CREATED),
        (MemberUpdated, UpsertOutcome.UPDATED),
    ):
        told = [_snapshot(each) for each in entries if each.outcome is outcome]
        events = [event(church_id=church_id, members=part) for part in _parts(told)]
        await outbox.add(session, *events)


def _snapshot(entry: Entry) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=entry.member_id,
        first_name=entry.first_name,
        last_name=entry.last_name,
        sealed_phone=entry.phone_sealed,
        phone_index=entry.phone_index,
    )


def _parts(snapshots: list[MemberSnapshot]) -> Iterator[list[MemberSnapshot]]:
    for start in range(0, len(snapshots), EVENT_SIZE):
        yield snapshots[start : start + EVENT_SIZE]
