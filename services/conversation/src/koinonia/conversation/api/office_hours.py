"""``/api/office-hours``."""

from fastapi import APIRouter

from koinonia.common.web import TAGGED, CurrentAdmin, OwnerOrAdmin, ReadDep, SessionDep
from koinonia.conversation.automatic import office_hours
from koinonia.conversation.automatic.schemas import OfficeHours, OfficeHoursIn

router = APIRouter(prefix="/api/office-hours", tags=["office hours"])


@router.get("", summary="The office hours, and whether it is open now", dependencies=TAGGED)
async def read_office_hours(read: ReadDep, admin: CurrentAdmin) -> OfficeHours:
    return OfficeHours.from_office(await office_hours.of_church(read, admin.church_id))


@router.put("", summary="Set the office hours and what is answered outside of them")
async def set_office_hours(
    session: SessionDep, admin: OwnerOrAdmin, body: OfficeHoursIn
) -> OfficeHours:
    """A text that comes while the office is closed is answered once a day in each conversation."""
    await office_hours.change(
        session,
        admin.church_id,
        is_enabled=body.enabled,
        spans=[each.span for each in body.hours],
        answer=body.answer,
    )
    return OfficeHours.from_office(await office_hours.of_church(session, admin.church_id))
