"""``/api/keywords``."""

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
from koinonia.messaging.keywords import keywords
from koinonia.messaging.keywords.keywords import Keyword, SavedKeyword
from koinonia.messaging.keywords.schemas import KeywordChange, KeywordIn, KeywordOut

router = APIRouter(prefix="/api/keywords", tags=["keywords"], route_class=CreatingRoute)
ADMIN = [Depends(web.require(Role.ADMIN))]
_KEYWORD = web.by_names(KeywordOut)


@router.get("", dependencies=TAGGED, response_model=Page[KeywordOut])
async def list_keywords(read: ReadDep, params: PageQuery) -> Response:
    """The church's keywords, in the order of the alphabet."""
    return web.json_page(await keywords.page(read, params), _KEYWORD)


@router.post("", status_code=201, dependencies=ADMIN, response_model=KeywordOut)
async def create_keyword(
    session: SessionDep, admin: CurrentAdmin, body: KeywordIn, idempotency_key: IdempotencyKey
) -> SavedKeyword:
    """Make a keyword. Case, accents, punctuation and emoji do not matter in it."""
    return await keywords.create(session, admin.church_id, Keyword(**body.model_dump()))


@router.get("/{keyword_id}", response_model=KeywordOut, dependencies=TAGGED)
async def read_keyword(read: ReadDep, keyword_id: UUID) -> SavedKeyword:
    return await keywords.get(read, keyword_id)


@router.patch("/{keyword_id}", dependencies=ADMIN, response_model=KeywordOut)
async def change_keyword(
    session: SessionDep, admin: CurrentAdmin, keyword_id: UUID, body: KeywordChange
) -> SavedKeyword:
    """Change a keyword; while ``isActive`` is false its word does nothing."""
    return await keywords.change(session, admin.church_id, keyword_id, body.given())


@router.delete("/{keyword_id}", status_code=204, dependencies=ADMIN)
async def remove_keyword(session: SessionDep, keyword_id: UUID) -> Response:
    """Remove a keyword; whom it brought into a group stays there."""
    await keywords.remove(session, keyword_id)
    return Response(status_code=204)
