"""A confirmation: our own answer to STOP, START or HELP, a message of its own kind.

It takes the lane of replies, comes from the number that was texted, and is the one text that
passes a STOP. The database holds who was told what, so that a second one is never sent.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common.events.messaging import MessageKind
from koinonia.messaging.broadcasts.accepting import acceptance, replies
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages import batches
from koinonia.messaging.numbers import senders
from koinonia.messaging.people.audience import TargetType


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
    parts = acceptance.parts_of(confirmation.text, ())
    values = {
        "id": confirmation.id,
        "church": church_id,
        "kind": MessageKind.CONFIRMATION,
        "content": confirmation.text,
        "media_urls": [],
        "target_type": TargetType.INDIVIDUAL,
        "target_ids": [],
        "sender": number.phone_number,
        "carrier": number.carrier,
        "profile": number.profile_id,
        "recipients": 1,
        "parts": parts,
        "admin": None,
    }
    if not await acceptance.insert(session, values):
        return  # the same text, heard twice
    await replies.recipient(
        session,
        church_id,
        confirmation.id,
        confirmation.phone_index,
        confirmation.phone_sealed,
        parts,
    )
    await batches.cut(session, church_id, confirmation.id, 1, Lane.REPLY)
    await acceptance.announce(
        session, church_id, confirmation.id, MessageKind.CONFIRMATION, recipients=1, parts=parts
    )
