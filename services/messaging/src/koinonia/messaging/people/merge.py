"""Two members who are one person become one: nothing that is known of either is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import MemberMerged, MemberRemoved, MemberUpdated
from koinonia.messaging import names
from koinonia.messaging.errors import MemberExists, NoSuchMember
from koinonia.messaging.people import group_membership, members
from koinonia.messaging.people.consent import ledger, ministries, stop_questions
from koinonia.messaging.people.consent.entries import ConsentKind, ConsentMethod, Entry
from koinonia.messaging.people.member_errors import SameMember, StopQuestionOpen
from koinonia.messaging.people.members import Member

Which = Literal["kept", "merged"]


class _Half(NamedTuple):
    """One of the two, as they are before."""

    id: UUID
    first_name: str
    last_name: str
    email: str | None
    timezone: str | None
    custom: dict[str, str]
    phone_index: str
    phone_sealed: str


class _Phone(NamedTuple):
    phone_sealed: str
    phone_index: str
    phone_last_four: int | None
    phone_last_seven: int | None
    zones: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByWhom:
    """Whose word the ledger notes, and the sealed words, where a no goes over to another phone."""

    actor_id: UUID
    address: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The member who stays, and what came from the other one."""

    member: Member
    taken: list[str]  # names of columns and of own fields that were empty
    joined: int  # groups
    dropped_phone: str | None  # sealed; None where both had the same
    opts_out: bool  # the phone that stays had not said no, and the other one had


async def merge(
    session: AsyncSession,
    church_id: UUID,
    merged_id: UUID,
    kept_id: UUID,
    phone: Which,
    by: ByWhom,
) -> Merged:
    """Bring ``merged_id`` into ``kept_id``, who has the phone of one of them from then on.

    Names, mail, zone and own fields of the kept one win; gaps are filled. Groups and ids of other
    systems are those of both. A no of either phone, to all texts or to one ministry, counts for the
    phone that stays. Messages keep whom they reached."""
    if merged_id == kept_id:
        raise SameMember
    kept, merged = await _both(session, kept_id, merged_id)
    stays, goes = (kept, merged) if phone == "kept" else (merged, kept)
    await _check_questions(session, church_id, stays, goes)
    await _move_ids(session, church_id, merged_id, kept_id)
    groups = await _groups(session, merged_id)
    await _write(session, church_id, kept, merged, stays)
    joined = await group_membership.join(session, church_id, [(each, kept_id) for each in groups])
    opts_out = await _stricter(session, church_id, stays, goes, by)
    member = await members.get(session, kept_id)
    snapshot = members.snapshot(member)
    dropped = None if stays.phone_index == goes.phone_index else goes
    await outbox.add(
        session,
        MemberRemoved(church_id=church_id, member_ids=[merged_id]),
        MemberUpdated(church_id=church_id, members=[snapshot]),
        MemberMerged(
            church_id=church_id,
            member_id=merged_id,
            into=kept_id,
            dropped_phone_index=dropped.phone_index if dropped else None,
        ),
    )
    return Merged(
        member=member,
        taken=_gaps(kept, merged),
        joined=len(joined),
        dropped_phone=dropped.phone_sealed if dropped else None,
        opts_out=opts_out,
    )


async def _both(session: AsyncSession, kept_id: UUID, merged_id: UUID) -> tuple[_Half, _Half]:
    found = await db.rows(
        session,
        _Half,
        """
        SELECT id, first_name, last_name, email, timezone, custom, phone_index, phone_sealed
          FROM members WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE
        """,
        {"ids": [kept_id, merged_id]},
    )
    halves = {each.id: each for each in found}
    if len(halves) < 2:
        raise NoSuchMember
    return halves[kept_id], halves[merged_id]


async def _check_questions(
    session: AsyncSession, church_id: UUID, stays: _Half, goes: _Half
) -> None:
    """A question about a text belongs to its phone; nobody would see it there any more."""
    if stays.phone_index == goes.phone_index:
        return
    if await stop_questions.open_question(session, church_id, goes.phone_index):
        raise StopQuestionOpen


async def _move_ids(session: AsyncSession, church_id: UUID, merged_id: UUID, kept_id: UUID) -> None:
    await db.run(
        session,
        """
        WITH moved AS (
            DELETE FROM external_ids WHERE church_id = :church AND member_id = :merged
            RETURNING system, external_id, created_at
        )
        INSERT INTO external_ids (church_id, system, external_id, member_id, created_at)
        SELECT :church, system, external_id, :kept, created_at FROM moved
        ON CONFLICT (church_id, system, external_id) DO UPDATE SET member_id = excluded.member_id
        """,
        {"church": church_id, "merged": merged_id, "kept": kept_id},
    )


async def _groups(session: AsyncSession, member_id: UUID) -> Sequence[UUID]:
    return await db.values(
        session,
        UUID,
        "SELECT group_id FROM group_members WHERE member_id = :id ORDER BY group_id",
        {"id": member_id},
    )


async def _write(
    session: AsyncSession, church_id: UUID, kept: _Half, merged: _Half, stays: _Half
) -> None:
    """One statement reads the phone of either before the other row is gone; the tombstone says who
    the person is now."""
    named = kept if kept.first_name else merged  # who came by a keyword has no name
    phone = await db.one(
        session,
        _Phone,
        """
        SELECT phone_sealed, phone_index, phone_last_four, phone_last_seven, zones FROM members
         WHERE id = :id
        """,
        {"id": stays.id},
        missing=NoSuchMember,
    )
    await db.run(session, "DELETE FROM members WHERE id = :id", {"id": merged.id})
    await db.run(
        session,
        """
        UPDATE member_changes SET merged_into = :kept
         WHERE church_id = :church AND member_id = :merged AND is_removed
        """,
        {"church": church_id, "kept": kept.id, "merged": merged.id},
    )
    with db.violations_as(MemberExists):
        await db.run(
            session,
            """
            UPDATE members
               SET first_name = :first_name, last_name = :last_name, first_key = :first_key,
                   last_key = :last_key, email = :email, timezone = :timezone,
                   custom = CAST(:custom AS jsonb), phone_sealed = :phone_sealed,
                   phone_index = :phone_index, phone_last_four = :phone_last_four,
                   phone_last_seven = :phone_last_seven, zones = :zones, updated_at = now()
             WHERE id = :id
            """,
            {
                "id": kept.id,
                "first_name": named.first_name,
                "last_name": named.last_name,
                "first_key": names.key(named.first_name, named.last_name),
                "last_key": names.key(named.last_name, named.first_name),
                "email": kept.email or merged.email,
                "timezone": kept.timezone or merged.timezone,
                "custom": orjson.dumps(merged.custom | kept.custom).decode(),
                **phone._asdict(),
            },
        )


def _gaps(kept: _Half, merged: _Half) -> list[str]:
    """What the kept one had not and the merged one had."""
    said = [
        ("firstName", kept.first_name, merged.first_name),
        ("email", kept.email, merged.email),
        ("timezone", kept.timezone, merged.timezone),
    ]
    columns = [name for name, own, other in said if other and not own]
    return [*columns, *sorted(merged.custom.keys() - kept.custom.keys())]


async def _stricter(
    session: AsyncSession, church_id: UUID, stays: _Half, goes: _Half, by: ByWhom
) -> bool:
    """A no to the phone that goes is a no to the one that stays; a yes does not go over."""
    if stays.phone_index == goes.phone_index:
        return False
    before = await ledger.state(session, church_id, stays.phone_index)
    other = await ledger.state(session, church_id, goes.phone_index)
    opts_out = bool(other and other.is_revoked and not (before and before.is_revoked))
    entry = Entry(
        phone_index=stays.phone_index,
        phone_sealed=stays.phone_sealed,
        kind=ConsentKind.REVOKED,
        method=ConsentMethod.STAFF,
        at=clock.now(),
        words=by.words,
        actor_id=by.actor_id,
        address=by.address,
    )
    if opts_out:
        await ledger.append(session, church_id, [entry])
    for group_id in await _stopped(session, church_id, stays, goes):
        await ministries.apply(session, church_id, replace(entry, scope=group_id, id=db.uuid7()))
    return opts_out


async def _stopped(
    session: AsyncSession, church_id: UUID, stays: _Half, goes: _Half
) -> Sequence[UUID]:
    """Ministries that the phone that goes stopped and the one that stays did not."""
    return await db.values(
        session,
        UUID,
        """
        SELECT s.group_id FROM group_stops s
         WHERE s.church_id = :church AND s.phone_index = :goes
           AND NOT EXISTS (SELECT FROM group_stops own
                            WHERE own.church_id = :church AND own.group_id = s.group_id
                              AND own.phone_index = :stays)
         ORDER BY s.group_id
        """,
        {"church": church_id, "goes": goes.phone_index, "stays": stays.phone_index},
    )
