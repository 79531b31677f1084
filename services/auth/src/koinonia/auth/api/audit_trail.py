"""``/api/audit``: what was done in the church, by whom."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from koinonia.auth.dependencies import RunningDep
from koinonia.auth.trail import entries
from koinonia.auth.trail.entries import Entry, EntryFilter
from koinonia.auth.trail.schemas import AuditActorOut, AuditEntryOut
from koinonia.common import clock, web
from koinonia.common.events.actions import Actor
from koinonia.common.schema import Instant
from koinonia.common.web import ActionDep, OwnerOnly, Page, PageQuery, ReadDep
from koinonia.common.web.addresses import network_around
from koinonia.common.web.answer_headers import declared

router = APIRouter(prefix="/api/audit", tags=["audit"])

By = Annotated[UUID | None, Query(alias="actorId", description="Who did it.")]
What = Annotated[
    str | None, Query(max_length=60, description="What was done.", examples=["member.removed"])
]
On = Annotated[UUID | None, Query(alias="thingId", description="On what it was done.")]
From = Annotated[Instant | None, Query(alias="from")]
Until = Annotated[Instant | None, Query(alias="to", description="Before this instant.")]


async def entry_filter(
    actor_id: By = None,
    action: What = None,
    thing_id: On = None,
    since: From = None,
    until: Until = None,
) -> EntryFilter:
    return EntryFilter(actor_id, action, thing_id, since, until)


Wanted = Annotated[EntryFilter, Depends(entry_filter)]


@router.get("", summary="What was done, the latest first", response_model=Page[AuditEntryOut])
async def list_audit_entries(
    read: ReadDep, admin: OwnerOnly, wanted: Wanted, params: PageQuery
) -> Response:
    """Kept for five years, and nobody can change it. What another part of the system did is here a
    moment after its answer."""
    return web.json_page(await entries.page(read, wanted, params), _shown)


@router.get(
    "/export",
    summary="The same as a file",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The entries, one to a line",
            "content": {"text/csv": {}},
            "headers": declared("Content-Disposition"),
        }
    },
)
async def export_audit_entries(
    running: RunningDep, admin: OwnerOnly, wanted: Wanted, action: ActionDep
) -> StreamingResponse:
    """At most 100,000 entries, the latest first; ask for those before by `to`. It holds nothing
    that a spreadsheet carries out."""
    async with running.database.transaction(admin.church_id) as session:
        await action.record(session)
    name = f"audit-{clock.now():%Y-%m-%d}.csv"
    return StreamingResponse(
        entries.csv_pieces(running, admin.church_id, wanted),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _shown(entry: Entry) -> AuditEntryOut:
    return AuditEntryOut(
        id=entry.id,
        at=entry.at,
        action=entry.action,
        actor=AuditActorOut(kind=Actor(entry.actor), id=entry.actor_id, name=entry.actor_name),
        thing_id=entry.thing_id,
        network=network_around(entry.address),
        details=orjson.loads(entry.details),
    )
