"""What became of a message phone by phone, as a file.

It is read a page at a time, each in a transaction of its own: whoever downloads slowly holds no
connection. Pages are made one at a time, whoever asks for how many files.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from uuid import UUID

import structlog

from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.files import spreadsheet_cells
from koinonia.common.files.spreadsheet_cells import harmless
from koinonia.common.phone import Phones
from koinonia.messaging.broadcasts.views import message_views
from koinonia.messaging.composing import template_text
from koinonia.messaging.composing.template_text import Template
from koinonia.messaging.messages import queries
from koinonia.messaging.messages.queries import Message, Recipient
from koinonia.messaging.running import Running

PAGE = 500
COLUMNS = (
    *("memberId", "firstName", "lastName", "phone", "status", "failure", "reason", "parts"),
    *("sentAt", "settledAt", "content"),
)

log = structlog.get_logger()


async def pieces(
    running: Running, admin_id: UUID, message: Message, status: DeliveryStatus | None
) -> AsyncIterator[str]:
    """The file, in the order of joining. It is written down who took out how many."""
    template = template_text.accepted(message.content, message.merge_fields)
    after, rows = (-1, UUID(int=0)), 0
    yield spreadsheet_cells.lines([COLUMNS])
    try:
        while True:
            async with running.export_turn:
                async with running.database.transaction(message.church_id, bulk=True) as session:
                    found = await queries.recipients_after(session, message.id, status, after, PAGE)
                piece = await asyncio.to_thread(_lines, found, running.phones, template)
            if not found:
                return
            yield piece
            after, rows = (found[-1].batch, found[-1].id), rows + len(found)
    finally:
        log.info(
            "recipients.exported",
            church_id=str(message.church_id),
            admin_id=str(admin_id),
            message_id=str(message.id),
            rows=rows,
        )


def _lines(found: Sequence[Recipient], phones: Phones, template: Template) -> str:
    return spreadsheet_cells.lines(map(partial(_row, phones, template), found))


def _row(phones: Phones, template: Template, text: Recipient) -> tuple[str, ...]:
    shown = message_views.recipient(text, phones, template)
    return (
        str(shown.member_id or ""),
        harmless(shown.first_name or ""),
        harmless(shown.last_name or ""),
        shown.phone,
        shown.status,
        shown.failure.code if shown.failure else "",
        shown.failure.message if shown.failure else "",
        str(shown.parts),
        shown.sent_at.isoformat() if shown.sent_at else "",
        shown.settled_at.isoformat() if shown.settled_at else "",
        harmless(shown.content),
    )
