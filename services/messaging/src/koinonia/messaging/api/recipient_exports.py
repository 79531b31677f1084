"""``/api/messages/{id}/recipients/export``."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from koinonia.common.events.messaging import DeliveryStatus
from koinonia.common.web import ActionDep, OwnerOrAdmin
from koinonia.common.web.answer_headers import declared
from koinonia.messaging.broadcasts.views import recipient_export
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.messages import queries

router = APIRouter(prefix="/api/messages", tags=["messages"])


@router.get(
    "/{message_id}/recipients/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The phones, one to a line",
            "content": {"text/csv": {}},
            "headers": declared("Content-Disposition"),
        }
    },
)
async def export_recipients(
    running: RunningDep,
    admin: OwnerOrAdmin,
    message_id: UUID,
    action: ActionDep,
    status: DeliveryStatus | None = None,
) -> StreamingResponse:
    """What became of the message phone by phone, as CSV; it holds nothing that a spreadsheet
    carries out."""
    async with running.database.transaction(admin.church_id) as session:
        message = await queries.message(session, message_id)
        await action.record(session)
    name = f"recipients-{message.created_at:%Y-%m-%d}.csv"
    return StreamingResponse(
        recipient_export.pieces(running, admin.admin_id, message, status),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
