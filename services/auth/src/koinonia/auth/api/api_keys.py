"""``/api/auth/keys``: keys of programs; and where the gateway exchanges one for a token."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from koinonia.auth import sessions
from koinonia.auth.api_keys import api_keys, exchange
from koinonia.auth.api_keys.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    ExchangedOut,
    ExchangeIn,
    NewApiKeyOut,
)
from koinonia.auth.dependencies import RunningDep
from koinonia.auth.team import permissions
from koinonia.common import db, web
from koinonia.common.identity import Role
from koinonia.common.web import (
    CreatingRoute,
    CurrentAdmin,
    IdempotencyKey,
    Page,
    PageQuery,
    ReadDep,
    SessionDep,
)

router = APIRouter(prefix="/api/auth/keys", tags=["keys"], route_class=CreatingRoute)
inside = APIRouter(include_in_schema=False)
"""What the gateway asks and passes nobody on to."""

ADMIN = [Depends(web.require(Role.ADMIN))]

_KEY = web.by_names(ApiKeyOut)


@router.get(
    "",
    dependencies=ADMIN,
    summary="The API keys of the church, the latest first",
    response_model=Page[ApiKeyOut],
)
async def list_api_keys(read: ReadDep, params: PageQuery) -> Response:
    return web.json_page(await api_keys.page(read, params), _KEY)


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=ADMIN, summary="Make an API key")
async def create_api_key(
    session: SessionDep,
    running: RunningDep,
    admin: CurrentAdmin,
    response: Response,
    body: ApiKeyIn,
    idempotency_key: IdempotencyKey,
) -> NewApiKeyOut:
    """A program sends it as `Authorization: Bearer koi_…` and may do what its permissions say. It
    is shown this once. It acts as itself: who made it may leave the team, and it goes on."""
    actor = await permissions.lock_actor(session, admin)
    made = await api_keys.create(
        session, running.macs, actor, body.name, body.permissions, body.lifetime
    )
    response.headers["Cache-Control"] = "no-store"
    return NewApiKeyOut.model_validate({**made.key._asdict(), "key": made.secret})


@router.delete("/{key_id}", status_code=204, dependencies=ADMIN, summary="Remove an API key")
async def remove_api_key(
    session: SessionDep, running: RunningDep, admin: CurrentAdmin, key_id: UUID
) -> Response:
    """It is refused from then on, within a minute at the latest."""
    await permissions.lock_actor(session, admin)
    await api_keys.remove(session, key_id)
    db.after_commit(session, lambda: sessions.revoke(running.revocations, [key_id]))
    return Response(status_code=204)


@inside.post("/inside/api-keys/exchange")
async def exchange_api_key(running: RunningDep, body: ExchangeIn) -> ExchangedOut:
    signer = await running.keys.signer()
    async with running.database.transaction() as session:
        exchanged = await exchange.exchange(session, running.macs, signer, body.key)
    return ExchangedOut(token=exchanged.token, expires_at=exchanged.expires_at)
