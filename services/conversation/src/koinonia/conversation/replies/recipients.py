"""To whom a reply goes: the phone of its conversation, or another one that a group text went to."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import phone
from koinonia.common.phone import Phones
from koinonia.conversation.listing.schemas import ReplyChoice
from koinonia.conversation.replies.errors import (
    NothingSaidYet,
    RecipientNotChosen,
    RecipientNotInGroup,
    RecipientUnknown,
)
from koinonia.conversation.threads import group_recipients, phone_pieces, threads
from koinonia.conversation.threads.threads import Thread


class Target(NamedTuple):
    """The locked thread that a reply goes into."""

    thread: Thread
    is_new: bool


async def target(
    session: AsyncSession,
    phones: Phones,
    church_id: UUID,
    thread_id: UUID,
    recipient: str | None,
    *,
    for_later: bool = False,
) -> Target:
    """The thread of the recipient. Raises ``RecipientNotChosen`` where nobody is given and the
    newest text is a group text that nobody answered. A reply that is to wait needs a thread."""
    if recipient is None:
        thread = await threads.locked(session, church_id, thread_id)
        choice = await group_recipients.unanswered(session, church_id, thread_id)
        if choice:
            shown = ReplyChoice.from_json(choice, phones)
            raise RecipientNotChosen(details=shown.model_dump(mode="json", by_alias=True))
        return Target(thread, False)
    thread = await threads.unlocked(session, church_id, thread_id)
    index = phones.index(church_id, phone.parse(recipient))
    if index == thread.phone_index:
        return Target(await threads.locked(session, church_id, thread_id), False)
    return await _other(session, phones, thread, index, for_later=for_later)


async def _other(
    session: AsyncSession, phones: Phones, beside: Thread, phone_index: str, *, for_later: bool
) -> Target:
    """The thread of somebody else of the group; only that one is locked."""
    church_id = beside.church_id
    found = await group_recipients.participant(session, church_id, beside.id, phone_index)
    if found is None:
        raise RecipientNotInGroup
    if not found.is_known:
        raise RecipientUnknown
    opened = await threads.open_for(
        session, church_id, beside.our_number, phone_index, found.phone_sealed
    )
    if opened.is_new:
        if for_later:
            raise NothingSaidYet
        sealed = {opened.id: found.phone_sealed}
        await phone_pieces.store(session, church_id, phones, sealed)
    return Target(opened, opened.is_new)
