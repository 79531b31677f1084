"""The same work on many threads."""

from fastapi import APIRouter

from koinonia.common.web import SessionDep, StaffOrAbove
from koinonia.conversation.actions import bulk_changes
from koinonia.conversation.actions.schemas import BulkChange, BulkOutcome

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.post("/bulk", summary="Do the same with up to 200 conversations")
async def change_conversations(
    session: SessionDep, admin: StaffOrAbove, given: BulkChange
) -> BulkOutcome:
    """All or none of it. Ids of no conversation are named in the answer, and passed over unless
    none is left (404)."""
    outcome = await bulk_changes.apply(session, admin, given.ids, given.change())
    return BulkOutcome(
        changed=len(outcome.changed),
        unchanged=len(outcome.found) - len(outcome.changed),
        not_found=outcome.missing,
    )
