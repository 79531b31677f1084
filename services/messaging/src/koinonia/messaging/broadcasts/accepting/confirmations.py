"""A confirmation: our own answer to STOP, START or HELP, a message of its own kind.

It takes the lane of replies, comes from the number that was texted, and is the one text that
passes a STOP. The database holds who was told what, so that a second one is never sent.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.events.messaging import MessageKind
from koinonia.messaging.broadcasts.accepting import acceptance, replies
from koinonia.messaging.broadcasts.accepting.acceptance import NewMessage
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.batches import Cut
from koinonia.messaging.numbers import senders


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    id: UUID
    sender: str  # our number, E.164
    phone_index: str
    phone_sealed: str = field(repr=False)
    text: str = field(repr=False)


async def create(session: AsyncSession, church_id: UUID, confirmation: Confirmation) -> None:
    """Make its message and ask for approval. Our number must be ``senders.usable``."""
    number = await senders.usable(session, church_id, confirmation.sender)
    assert number is not None
    parts = acceptance.estimated_parts(confirmation.text, ())
    message = NewMessage(
        id=confirmation.id,
        church_id=church_id,
        kind=MessageKind.CONFIRMATION,
        content=confirmation.text,
        sender=number.phone_number,
        carrier=number.carrier,
        profile_id=number.carrier_profile_id,
        parts=parts,
    )
    if not await acceptance.insert(session, message):
        return  # the same text, heard twice
    await replies.insert_recipient(
        session,
        church_id,
        confirmation.id,
        confirmation.phone_index,
        confirmation.phone_sealed,
        parts,
    )
    await batches.cut(session, church_id, [Cut(confirmation.id, 1, Lane.REPLY)])
    await acceptance.announce(
        session, church_id, confirmation.id, MessageKind.CONFIRMATION, recipients=1, parts=parts
    )
