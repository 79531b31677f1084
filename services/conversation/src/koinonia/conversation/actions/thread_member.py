"""The member who texts in a thread: one of those known on the phone, or somebody new."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db, outbox
from koinonia.common.events.conversation import MemberRequested
from koinonia.common.identity import Identity
from koinonia.conversation.errors import AlreadyKnown, NotOnThisPhone
from koinonia.conversation.threads import threads, updates
from koinonia.conversation.threads.threads import Thread
from koinonia.conversation.threads.vocabulary import Reason


class _Contact(NamedTuple):
    member_id: UUID
    first_name: str
    last_name: str
    is_former: bool


async def pin(session: AsyncSession, thread: Thread, member_id: UUID | None) -> None:
    """Show this one as the person who texts; None: the first by name."""
    if member_id == thread.pinned_member_id:
        return
    known = {row.member_id for row in await _known(session, thread)}
    if member_id is not None and member_id not in known:
        raise NotOnThisPhone
    await db.run(
        session,
        "UPDATE conversations SET pinned_member_id = :member WHERE id = :id",
        {"id": thread.id, "member": member_id},
    )
    await updates.publish(session, thread, Reason.PINNED)


async def request(
    session: AsyncSession,
    admin: Identity,
    thread_id: UUID,
    first_name: str,
    last_name: str,
    group_ids: Sequence[UUID],
) -> UUID:
    """Ask messaging for a member of this phone; returns the id that the member will have: that of
    a member who came by a keyword and has no name yet, else a new one."""
    thread = await threads.locked(session, admin.church_id, thread_id)
    known = await _known(session, thread)
    member_id = next(
        (row.member_id for row in known if not (row.first_name or row.is_former)), db.uuid7()
    )
    wanted = (first_name.casefold(), last_name.casefold())
    if wanted in {(row.first_name.casefold(), row.last_name.casefold()) for row in known}:
        raise AlreadyKnown
    event = MemberRequested(
        church_id=admin.church_id,
        member_id=member_id,
        conversation_id=thread_id,
        admin_id=admin.admin_id,
        sealed_phone=thread.phone_sealed,
        first_name=first_name,
        last_name=last_name,
        group_ids=tuple(group_ids),
    )
    await outbox.add(session, event)
    return member_id


async def _known(session: AsyncSession, thread: Thread) -> list[_Contact]:
    """Who is known on the phone of the thread."""
    return await db.rows(
        session,
        _Contact,
        """
        SELECT member_id, first_name, last_name, is_former FROM known_people
         WHERE church_id = :church AND phone_index = :index
        """,
        {"church": thread.church_id, "index": thread.phone_index},
    )
