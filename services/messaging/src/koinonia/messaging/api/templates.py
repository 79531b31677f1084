"""``/api/templates``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

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
    kept,
)
from koinonia.messaging import kept_tables, names
from koinonia.messaging.composing import templates
from koinonia.messaging.composing.schemas import (
    Categories,
    CategoryOut,
    TemplateChange,
    TemplateIn,
    TemplateOut,
)
from koinonia.messaging.composing.templates import SavedTemplate

router = APIRouter(prefix="/api/templates", tags=["templates"], route_class=CreatingRoute)
STAFF = [Depends(web.require(Role.STAFF))]
_TEMPLATE = web.by_names(TemplateOut)

OfCategory = Annotated[str | None, Query(max_length=50, description="Only those of this category")]


@router.get("", dependencies=kept(tables=kept_tables.TEMPLATES), response_model=Page[TemplateOut])
async def list_templates(read: ReadDep, params: PageQuery, category: OfCategory = None) -> Response:
    """The church's templates by name."""
    wanted = names.tidy(category).lower() if category else None
    return web.json_page(await templates.page(read, params, wanted), _TEMPLATE)


@router.get("/categories", dependencies=TAGGED)
async def list_categories(read: ReadDep) -> Categories:
    """The categories in use."""
    found = await templates.categories(read)
    return Categories(data=list(map(CategoryOut.model_validate, found)))


@router.post("", status_code=201, dependencies=STAFF, response_model=TemplateOut)
async def create_template(
    session: SessionDep, admin: CurrentAdmin, body: TemplateIn, idempotency_key: IdempotencyKey
) -> SavedTemplate:
    """Keep a text. Its merge fields must be known ones."""
    return await templates.create(
        session, admin.church_id, body.name, body.category, body.content, body.media_ids
    )


@router.get("/{template_id}", response_model=TemplateOut, dependencies=TAGGED)
async def read_template(read: ReadDep, template_id: UUID) -> SavedTemplate:
    return await templates.get(read, template_id)


@router.patch("/{template_id}", dependencies=STAFF, response_model=TemplateOut)
async def change_template(
    session: SessionDep, admin: CurrentAdmin, template_id: UUID, body: TemplateChange
) -> SavedTemplate:
    """Change a template; what was sent with it before stays as it was."""
    return await templates.change(
        session,
        admin.church_id,
        template_id,
        name=body.name,
        category=body.category,
        content=body.content,
        media_ids=body.media_ids,
    )


@router.delete("/{template_id}", status_code=204, dependencies=STAFF)
async def remove_template(session: SessionDep, admin: CurrentAdmin, template_id: UUID) -> Response:
    """Remove a template, unless a scheduled message is made of it."""
    await templates.remove(session, admin.church_id, template_id)
    return Response(status_code=204)
