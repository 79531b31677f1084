"""``/api/members/by-external-id`` and ``/api/members/bulk``: people as other systems know them."""

from collections.abc import Iterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from koinonia.common import db, web
from koinonia.common.identity import Role
from koinonia.common.web import ActionDep, CurrentAdmin, ReadDep, SessionDep
from koinonia.messaging.api.attestation import BySystemDep
from koinonia.messaging.api.people import json_bodies
from koinonia.messaging.api.people.shown_members import shown
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import external_ids, members
from koinonia.messaging.people.external_ids import ExternalId, System
from koinonia.messaging.people.schemas import MemberOut
from koinonia.messaging.people.upserts import reading, upserts
from koinonia.messaging.people.upserts.errors import NoSuchExternalId
from koinonia.messaging.people.upserts.schemas import BulkIn, BulkOut, ExternalPersonIn, RowOut
from koinonia.messaging.people.upserts.upsert_entries import Entry, UpsertOutcome

router = APIRouter(prefix="/api/members", tags=["people"])
STAFF = [Depends(web.require(Role.STAFF))]
ROWS_AT_ONCE = 500

SystemInPath = Annotated[System, Path(description="the other system", examples=["planning-center"])]
IdInPath = Annotated[ExternalId, Path(description="its id of the person", examples=["4711"])]

_ROWS = TypeAdapter(list[RowOut])


@router.get("/by-external-id/{system}/{external_id}")
async def read_external_member(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    system: SystemInPath,
    external_id: IdInPath,
) -> MemberOut:
    member_id = await _member_id(read, admin.church_id, system, external_id)
    return shown(await members.get(read, member_id), running.phones)


@router.put(
    "/by-external-id/{system}/{external_id}",
    dependencies=STAFF,
    responses={201: {"description": "The member was created", "model": MemberOut}},
)
async def put_external_member(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    by_system: BySystemDep,
    action: ActionDep,
    system: SystemInPath,
    external_id: IdInPath,
    body: ExternalPersonIn,
    response: Response,
) -> MemberOut:
    """Create or update the member whom another system calls so. A member of this name on this phone
    is taken for the same person and has this id from then on."""
    entry = reading.entry(1, body, admin.church_id, running.phones)
    entry.external_id = external_id
    agreed = by_system.agreed(system, body.consent_statement)
    stop_words = by_system.stop_words(system)
    await upserts.write(session, admin.church_id, system, [entry], agreed, stop_words)
    if entry.refusal:
        raise entry.refusal
    if entry.outcome is UpsertOutcome.CREATED:
        response.status_code = 201
    elif entry.outcome is UpsertOutcome.UNCHANGED:
        action.dismiss()
    action.thing_id = entry.member_id
    return shown(await members.get(session, entry.member_id), running.phones)


@router.delete("/by-external-id/{system}/{external_id}", status_code=204, dependencies=STAFF)
async def remove_external_member(
    session: SessionDep,
    admin: CurrentAdmin,
    action: ActionDep,
    system: SystemInPath,
    external_id: IdInPath,
) -> Response:
    """Remove the member, whatever other ids they have. An opt-out stays with the phone."""
    member_id = await _member_id(session, admin.church_id, system, external_id)
    await members.remove(session, admin.church_id, member_id)
    action.thing_id = member_id
    return Response(status_code=204)


# The body is read in slices beside the event loop, and its transaction begins afterwards.
@router.post(
    "/bulk",
    dependencies=STAFF,
    response_model=BulkOut,
    openapi_extra=json_bodies.described(BulkIn),
)
async def put_members(
    running: RunningDep,
    admin: CurrentAdmin,
    by_system: BySystemDep,
    action: ActionDep,
    request: Request,
) -> Response:
    """Create or update up to 5,000 people, with an outcome for each row; the same rows again are
    unchanged. A row that is refused keeps none of the others from being written."""
    body = await json_bodies.read(request)
    head, entries = await reading.entries(body, admin.church_id, running.phones)
    system = head.external_system
    agreed = by_system.agreed(system, head.consent_statement)
    stop_words = by_system.stop_words(system)
    async with running.database.transaction(admin.church_id, bulk=True) as session:
        await upserts.write(session, admin.church_id, system, entries, agreed, stop_words)
        action.details["rows"] = len(entries)
        await action.record(session)
    return StreamingResponse(_pieces(entries), media_type="application/json")


async def _member_id(session: db.Session, church_id: UUID, system: str, external_id: str) -> UUID:
    found = await external_ids.found(session, church_id, system, [external_id])
    if external_id not in found:
        raise NoSuchExternalId
    return found[external_id]


def _pieces(entries: Sequence[Entry]) -> Iterator[str]:
    """The JSON of ``BulkOut``, its rows in portions."""
    counts = {outcome.value: 0 for outcome in UpsertOutcome}
    for each in entries:
        counts[each.outcome] += 1
    head = BulkOut(**counts, members=[])
    yield head.model_dump_json(by_alias=True, exclude={"members"})[:-1] + ',"members":['
    for start in range(0, len(entries), ROWS_AT_ONCE):
        rows = [_row(each) for each in entries[start : start + ROWS_AT_ONCE]]
        yield ("," if start else "") + _ROWS.dump_json(rows, by_alias=True).decode()[1:-1]
    yield "]}"


def _row(entry: Entry) -> RowOut:
    why = entry.refusal
    return RowOut(
        row=entry.row,
        outcome=entry.outcome,
        external_id=entry.external_id,
        member_id=None if why else entry.member_id,
        code=why.code if why else None,
        message=why.message if why else None,
    )
