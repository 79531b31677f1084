"""A line that goes out of a thread, whoever wrote it, and the request to messaging to send it.

The line's id is the id of the message that messaging makes of it. The thread keeps its status: a
farewell does not open what was closed; the person's next text does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.carriers import segments
from koinonia.common import clock, db, outbox, visible_text
from koinonia.common.errors import AppError
from koinonia.common.events.conversation import ReplyRequested
from koinonia.common.events.messaging import DeliveryStatus
from koinonia.conversation.errors import (
    EmptyText,
    NumberReleased,
    RecipientOptedOut,
    StopRecorded,
    TextTooLong,
)
from koinonia.conversation.projections import part_prices
from koinonia.conversation.threads import first_texts, media_summary, threads, updates
from koinonia.conversation.threads.media_summary import Summary
from koinonia.conversation.threads.vocabulary import Direction, LineSource, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(threads.Message):
    """``admin_id`` is None where nobody wrote it; ``price`` is USD, None while it is not known."""

    source: LineSource
    admin_id: UUID | None
    parts: int
    price: Decimal | None


def part_count(content: str, media_urls: Sequence[str]) -> int:
    """A text with media is not cut up and counts as one part."""
    return 1 if media_urls else segments.measure(content).parts


def check(content: str, media_urls: Sequence[str]) -> None:
    """Raises ``EmptyText`` and ``TextTooLong`` for what no carrier takes."""
    if visible_text.is_empty(content) and not media_urls:
        raise EmptyText
    if len(content) > segments.MAX_CHARACTERS:
        raise TextTooLong(
            f"The text has {len(content):,} characters. Shorten it to {segments.MAX_CHARACTERS:,}."
        )
    if (parts := part_count(content, media_urls)) > segments.MAX_PARTS:
        raise TextTooLong(
            f"The text takes {parts} parts and a phone gets at most {segments.MAX_PARTS}. Shorten "
            "it, or leave out emoji and unusual letters: with them a part holds half as much."
        )


RECORDED = ("staff", "web_form", "import", "unsettled")
"""Sources of a stop that the phone itself did not text: staff may take it back with a reason."""


class _Way(NamedTuple):
    stop_source: str | None  # how a stop of the phone is known; null while there is none
    is_ours: bool


async def obstacle(session: AsyncSession, thread: threads.Thread) -> type[AppError] | None:
    """Why no text may go from our number to their phone; messaging checks again when it sends."""
    way = await db.first(
        session,
        _Way,
        """
        SELECT (SELECT coalesce(source, '') FROM opt_outs
                 WHERE church_id = :church AND phone_index = :index AND is_opted_out)
                   AS stop_source,
               EXISTS (SELECT FROM number_routes
                        WHERE phone_number = :our_number AND church_id = :church
                          AND valid_from IS NOT NULL AND valid_to IS NULL) AS is_ours
        """,
        {
            "church": thread.church_id,
            "index": thread.phone_index,
            "our_number": thread.our_number,
        },
    )
    assert way is not None
    if way.stop_source is not None:
        return StopRecorded if way.stop_source in RECORDED else RecipientOptedOut
    return None if way.is_ours else NumberReleased


async def post(
    session: AsyncSession,
    thread: threads.Thread,
    content: str,
    media_urls: Sequence[str],
    *,
    source: LineSource,
    message_id: UUID | None = None,
    admin_id: UUID | None = None,
    media: Summary | None = None,
    is_new: bool = False,
) -> Outgoing:
    """Add the line to the locked thread, which ``is_new`` where it begins with it, and request
    that it is sent. ``media`` is told by the addresses where it is not given."""
    parts = part_count(content, media_urls)
    part_price = await part_prices.part_price(session, thread.church_id)
    line = Outgoing(
        id=message_id or db.uuid7(),
        church_id=thread.church_id,
        direction=Direction.OUTBOUND,
        content=content,
        media_urls=media_urls,
        status=DeliveryStatus.PENDING,
        occurred_at=clock.now(),
        media=media or media_summary.by_addresses(media_urls),
        source=source,
        admin_id=admin_id,
        parts=parts,
        price=None if part_price is None else parts * part_price,
    )
    begins = await _insert(session, thread, line)
    await threads.promote(session, thread.id, line)
    await _request_sending(session, thread, line, begins=begins)
    await updates.publish(session, thread, Reason.REPLIED, line, is_new=is_new)
    return line


async def _insert(session: AsyncSession, thread: threads.Thread, line: Outgoing) -> bool:
    """Whether nobody has texted from this phone."""
    begins = await db.value(
        session,
        bool,
        f"""
        INSERT INTO conversation_messages (id, church_id, conversation_id, direction, content,
                                           media_urls, media_kind, media_count, status,
                                           admin_id, source, parts, price, occurred_at, is_read)
        VALUES (:id, :church, :thread, 'outbound', :content, CAST(:media AS text[]), :media_kind,
                :media_count, :status, :admin, :source, :parts, :price, :at, true)
        RETURNING NOT {first_texts.HAS_TEXTED}
        """,
        {
            "id": line.id,
            "church": line.church_id,
            "thread": thread.id,
            "index": thread.phone_index,
            "content": line.content,
            "media": list(line.media_urls),
            "media_kind": line.media.kind,
            "media_count": line.media.count,
            "status": line.status,
            "admin": line.admin_id,
            "source": line.source,
            "parts": line.parts,
            "price": line.price,
            "at": line.occurred_at,
        },
    )
    return bool(begins)


async def _request_sending(
    session: AsyncSession, thread: threads.Thread, line: Outgoing, *, begins: bool
) -> None:
    event = ReplyRequested(
        church_id=thread.church_id,
        reply_id=line.id,
        conversation_id=thread.id,
        admin_id=line.admin_id,
        sender=thread.our_number,
        sealed_phone=thread.phone_sealed,
        text=line.content,
        media_urls=tuple(line.media_urls),
        begins=begins,
    )
    await outbox.add(session, event)
