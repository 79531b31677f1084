"""``POST /api/messages/test``."""

from fastapi import APIRouter

from koinonia.common.web import CreatingRoute, IdempotencyKey, SessionDep, StaffOrAbove
from koinonia.messaging.broadcasts.accepting import own_tests
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.messages.own_test_schemas import AcceptedTest, SendTestRequest

router = APIRouter(prefix="/api/messages", tags=["messages"], route_class=CreatingRoute)


@router.post("/test", status_code=202)
async def send_test(
    request: SendTestRequest,
    session: SessionDep,
    running: RunningDep,
    admin: StaffOrAbove,
    idempotency_key: IdempotencyKey,
) -> AcceptedTest:
    """Text yourself what a broadcast would look like. It keeps all rules but quiet hours and the
    weekly budget, costs its parts, and is in no list or count of broadcasts. At most 20 within 24
    hours."""
    return await own_tests.create(session, admin, request, running.phones)
