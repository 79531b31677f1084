"""Broadcasts of one phone as clients see them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.schema import Schema
from koinonia.messaging.broadcasts.views import message_views
from koinonia.messaging.composing import template_text
from koinonia.messaging.messages.received_broadcasts import Received
from koinonia.messaging.messages.schemas import RecipientFailure


class ReceivedItem(Schema):
    """A broadcast as this phone got it. ``createdBy`` is who of the team sent or scheduled it."""

    message_id: UUID
    content: str
    media_urls: list[str]
    from_number: str
    status: DeliveryStatus
    failure: RecipientFailure | None
    parts: int
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    created_by: UUID | None
    schedule_id: UUID | None
    is_test: bool

    @classmethod
    def from_row(cls, text: Received) -> Self:
        template = template_text.accepted(text.content, text.merge_fields)
        return cls(
            message_id=text.id,
            content=template.render(text.merge_values or ()),
            media_urls=text.media_urls,
            from_number=text.sender,
            status=DeliveryStatus(text.status),
            failure=message_views.failure(text.failure),
            parts=text.parts_billed,
            created_at=text.created_at,
            sent_at=text.sent_at,
            settled_at=text.settled_at,
            created_by=text.created_by,
            schedule_id=text.schedule_id,
            is_test=text.is_test,
        )
