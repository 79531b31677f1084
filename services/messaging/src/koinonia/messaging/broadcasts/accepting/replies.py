"""An answer to one person: a message of its own kind, with one recipient, on its own lane.

Its id is that of its line in the thread, so the thread follows it by the same events as everyone
follows a broadcast. What cannot be sent is made all the same, and is over at once: the thread
shows why.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.carriers.failures import Failure
from koinonia.common import db
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.messaging import DeliveryStatus, MessageKind, OwnFailure
from koinonia.messaging.broadcasts.accepting import acceptance
from koinonia.messaging.broadcasts.accepting.acceptance import NewMessage
from koinonia.messaging.broadcasts.accepting.recipients import UUID7
from koinonia.messaging.broadcasts.tracking import text_updates
from koinonia.messaging.broadcasts.tracking.text_updates import TextNews
from koinonia.messaging.lanes import Lane
from koinonia.messaging.messages import batches
from koinonia.messaging.messages.batches import Cut
from koinonia.messaging.numbers import senders
from koinonia.messaging.numbers.senders import Sender
from koinonia.messaging.people.consent import ledger
from koinonia.messaging.running import Running


async def create(running: Running, session: AsyncSession, event: ReplyRequested) -> None:
    """Make the message of a reply and ask for approval, or settle it at once."""
    phone = running.phones.open(event.sealed_phone)
    index = running.phones.index(event.church_id, phone)
    number = await senders.usable(session, event.church_id, event.sender)
    parts = acceptance.estimated_parts(event.text, event.media_urls)
    if not await acceptance.insert(session, _message(event, number, parts)):
        return  # the same reply, asked for twice
    recipient_id = await insert_recipient(
        session, event.church_id, event.reply_id, index, event.sealed_phone, parts
    )
    if obstacle := await _obstacle(session, event, index, number, parts):
        await text_updates.apply(session, event.church_id, [_not_sent(recipient_id, obstacle)])
        return
    await batches.cut(session, event.church_id, [Cut(event.reply_id, 1, Lane.REPLY)])
    await acceptance.announce(
        session, event.church_id, event.reply_id, MessageKind.REPLY, recipients=1, parts=parts
    )


async def _obstacle(
    session: AsyncSession, event: ReplyRequested, index: str, number: Sender | None, parts: int
) -> str | None:
    if number is None:
        is_cut_off = await senders.is_disconnected(session, event.church_id, event.sender)
        return OwnFailure.NUMBER_DISCONNECTED if is_cut_off else OwnFailure.NO_ACTIVE_NUMBER
    if len(event.text) > segments.MAX_CHARACTERS or parts > segments.MAX_PARTS:
        return Failure.TOO_LONG
    known = await ledger.state(session, event.church_id, index)
    if known is None:
        return OwnFailure.NO_CONSENT if event.begins else None
    return Failure.OPTED_OUT if known.is_revoked else None


def _message(event: ReplyRequested, number: Sender | None, parts: int) -> NewMessage:
    return NewMessage(
        id=event.reply_id,
        church_id=event.church_id,
        kind=MessageKind.REPLY,
        content=event.text,
        media_urls=event.media_urls,
        sender=event.sender,
        carrier=number.carrier if number else "",
        profile_id=number.carrier_profile_id if number else None,
        parts=parts,
        created_by=event.admin_id,
    )


async def insert_recipient(
    session: AsyncSession,
    church_id: UUID,
    message_id: UUID,
    phone_index: str,
    phone_sealed: str,
    parts: int,
) -> UUID:
    """The one text of a message to one phone, whoever shares it; returns its id."""
    recipient_id = await db.value(
        session,
        UUID,
        f"""
        INSERT INTO message_recipients (id, church_id, message_id, batch, member_id, member_ids,
                                        phone_index, phone_sealed, parts_estimated)
        SELECT {UUID7}, :church, :message, 0, (array_agg(id ORDER BY id))[1],
               coalesce(array_agg(id ORDER BY id), '{{}}'), :index, :sealed, :parts
          FROM members WHERE church_id = :church AND phone_index = :index
        RETURNING id
        """,
        {
            "church": church_id,
            "message": message_id,
            "index": phone_index,
            "sealed": phone_sealed,
            "parts": parts,
        },
    )
    assert recipient_id is not None
    return recipient_id


def _not_sent(recipient_id: UUID, obstacle: str) -> TextNews:
    skipped = obstacle in (Failure.OPTED_OUT, OwnFailure.NO_CONSENT)
    return TextNews(
        recipient_id=recipient_id,
        status=DeliveryStatus.SKIPPED if skipped else DeliveryStatus.FAILED,
        failure=obstacle,
    )
