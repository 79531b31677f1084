"""``/api/members``."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.schema import Instant
from koinonia.common.web import (
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)
from koinonia.messaging.api.attestation import ByStaff
from koinonia.messaging.api.people.shown_members import shown, shown_json
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.people import directory, member_changes, members
from koinonia.messaging.people.filters import preparation
from koinonia.messaging.people.filters.people_query import BadFilter, PeopleQuery
from koinonia.messaging.people.member_changes import Change
from koinonia.messaging.people.members import Member, Person
from koinonia.messaging.people.schemas import (
    MemberChange,
    MemberChangeOut,
    MemberChangesOut,
    MemberIn,
    MemberOut,
)
from koinonia.messaging.running import Running

router = APIRouter(prefix="/api/members", tags=["people"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]


async def people_query(asked: Annotated[PeopleQuery, Query()]) -> PeopleQuery:
    """A dependency of its own, as that of a page is."""
    return asked


PeopleAsked = Annotated[PeopleQuery, Depends(people_query)]
PeopleOrder = Annotated[
    Literal["newest", "name"],
    Query(description="the newest first, or by last name, as always where a name is looked for"),
]


@router.get("", response_model=Page[MemberOut])
async def list_members(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    params: PageQuery,
    asked: PeopleAsked,
    is_counted: Annotated[
        bool, Query(alias="total", description="with how many there are, up to 250,000")
    ] = False,
    order: PeopleOrder = "newest",
) -> Response:
    """The newest first, or by name where a name is looked for."""
    wanted = await preparation.prepared(read, admin.church_id, asked.wanted(), running.phones)
    found = await directory.page(
        read, params, wanted, by_name=order == "name", is_counted=is_counted
    )
    return web.json_page(found, lambda member: shown_json(member, running.phones))


@router.get("/changes")
async def list_member_changes(
    read: ReadDep,
    admin: CurrentAdmin,
    running: RunningDep,
    params: PageQuery,
    since: Annotated[
        Instant | None, Query(description="where to begin; a cursor goes on from its place")
    ] = None,
) -> MemberChangesOut:
    """Who was created, changed or removed, the oldest first and each once: what another system
    needs to keep up. Begin without anything, which lists everybody; keep ``nextCursor``, also when
    ``hasMore`` is false, and ask with it again. What changes of a member is all that is shown of
    them, consent and groups too. Removals are kept for 90 days: who did not ask for so long begins
    anew, and removes who is not listed. A change is listed about a second after it was made, and
    never while an older one is still being made."""
    if params.page:
        raise BadFilter("Changes have no numbered pages. Send cursor instead of page.")
    found = await member_changes.after(read, admin.church_id, params, since)
    return MemberChangesOut(
        data=[_change(each, found.members.get(each.member_id), running) for each in found.changes],
        has_more=found.has_more,
        next_cursor=str(found.cursor) if found.cursor else None,
    )


def _change(change: Change, member: Member | None, running: Running) -> MemberChangeOut:
    return MemberChangeOut(
        id=change.member_id,
        changed_at=change.changed_at,
        is_removed=member is None,
        merged_into=change.merged_into,
        member=shown(member, running.phones) if member else None,
    )


@router.post("", status_code=201, dependencies=STAFF)
async def create_member(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    attested: ByStaff,
    body: MemberIn,
    idempotency_key: IdempotencyKey,
) -> MemberOut:
    person = Person(**body.model_dump(exclude={"group_ids", "consent"}))
    member = await members.create(
        session,
        admin.church_id,
        person,
        body.group_ids,
        running.phones,
        attested if body.consent else None,
    )
    return shown(member, running.phones)


@router.get("/{member_id}")
async def read_member(read: ReadDep, running: RunningDep, member_id: UUID) -> MemberOut:
    return shown(await members.get(read, member_id), running.phones)


@router.patch("/{member_id}", dependencies=STAFF)
async def change_member(
    session: SessionDep,
    admin: CurrentAdmin,
    running: RunningDep,
    attested: ByStaff,
    member_id: UUID,
    body: MemberChange,
) -> MemberOut:
    member = await members.change(
        session,
        admin.church_id,
        member_id,
        body.given(),
        running.phones,
        attested if body.consent else None,
    )
    return shown(member, running.phones)


@router.delete("/{member_id}", status_code=204, dependencies=STAFF)
async def remove_member(session: SessionDep, admin: CurrentAdmin, member_id: UUID) -> Response:
    await members.remove(session, admin.church_id, member_id)
    return Response(status_code=204)
