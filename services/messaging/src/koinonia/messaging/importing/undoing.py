"""An import is undone a part at a time, the last one first, so that what a later row changed is put
back before what an earlier one did."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import GroupRemoved
from koinonia.common.phone import Phones
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.composing.errors import FieldInUse
from koinonia.messaging.importing import jobs, stored_parts, undone_members
from koinonia.messaging.importing.jobs import Job, Status
from koinonia.messaging.importing.mappings import MappingIn
from koinonia.messaging.importing.stored_parts import PartResult
from koinonia.messaging.people.consent import ledger, sealed_words
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.imports import imports

ANNULLED = "Staff undid the import that said so."


async def turn(session: AsyncSession, phones: Phones, job: Job) -> None:
    """Undo the part before the position, or end."""
    await imports.take_turn(session, job.church_id)
    if job.position == 0:
        undo = {**(job.undo or {}), **await _remove_made(session, job)}
        job = job._replace(undo=undo)
        await jobs.advance(session, job, 0)
        await jobs.end(session, job, Status.UNDONE)
        return
    number = job.position - 1
    _, result = await stored_parts.both(session, phones, job.id, number)
    if result is not None:
        undo = await _part(session, phones, job, result)
        job = job._replace(undo=undo)
        await stored_parts.keep(session, phones, job.id, number, result)
    await jobs.advance(session, job, number)


async def _part(
    session: AsyncSession, phones: Phones, job: Job, result: PartResult
) -> dict[str, int]:
    system = MappingIn.model_validate(job.mapping).external_system
    undone = await undone_members.undo(session, job.church_id, result.rows, system)
    await _annul(session, phones, job, result)
    counts = {
        "removed": undone.removed,
        "putBack": undone.put_back,
        "kept": sum(each.kept is not None for each in result.rows),
        "annulled": len(result.granted),
    }
    before = job.undo or {}
    return {name: before.get(name, 0) + count for name, count in counts.items()}


async def _annul(session: AsyncSession, phones: Phones, job: Job, result: PartResult) -> None:
    """The ledger keeps that they were said to have agreed, and that it was taken back."""
    words = sealed_words.sealed(phones, ANNULLED)
    now = clock.now()
    entries = [
        Entry(
            phone_index=index,
            phone_sealed=phone_sealed,
            kind=ConsentKind.ANNULLED,
            method=ConsentMethod.IMPORT,
            at=now,
            words=words,
            event_id=entry_id,
            actor_id=job.started_by,
            address=job.address,
        )
        for entry_id, index, phone_sealed in result.granted
    ]
    await ledger.append(session, job.church_id, entries)


async def _remove_made(session: AsyncSession, job: Job) -> dict[str, int]:
    """Groups, branches and fields that it made and that are empty; the others stay."""
    made = {kind: [UUID(each) for each in ids] for kind, ids in job.made.items()}
    groups = await db.values(
        session,
        UUID,
        """
        DELETE FROM groups g
         WHERE g.church_id = :church AND g.id = ANY(CAST(:ids AS uuid[]))
           AND NOT EXISTS (SELECT FROM group_members gm WHERE gm.group_id = g.id)
           AND NOT EXISTS (SELECT FROM keywords k WHERE k.group_id = g.id)
        RETURNING g.id
        """,
        {"church": job.church_id, "ids": made.get("groups", [])},
    )
    events = [GroupRemoved(church_id=job.church_id, group_id=each) for each in groups]
    await outbox.add(session, *events)
    branches = await db.run(
        session,
        """
        DELETE FROM branches b
         WHERE b.church_id = :church AND b.id = ANY(CAST(:ids AS uuid[]))
           AND NOT EXISTS (SELECT FROM groups g WHERE g.branch_id = b.id)
        """,
        {"church": job.church_id, "ids": made.get("branches", [])},
    )
    return {
        "groupsRemoved": len(groups),
        "groupsKept": len(made.get("groups", [])) - len(groups),
        "branchesRemoved": branches,
        "fieldsRemoved": await _remove_fields(session, made.get("fields", [])),
    }


async def _remove_fields(session: AsyncSession, field_ids: list[UUID]) -> int:
    unused = await db.values(
        session,
        UUID,
        """
        SELECT f.id FROM custom_fields f
         WHERE f.id = ANY(CAST(:ids AS uuid[]))
           AND NOT EXISTS (SELECT FROM members m WHERE m.church_id = f.church_id
                                                   AND m.custom ? f.key)
        """,
        {"ids": field_ids},
    )
    removed = 0
    for field_id in unused:
        try:
            async with session.begin_nested():
                await custom_fields.remove(session, field_id)
        except FieldInUse:
            continue
        removed += 1
    return removed
