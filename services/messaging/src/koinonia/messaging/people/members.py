"""Members: a person and the phone they are texted at. A household may share a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import NamedTuple, TypedDict, cast
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox, phone
from koinonia.common.events.messaging import (
    MemberCreated,
    MemberRemoved,
    MemberSnapshot,
    MemberUpdated,
)
from koinonia.common.phone import Phones
from koinonia.messaging import names, phone_endings
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.errors import MemberExists, NoSuchGroup, NoSuchMember
from koinonia.messaging.people import group_membership, unnamed_members
from koinonia.messaging.people.consent import ledger, state_sql
from koinonia.messaging.people.consent.entries import Attestation
from koinonia.messaging.people.targets import resolution
from koinonia.messaging.people.targets.target_schemas import TargetType
from koinonia.messaging.people.unnamed_members import Name
from koinonia.messaging.timing import quiet_hours


class Member(NamedTuple):
    """A member as staff see them; ``group_ids`` and ``group_names`` are in the same order."""

    id: UUID
    first_name: str
    last_name: str
    last_key: str
    email: str | None
    phone_sealed: str
    phone_index: str
    timezone: str | None
    custom: dict[str, str]
    created_at: datetime
    updated_at: datetime  # of all that is shown, but for last_heard_from
    consent: str  # granted, revoked or none
    stop_asked_at: datetime | None  # these three: of the open question about their phone
    stop_counts_from: datetime | None
    stop_words: str | None  # sealed
    conversation_id: UUID | None  # of their phone
    last_heard_from: datetime | None  # when their phone last texted the church
    group_ids: list[UUID]
    group_names: list[str]
    systems: list[str]  # in the order of the external ids
    external_ids: list[str]


PLAIN = f"""
    m.id, m.first_name, m.last_name, m.last_key, m.email, m.phone_sealed, m.phone_index,
    m.timezone, m.custom, m.created_at,
    coalesce((SELECT max(c.changed_at) FROM member_changes c
               WHERE c.church_id = m.church_id AND c.member_id = m.id), m.updated_at)
    AS updated_at,
    {state_sql.STATE} AS consent,
    q.asked_at AS stop_asked_at, q.counts_from AS stop_counts_from, q.words AS stop_words,
    (SELECT p.conversation_id FROM phone_conversations p
      WHERE p.church_id = m.church_id AND p.phone_index = m.phone_index) AS conversation_id,
    (SELECT h.last_heard_at FROM heard_phones h
      WHERE h.church_id = m.church_id AND h.phone_index = m.phone_index) AS last_heard_from
"""
GROUPS = """
    ARRAY(SELECT g.id FROM group_members gm JOIN groups g ON g.id = gm.group_id
           WHERE gm.member_id = m.id ORDER BY g.name_key, g.id) AS group_ids,
    ARRAY(SELECT g.name FROM group_members gm JOIN groups g ON g.id = gm.group_id
           WHERE gm.member_id = m.id ORDER BY g.name_key, g.id) AS group_names
"""
IDS = """
    ARRAY(SELECT x.system FROM external_ids x
           WHERE x.church_id = m.church_id AND x.member_id = m.id
           ORDER BY x.system, x.external_id) AS systems,
    ARRAY(SELECT x.external_id FROM external_ids x
           WHERE x.church_id = m.church_id AND x.member_id = m.id
           ORDER BY x.system, x.external_id) AS external_ids
"""
SHOWN = f"{PLAIN}, {GROUPS}, {IDS}"
FOUND = """
    members m
    LEFT JOIN stop_questions q ON q.church_id = m.church_id AND q.phone_index = m.phone_index
"""
"""What ``SHOWN`` is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What staff say about a member. ``phone`` is as they wrote it."""

    first_name: str
    last_name: str
    phone: str
    email: str | None
    timezone: str | None = None  # where they live, if it is known; else their number tells
    fields: Mapping[str, str | None] = field(default_factory=dict)  # the church's own


class PersonChange(TypedDict, total=False):
    """What is to change of a member: fields of a ``Person``, or all groups."""

    first_name: str
    last_name: str
    phone: str
    email: str | None
    timezone: str | None
    fields: Mapping[str, str | None]
    group_ids: Sequence[UUID]


class _Columns(NamedTuple):
    first_name: str
    last_name: str
    first_key: str
    last_key: str
    email: str | None
    phone_sealed: str
    phone_index: str
    phone_last_four: int
    phone_last_seven: int
    timezone: str | None
    custom: str
    zones: str


async def get(session: db.Session, member_id: UUID) -> Member:
    """Raises ``NoSuchMember``."""
    return await db.one(
        session,
        Member,
        f"SELECT {SHOWN} FROM {FOUND} WHERE m.id = :id",
        {"id": member_id},
        missing=NoSuchMember,
    )


async def some(session: db.Session, member_ids: Sequence[UUID]) -> dict[UUID, Member]:
    """Those of them who exist."""
    found = await db.rows(
        session,
        Member,
        f"SELECT {SHOWN} FROM {FOUND} WHERE m.id = ANY(CAST(:ids AS uuid[]))",
        {"ids": list(member_ids)},
    )
    return {member.id: member for member in found}


async def create(
    session: AsyncSession,
    church_id: UUID,
    person: Person,
    group_ids: Sequence[UUID],
    phones: Phones,
    attested: Attestation | None = None,
) -> Member:
    """Adds a member and puts them into groups. Others may have the same phone; a member without a
    name on it, who came by a keyword, gets this name instead.

    Without ``attested`` nobody says that they agreed to be texted.
    """
    await resolution.check_targets(session, church_id, TargetType.GROUPS, group_ids)
    await custom_fields.check(session, church_id, person.fields)
    columns = _columns(church_id, person, phones)
    name = Name(columns.phone_index, person.first_name, person.last_name)
    for member_id in await unnamed_members.name(session, church_id, [name]):
        said = {name: value for name, value in asdict(person).items() if value is not None}
        given = cast(PersonChange, said)
        await change(session, church_id, member_id, given, phones, attested)
        await group_membership.join(session, church_id, [(each, member_id) for each in group_ids])
        return await get(session, member_id)
    member_id = db.uuid7()
    with db.violations_as(MemberExists):
        await db.run(
            session,
            """
            INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key, email,
                                 phone_sealed, phone_index, phone_last_four, phone_last_seven,
                                 timezone, zones, custom, source)
            VALUES (:id, :church_id, :first_name, :last_name, :first_key, :last_key, :email,
                    :phone_sealed, :phone_index, :phone_last_four, :phone_last_seven, :timezone,
                    :zones,
                    jsonb_strip_nulls(CAST(:custom AS jsonb)), 'staff')
            """,
            {"id": member_id, "church_id": church_id, **columns._asdict()},
        )
    with db.violations_as(gone=NoSuchGroup):
        await group_membership.join(session, church_id, [(each, member_id) for each in group_ids])
    await _grant(session, church_id, columns, attested)
    member = await get(session, member_id)
    await outbox.add(session, MemberCreated(church_id=church_id, members=[snapshot(member)]))
    return member


async def change(
    session: AsyncSession,
    church_id: UUID,
    member_id: UUID,
    given: PersonChange,
    phones: Phones,
    attested: Attestation | None = None,
) -> Member:
    """Changes what ``given`` names. Of the church's own fields those that are named change; a
    blank or None takes one away.

    Consent belongs to a phone: a new one has none, unless it is ``attested``."""
    person = _changed(await get(session, member_id), given, phones)
    await custom_fields.check(session, church_id, person.fields)
    columns = _columns(church_id, person, phones)
    with db.violations_as(MemberExists):
        await db.run(
            session,
            """
            UPDATE members
               SET first_name = :first_name, last_name = :last_name, first_key = :first_key,
                   last_key = :last_key, email = :email, phone_sealed = :phone_sealed,
                   phone_index = :phone_index, phone_last_four = :phone_last_four,
                   phone_last_seven = :phone_last_seven, timezone = :timezone, zones = :zones,
                   custom = jsonb_strip_nulls(custom || CAST(:custom AS jsonb)),
                   updated_at = now()
             WHERE id = :id
            """,
            {"id": member_id, **columns._asdict()},
        )
    await _grant(session, church_id, columns, attested)
    if "group_ids" in given:
        await resolution.check_targets(session, church_id, TargetType.GROUPS, given["group_ids"])
        await group_membership.leave_others(session, church_id, member_id, given["group_ids"])
        with db.violations_as(gone=NoSuchGroup):
            pairs = [(each, member_id) for each in given["group_ids"]]
            await group_membership.join(session, church_id, pairs)
    member = await get(session, member_id)
    await outbox.add(session, MemberUpdated(church_id=church_id, members=[snapshot(member)]))
    return member


async def remove(session: AsyncSession, church_id: UUID, member_id: UUID) -> None:
    """Removes the member. An opt-out belongs to the phone and stays."""
    if not await db.run(session, "DELETE FROM members WHERE id = :id", {"id": member_id}):
        raise NoSuchMember
    await outbox.add(session, MemberRemoved(church_id=church_id, member_ids=[member_id]))


def snapshot(member: Member) -> MemberSnapshot:
    return MemberSnapshot(
        member_id=member.id,
        first_name=member.first_name,
        last_name=member.last_name,
        sealed_phone=member.phone_sealed,
        phone_index=member.phone_index,
    )


def _changed(member: Member, given: PersonChange, phones: Phones) -> Person:
    return Person(
        first_name=given.get("first_name", member.first_name),
        last_name=given.get("last_name", member.last_name),
        phone=given["phone"] if "phone" in given else phones.open(member.phone_sealed),
        email=given.get("email", member.email),
        timezone=given.get("timezone", member.timezone),
        fields=given.get("fields", {}),
    )


def _columns(church_id: UUID, person: Person, phones: Phones) -> _Columns:
    number = phone.parse(person.phone)
    return _Columns(
        first_name=person.first_name,
        last_name=person.last_name,
        first_key=names.key(person.first_name, person.last_name),
        last_key=names.key(person.last_name, person.first_name),
        email=person.email,
        phone_sealed=phones.seal(number),
        phone_index=phones.index(church_id, number),
        **phone_endings.endings(phones, church_id, number)._asdict(),
        timezone=person.timezone,
        custom=orjson.dumps({k: v or None for k, v in person.fields.items()}).decode(),
        zones=quiet_hours.phone_zones(number),
    )


async def _grant(
    session: AsyncSession, church_id: UUID, columns: _Columns, attested: Attestation | None
) -> None:
    if attested:
        phones = {columns.phone_index: columns.phone_sealed}
        await ledger.grant(session, church_id, phones, attested)
