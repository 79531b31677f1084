"""``/api/segments``: filters of people that a church saves under a name."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from koinonia.common import db, web
from koinonia.common.identity import Identity, Role
from koinonia.common.web import (
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)
from koinonia.messaging.api.people.members import PeopleOrder
from koinonia.messaging.api.people.shown_members import shown_json
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import directory
from koinonia.messaging.people.filters import preparation
from koinonia.messaging.people.filters.preparation import Missing
from koinonia.messaging.people.filters.shown_filter import FilterOut
from koinonia.messaging.people.schemas import MemberOut
from koinonia.messaging.people.segments import segments
from koinonia.messaging.people.segments.segment_schemas import (
    CountedSegment,
    MissingOut,
    SegmentChange,
    SegmentIn,
    SegmentOut,
)
from koinonia.messaging.people.segments.segments import Segment
from koinonia.messaging.running import Running

router = APIRouter(prefix="/api/segments", tags=["people"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]


@router.get("", response_model=Page[SegmentOut])
async def list_segments(read: ReadDep, admin: CurrentAdmin, params: PageQuery) -> Response:
    """The church's segments by name."""
    found = await segments.page(read, params)
    missing = await segments.missing(read, admin.church_id, found.data)
    return web.json_page(found, lambda segment: _shown(segment, missing[segment.id]))


@router.post("", status_code=201, dependencies=STAFF)
async def create_segment(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    body: SegmentIn,
    idempotency_key: IdempotencyKey,
) -> CountedSegment:
    """Save a filter. Whom it means is looked up each time that it is used."""
    segment = await segments.create(
        session, admin.church_id, admin.admin_id, body.name, body.filter
    )
    return await _counted(session, admin, running, segment)


@router.get("/{segment_id}")
async def read_segment(
    read: ReadDep, admin: CurrentAdmin, running: RunningDep, segment_id: UUID
) -> CountedSegment:
    """One segment, with how many people it means now."""
    return await _counted(read, admin, running, await segments.get(read, segment_id))


@router.get("/{segment_id}/members", response_model=Page[MemberOut])
async def list_members_of_segment(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    segment_id: UUID,
    params: PageQuery,
    order: PeopleOrder = "newest",
) -> Response:
    """Whom it means now, as GET /api/members shows them; whether they may be texted or not."""
    segment = await segments.get(read, segment_id)
    await segments.check(read, admin.church_id, segment)
    wanted = await preparation.prepared(
        read, admin.church_id, segments.wanted(segment), running.phones
    )
    found = await directory.page(read, params, wanted, by_name=order == "name")
    return web.json_page(found, lambda member: shown_json(member, running.phones))


@router.patch("/{segment_id}", dependencies=STAFF)
async def change_segment(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    segment_id: UUID,
    body: SegmentChange,
) -> CountedSegment:
    """Change its name or its filter. A schedule for it goes to whom it then means; a message that
    was made stays as it is."""
    segment = await segments.change(session, admin.church_id, segment_id, body.name, body.filter)
    return await _counted(session, admin, running, segment)


@router.delete("/{segment_id}", status_code=204, dependencies=STAFF)
async def remove_segment(session: SessionDep, admin: CurrentAdmin, segment_id: UUID) -> Response:
    """Remove a segment, unless a scheduled message is for it."""
    await segments.remove(session, segment_id)
    return Response(status_code=204)


async def _counted(
    session: db.Session, admin: Identity, running: Running, segment: Segment
) -> CountedSegment:
    missing = (await segments.missing(session, admin.church_id, [segment]))[segment.id]
    count = None
    if missing is None:
        wanted = await preparation.prepared(
            session, admin.church_id, segments.wanted(segment), running.phones
        )
        count = await directory.count(session, wanted)
    return CountedSegment(**dict(_shown(segment, missing)), member_count=count)


def _shown(segment: Segment, missing: Missing | None) -> SegmentOut:
    return SegmentOut(
        id=segment.id,
        name=segment.name,
        filter=FilterOut.model_validate(segment.filter),
        missing=MissingOut(**missing._asdict()) if missing else None,
        created_at=segment.created_at,
        updated_at=segment.updated_at,
    )
