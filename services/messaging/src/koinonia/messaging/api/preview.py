"""The route of previews."""

from fastapi import APIRouter

from koinonia.common.web import ActionDep, SessionDep, StaffOrAbove
from koinonia.messaging import audited
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.messages import drafts
from koinonia.messaging.messages.schemas import SendRequest
from koinonia.messaging.preview import previews
from koinonia.messaging.preview.schemas import Preview
from koinonia.messaging.schedules import requested_time

router = APIRouter(prefix="/api/messages", tags=["messages"])


@router.post("/preview")
async def preview_message(
    request: SendRequest,
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    action: ActionDep,
) -> Preview:
    """What sending this would do: who gets it, who does not and why, what it costs, and when it is
    through. Sends nothing. Takes what ``POST /api/messages/send`` takes; send with ``previewHash``
    to be told when that has changed meanwhile."""
    draft = await drafts.from_request(session, admin.church_id, request, running.phones)
    at = None
    if requested_time.is_given(request):
        at = (await requested_time.checked(session, admin.church_id, request)).first.at
    preview = await previews.make(session, running.settings, admin.church_id, draft, at)
    audited.describe_preview(action, preview)
    return preview
