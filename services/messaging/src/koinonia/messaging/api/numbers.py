"""``/api/phone-numbers``."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from koinonia.common import db, web
from koinonia.common.identity import Role
from koinonia.common.web import (
    ActionDep,
    CreatingRoute,
    CurrentAdmin,
    LeasedIdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
    StaffOrAbove,
    kept,
)
from koinonia.messaging import kept_tables
from koinonia.messaging.dependencies import RunningDep
from koinonia.messaging.numbers import number_requests, numbers, release
from koinonia.messaging.numbers.numbers import Number
from koinonia.messaging.numbers.schemas import NumberChange, NumberIn, NumberOut
from koinonia.messaging.recovery import checks_by_staff

router = APIRouter(prefix="/api/phone-numbers", tags=["numbers"], route_class=CreatingRoute)
ADMIN = [Depends(web.require(Role.ADMIN))]
_NUMBER = web.by_names(NumberOut)


@router.get("", dependencies=kept(tables=kept_tables.NUMBERS), response_model=Page[NumberOut])
async def list_phone_numbers(read: ReadDep, params: PageQuery) -> Response:
    return web.json_page(await numbers.page(read, params), _NUMBER)


# It asks the carrier first, so the transaction is its own and begins afterwards.
@router.post("", status_code=202, dependencies=ADMIN, response_model=NumberOut)
async def order_phone_number(
    running: RunningDep,
    admin: CurrentAdmin,
    body: NumberIn,
    action: ActionDep,
    idempotency_key: LeasedIdempotencyKey,
) -> Number:
    number_id = idempotency_key.resource_id if idempotency_key else db.uuid7()
    action.thing_id = number_id
    return await number_requests.request(running, admin.church_id, body, number_id, action.record)


# It asks the carrier, so its transactions are its own.
@router.post("/{number_id}/check", response_model=NumberOut)
async def check_phone_number(running: RunningDep, admin: StaffOrAbove, number_id: UUID) -> Number:
    """Compare a number with the carrier now, and put right what can be; once in half a minute."""
    return await checks_by_staff.check(running, admin.church_id, number_id)


@router.patch("/{number_id}", dependencies=ADMIN, response_model=NumberOut)
async def label_phone_number(session: SessionDep, number_id: UUID, body: NumberChange) -> Number:
    """Say what a number is for."""
    return await numbers.relabel(session, number_id, body.label)


@router.delete("/{number_id}", status_code=204, dependencies=ADMIN)
async def release_phone_number(
    session: SessionDep, admin: CurrentAdmin, number_id: UUID
) -> Response:
    """Give a number up for good: it cannot be had back, and what is texted to it is lost."""
    await release.release(session, admin.church_id, number_id)
    return Response(status_code=204)
