"""Begin a conversation: staff text a person first, or open an empty thread to do so later."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import db
from koinonia.common.errors import AppError
from koinonia.common.identity import Identity
from koinonia.common.phone import Phones
from koinonia.conversation.actions.errors import (
    NoActiveNumber,
    NoConsent,
    NoSuchNumber,
    NoSuchPhone,
    NotTextable,
    OwnNumber,
)
from koinonia.conversation.replies import staff_replies
from koinonia.conversation.replies.outgoing_lines import Outgoing
from koinonia.conversation.replies.recipients import Target
from koinonia.conversation.threads import first_texts, phone_pieces, threads, updates
from koinonia.conversation.threads.threads import OpenedThread
from koinonia.conversation.threads.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """What messaging knows of a phone. ``consent`` is granted, revoked or none; ``unreachable`` why
    a carrier takes no texts for it, landline or invalid."""

    phone: str = field(repr=False)
    consent: str
    unreachable: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """The thread, and the line that it was begun with, if any."""

    thread: OpenedThread
    line: Outgoing | None


class _Number(NamedTuple):
    phone_number: str


async def begin(
    session: AsyncSession,
    admin: Identity,
    phones: Phones,
    standing: Standing,
    number_id: UUID | None,
    text: str | None,
) -> Begun:
    """The thread of the phone with the number ``number_id`` of ours, or with whichever of ours
    there is one, the newest; else a new one. A text goes the road of every reply."""
    if await _is_ours(session, admin.church_id, standing.phone):
        raise OwnNumber
    index = phones.index(admin.church_id, standing.phone)
    ours = await _our_number(session, admin.church_id, index, number_id)
    sealed = phones.seal(standing.phone)
    thread = await threads.open_for(session, admin.church_id, ours, index, sealed)
    if thread.is_new:
        await phone_pieces.store(session, admin.church_id, phones, {thread.id: sealed})
    if text is None:
        if thread.is_new:
            await updates.publish(session, thread, Reason.BEGUN, is_new=True)
        return Begun(thread, None)
    target = Target(thread, thread.is_new)
    if obstacle := await _obstacle(session, thread, standing):
        raise obstacle
    return Begun(thread, await staff_replies.create(session, admin, target, text, ()))


async def _our_number(
    session: AsyncSession, church_id: UUID, phone_index: str, number_id: UUID | None
) -> str:
    """Of the church's numbers of now: the one that is asked for, that of the newest thread of the
    phone, or the first one."""
    found = await db.first(
        session,
        _Number,
        """
        SELECT r.phone_number FROM number_routes AS r
          LEFT JOIN conversations AS c
            ON c.church_id = r.church_id AND c.our_number = r.phone_number
           AND c.phone_index = :index
         WHERE r.church_id = :church AND r.valid_from IS NOT NULL AND r.valid_to IS NULL
           AND r.number_id = coalesce(:number, r.number_id)
         ORDER BY c.last_message_at DESC NULLS LAST, r.valid_from, r.number_id LIMIT 1
        """,
        {"church": church_id, "index": phone_index, "number": number_id},
    )
    if found is None:
        raise NoActiveNumber if number_id is None else NoSuchNumber
    return found.phone_number


async def _is_ours(session: AsyncSession, church_id: UUID, phone: str) -> bool:
    return await db.exists(
        session,
        """
        SELECT 1 FROM number_routes
         WHERE church_id = :church AND phone_number = :phone AND valid_to IS NULL
        """,
        {"church": church_id, "phone": phone},
    )


async def _obstacle(
    session: AsyncSession, thread: OpenedThread, standing: Standing
) -> type[AppError] | None:
    """Why no text may go to the phone; a stop is refused as of every reply."""
    if standing.unreachable == "invalid":
        return NoSuchPhone
    if standing.unreachable is not None:
        return NotTextable
    if standing.consent != "none":
        return None
    has_texted = await first_texts.has_texted(session, thread.church_id, thread.phone_index)
    return None if has_texted else NoConsent
