"""Making a message: its row, its recipients, its batches and the event, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.common import clock, db, outbox
from koinonia.common.events.messaging import MessageCreated, MessageKind
from koinonia.common.identity import Identity
from koinonia.messaging.broadcasts import batches, idempotency, recipients, senders, watching
from koinonia.messaging.broadcasts.schemas import SendRequest, Sent
from koinonia.messaging.broadcasts.statuses import MessageStatus
from koinonia.messaging.errors import (
    EmptyText,
    NoReachableMembers,
    SchedulingNotAvailable,
    TextTooLong,
)
from koinonia.messaging.people import audience

SCOPE = "messages.send"


async def create(
    session: AsyncSession, identity: Identity, request: SendRequest, key: str | None
) -> Sent:
    """Accept a broadcast. Nothing is sent before billing approves it.

    The same ``key`` with the same request is answered as it was the first time.
    """
    parts = _parts(request)
    church_id, message_id = identity.church_id, db.uuid7()
    if key is not None:
        earlier = await idempotency.claimed_before(
            session, church_id, SCOPE, key, request, message_id
        )
        if earlier is not None:
            return await _as_answered(session, earlier)
    await audience.check_targets(session, church_id, request.target_type, request.target_ids)
    number = await senders.active(session, church_id)
    total = await recipients.place(
        session, church_id, message_id, request.target_type, request.target_ids, parts
    )
    excluded = await audience.opted_out(session, church_id, request.target_type, request.target_ids)
    if not total:
        raise _nobody(excluded)
    await insert(
        session,
        {
            "id": message_id,
            "church": church_id,
            "kind": MessageKind.BROADCAST,
            "content": request.content,
            "media_urls": request.media_urls,
            "target_type": request.target_type,
            "target_ids": request.target_ids,
            "sender": number.phone_number,
            "carrier": number.carrier,
            "profile": number.profile_id,
            "recipients": total,
            "excluded": excluded,
            "parts": total * parts,
            "admin": identity.admin_id,
        },
    )
    await batches.cut(session, church_id, message_id, total, batches.Lane.BROADCAST)
    await announce(session, church_id, message_id, MessageKind.BROADCAST, total, total * parts)
    return Sent(id=message_id, status=MessageStatus.PENDING, total_recipients=total)


async def insert(session: AsyncSession, values: dict[str, Any]) -> bool:
    """The row of a message whose recipients are all pending; False if the id exists."""
    inserted = await db.run(
        session,
        """
        INSERT INTO messages (id, church_id, kind, content, media_urls, target_type, target_ids,
                              sender, carrier, carrier_profile_id, total_recipients,
                              pending_count, excluded_opted_out, parts_estimated, created_by,
                              created_at)
        VALUES (:id, :church, :kind, :content, :media_urls, :target_type, :target_ids, :sender,
                :carrier, :profile, :recipients, :recipients, :excluded, :parts, :admin, :now)
        ON CONFLICT DO NOTHING
        """,
        values | {"now": clock.now()},
    )
    if inserted:
        await watching.begin(session, values["church"], values["id"])
    return inserted == 1


async def announce(
    session: AsyncSession,
    church_id: UUID,
    message_id: UUID,
    kind: MessageKind,
    recipients: int,
    parts: int,
    created_at: datetime | None = None,
) -> None:
    """Ask for approval; ``parts`` is the estimate for all recipients together.

    Its id follows from the message's. So it can be said again, with the ``created_at`` of the
    message, and who has heard it does nothing.
    """
    await outbox.add(
        session,
        MessageCreated(
            id=uuid5(message_id, MessageCreated.name),
            occurred_at=created_at or clock.now(),
            church_id=church_id,
            message_id=message_id,
            kind=kind,
            recipients=recipients,
            parts=parts,
        ),
    )


def parts_of(content: str, media_urls: Sequence[str]) -> int:
    """What one text will cost. A text with media is not cut up and counts as one part."""
    return 1 if media_urls else segments.measure(content).parts


def _parts(request: SendRequest) -> int:
    if request.scheduled_at is not None:
        raise SchedulingNotAvailable
    if not request.content.strip() and not request.media_urls:
        raise EmptyText
    parts = parts_of(request.content, request.media_urls)
    if len(request.content) > segments.MAX_CHARACTERS or parts > segments.MAX_PARTS:
        raise TextTooLong(
            f"The text has {len(request.content)} characters, which is {parts} parts. Shorten it "
            f"to {segments.MAX_CHARACTERS} characters and {segments.MAX_PARTS} parts; emoji and "
            "unusual letters make parts shorter.",
            details={"characters": len(request.content), "parts": parts},
        )
    return parts


async def _as_answered(session: AsyncSession, message_id: UUID) -> Sent:
    row = await db.first(
        session, "SELECT total_recipients FROM messages WHERE id = :id", {"id": message_id}
    )
    assert row is not None
    return Sent(id=message_id, status=MessageStatus.PENDING, total_recipients=row.total_recipients)


def _nobody(opted_out: int) -> NoReachableMembers:
    if not opted_out:
        return NoReachableMembers()
    people = "The one phone" if opted_out == 1 else f"All {opted_out} phones"
    return NoReachableMembers(
        f"{people} of this target asked not to be texted. They can text START to come back.",
        details={"optedOut": opted_out},
    )
