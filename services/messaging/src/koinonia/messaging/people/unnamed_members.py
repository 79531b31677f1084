"""Members of whom only the phone is known: they came by a keyword, one on a phone, and have no name
until somebody gives one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.messaging import MemberCreated, MemberSnapshot
from koinonia.common.phone import Phones
from koinonia.messaging import names, phone_endings
from koinonia.messaging.timing import quiet_hours


@dataclass(frozen=True, slots=True)
class Name:
    """Who somebody on this phone is."""

    phone_index: str
    first_name: str
    last_name: str


async def create(
    session: AsyncSession, church_id: UUID, phone_index: str, phone_sealed: str, phones: Phones
) -> None:
    """Make a member without a name of the phone, unless somebody is known on it."""
    number = phones.open(phone_sealed)
    member_id = await db.value(
        session,
        UUID,
        """
        INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key,
                             phone_sealed, phone_index, phone_last_four, phone_last_seven, zones,
                             source)
        SELECT :id, :church, '', '', '', '', :sealed, :index, :phone_last_four, :phone_last_seven,
               :zones, 'keyword'
         WHERE NOT EXISTS (SELECT FROM members
                            WHERE church_id = :church AND phone_index = :index)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        {
            "id": db.uuid7(),
            "church": church_id,
            "sealed": phone_sealed,
            "index": phone_index,
            "zones": quiet_hours.phone_zones(number),
            **phone_endings.endings(phones, church_id, number)._asdict(),
        },
    )
    if member_id is None:
        return
    snapshot = MemberSnapshot(
        member_id=member_id,
        first_name="",
        last_name="",
        sealed_phone=phone_sealed,
        phone_index=phone_index,
    )
    await outbox.add(session, MemberCreated(church_id=church_id, members=[snapshot]))


async def name(session: AsyncSession, church_id: UUID, given: Sequence[Name]) -> set[UUID]:
    """Name the members without a name on these phones; of several names for one phone the first. A
    name that somebody on the phone has already changes nothing. Returns who has a name now, in two
    statements at most."""
    firsts = {each.phone_index: each for each in reversed(given)}
    nameless = await db.values(  # hardly ever anybody, so that the keys are hardly ever made
        session,
        str,
        """
        SELECT phone_index FROM members
         WHERE church_id = :church AND phone_index = ANY(CAST(:indexes AS text[]))
           AND first_key = ''
        """,
        {"church": church_id, "indexes": list(firsts)},
    )
    if not nameless:
        return set()
    named = await db.values(
        session,
        UUID,
        """
        UPDATE members m
           SET first_name = given.first_name, last_name = given.last_name,
               first_key = given.first_key, last_key = given.last_key, updated_at = now()
          FROM json_to_recordset(CAST(:people AS json))
               AS given (phone_index text, first_name text, last_name text, first_key text,
                         last_key text)
         WHERE m.church_id = :church AND m.phone_index = given.phone_index AND m.first_key = ''
           AND NOT EXISTS (SELECT FROM members o
                            WHERE o.church_id = :church AND o.phone_index = given.phone_index
                              AND o.first_key = given.first_key)
        RETURNING m.id
        """,
        {
            "church": church_id,
            "people": db.records(_columns(firsts[index]) for index in sorted(nameless)),
        },
    )
    return set(named)


def _columns(given: Name) -> dict[str, str]:
    return {
        "phone_index": given.phone_index,
        "first_name": given.first_name,
        "last_name": given.last_name,
        "first_key": names.key(given.first_name, given.last_name),
        "last_key": names.key(given.last_name, given.first_name),
    }
