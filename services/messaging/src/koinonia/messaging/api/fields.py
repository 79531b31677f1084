"""``/api/fields``."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from koinonia.common import web
from koinonia.common.identity import Role
from koinonia.common.web import (
    TAGGED,
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)
from koinonia.messaging.composing import custom_fields
from koinonia.messaging.composing.custom_fields import Field
from koinonia.messaging.composing.schemas import FieldChange, FieldIn, FieldOut

router = APIRouter(prefix="/api/fields", tags=["fields"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]
_FIELD = web.by_names(FieldOut)


@router.get("", dependencies=TAGGED, response_model=Page[FieldOut])
async def list_fields(read: ReadDep, params: PageQuery) -> Response:
    """The fields that the church has defined for its members, by label."""
    return web.json_page(await custom_fields.page(read, params), _FIELD)


@router.post("", status_code=201, dependencies=STAFF, response_model=FieldOut)
async def create_field(
    session: SessionDep, admin: CurrentAdmin, body: FieldIn, idempotency_key: IdempotencyKey
) -> Field:
    """Define a field. Members then take it in ``fields``, a file as a column, and texts as
    ``{{key|fallback}}``."""
    return await custom_fields.create(session, admin.church_id, body.key, body.label)


@router.get("/{field_id}", response_model=FieldOut, dependencies=TAGGED)
async def read_field(read: ReadDep, field_id: UUID) -> Field:
    return await custom_fields.get(read, field_id)


@router.patch("/{field_id}", dependencies=STAFF, response_model=FieldOut)
async def change_field(
    session: SessionDep, admin: CurrentAdmin, field_id: UUID, body: FieldChange
) -> Field:
    """Give a field another label. Its key stays, because texts name it."""
    return await custom_fields.change(session, admin.church_id, field_id, body.label)


@router.delete("/{field_id}", status_code=204, dependencies=STAFF)
async def remove_field(session: SessionDep, field_id: UUID) -> Response:
    """Remove a field with its values, unless a template or a scheduled message names it."""
    await custom_fields.remove(session, field_id)
    return Response(status_code=204)
