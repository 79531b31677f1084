"""Members that staff make in the inbox, of a phone that texted."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import MemberRequested
from koinonia.common.events.messaging import MemberCreated, MemberUpdated
from koinonia.common.phone import Phones
from koinonia.messaging import names, phone_endings
from koinonia.messaging.people import group_membership, members, unnamed_members
from koinonia.messaging.people.unnamed_members import Name
from koinonia.messaging.running import Running
from koinonia.messaging.timing import quiet_hours

log = structlog.get_logger()


async def create(running: Running, session: AsyncSession, event: MemberRequested) -> None:
    """Make the member under the id that the event gives, or name the member without a name who came
    by a keyword. Somebody of this name on this phone is known already and stays unchanged.

    Staff who name a phone do not say that its owner agreed to texts, and a text to the church is no
    consent to broadcasts either: nothing goes into the ledger. Replies reach them all the same.
    """
    church_id, phones = event.church_id, running.phones
    number = phones.open(event.sealed_phone)
    name = Name(
        phones.index(church_id, number), names.tidy(event.first_name), names.tidy(event.last_name)
    )
    named = await unnamed_members.name(session, church_id, [name])
    if not named and not await _insert(session, event, name, number, phones):
        return
    [member_id] = named or {event.member_id}
    group_ids = await _known(session, church_id, event)
    await group_membership.join(
        session, church_id, [(group_id, member_id) for group_id in group_ids]
    )
    told = MemberUpdated if named else MemberCreated
    member = await members.get(session, member_id)
    await outbox.add(session, told(church_id=church_id, members=[members.snapshot(member)]))


async def _insert(
    session: AsyncSession, event: MemberRequested, name: Name, number: str, phones: Phones
) -> bool:
    return bool(
        await db.run(
            session,
            """
            INSERT INTO members (id, church_id, first_name, last_name, first_key, last_key,
                                 phone_sealed, phone_index, phone_last_four, phone_last_seven,
                                 zones, source)
            VALUES (:id, :church, :first_name, :last_name, :first_key, :last_key, :sealed, :index,
                    :phone_last_four, :phone_last_seven, :zones, 'staff')
            ON CONFLICT DO NOTHING
            """,
            {
                "id": event.member_id,
                "church": event.church_id,
                "first_name": name.first_name,
                "last_name": name.last_name,
                "first_key": names.key(name.first_name, name.last_name),
                "last_key": names.key(name.last_name, name.first_name),
                "sealed": event.sealed_phone,
                "index": name.phone_index,
                "zones": quiet_hours.phone_zones(number),
                **phone_endings.endings(phones, event.church_id, number)._asdict(),
            },
        )
    )


async def _known(session: AsyncSession, church_id: UUID, event: MemberRequested) -> list[UUID]:
    """Those of the event's groups that exist; they are not removed before the transaction ends."""
    known = await db.values(
        session,
        UUID,
        """
        SELECT id FROM groups WHERE church_id = :church AND id = ANY(CAST(:ids AS uuid[]))
           FOR KEY SHARE
        """,
        {"church": church_id, "ids": list(event.group_ids)},
    )
    if missing := set(event.group_ids) - set(known):
        log.warning("member_request.groups_unknown", groups=sorted(map(str, missing)))
    return known
