"""``/api/members/export``."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from koinonia.common import clock, db
from koinonia.common.web import ActionDep, OwnerOrAdmin
from koinonia.common.web.answer_headers import declared
from koinonia.messaging.api.people.members import PeopleAsked
from koinonia.messaging.api.people.shown_members import shown
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import member_export
from koinonia.messaging.people.filters import preparation
from koinonia.messaging.people.filters.people_filter import PeopleFilter
from koinonia.messaging.people.filters.people_query import BadFilter, PeopleQuery
from koinonia.messaging.people.members import Member
from koinonia.messaging.people.segments import segments

router = APIRouter(prefix="/api/members", tags=["people"])
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The members, one to a line",
            "content": {"text/csv": {}, "application/jsonl": {}},
            "headers": declared("Content-Disposition"),
        }
    },
)
async def export_members(
    running: RunningDep,
    admin: OwnerOrAdmin,
    asked: PeopleAsked,
    action: ActionDep,
    form: Annotated[
        Literal["csv", "jsonl"], Query(alias="format", description="CSV, or JSON to a line")
    ] = "csv",
    segment_id: Annotated[
        UUID | None, Query(alias="segmentId", description="of a segment, instead of a filter")
    ] = None,
) -> StreamingResponse:
    """Everybody of a filter or a segment, in the order of joining. The CSV has a column for each
    field of the church's own, can be imported again, and holds nothing that a spreadsheet carries
    out."""
    async with running.database.transaction(admin.church_id) as session:
        chosen = await _chosen(session, admin.church_id, asked, segment_id)
        wanted = await preparation.prepared(session, admin.church_id, chosen, running.phones)
        sheet = await member_export.sheet(session)
        action.details |= {"format": form, "filtered": wanted.sql != "true"}
        await action.record(session)

    def as_csv(members: Sequence[Member]) -> str:
        return member_export.csv_rows(members, sheet, running.phones)

    def as_json(members: Sequence[Member]) -> str:
        each = (shown(member, running.phones).model_dump_json(by_alias=True) for member in members)
        return "".join(f"{line}\n" for line in each)

    encode, head = (as_csv, sheet.head) if form == "csv" else (as_json, "")
    pieces = member_export.pieces(
        running, admin.church_id, admin.admin_id, wanted, sheet, encode, form
    )
    name = f"members-{clock.now():%Y-%m-%d}.{form}"
    return StreamingResponse(
        _with_head(head, pieces),
        media_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _chosen(
    session: db.Session, church_id: UUID, asked: PeopleQuery, segment_id: UUID | None
) -> PeopleFilter:
    """Raises ``BadFilter`` where both say something."""
    wanted = asked.wanted()
    if segment_id is None:
        return wanted
    if wanted != PeopleFilter():
        raise BadFilter("A segment has its own filter. Send segmentId or a filter, not both.")
    segment = await segments.get(session, segment_id)
    await segments.check(session, church_id, segment)
    return segments.wanted(segment)


async def _with_head(head: str, pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    if head:
        yield head
    async for piece in pieces:
        yield piece
