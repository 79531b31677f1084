"""``/api/webhook-endpoints``."""

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
from koinonia.integrations.dependencies import RunningDep
from koinonia.integrations.endpoints import addresses, endpoints, signing_secrets
from koinonia.integrations.endpoints.endpoints import Endpoint, Wish
from koinonia.integrations.endpoints.schemas import (
    EndpointChange,
    EndpointIn,
    EndpointOut,
    NewEndpointOut,
)

ADMIN = [Depends(web.require(Role.ADMIN))]
router = APIRouter(
    prefix="/api/webhook-endpoints",
    tags=["webhooks"],
    route_class=CreatingRoute,
    dependencies=ADMIN,
)
_ENDPOINT = web.by_names(EndpointOut)


@router.get("", dependencies=TAGGED, response_model=Page[EndpointOut])
async def list_webhook_endpoints(read: ReadDep, params: PageQuery) -> Response:
    """Where the church wants to be told of what, in the order in which it was said."""
    return web.json_page(await endpoints.page(read, params), _ENDPOINT)


@router.post("", status_code=201)
async def create_webhook_endpoint(
    running: RunningDep,
    session: SessionDep,
    admin: CurrentAdmin,
    body: EndpointIn,
    idempotency_key: IdempotencyKey,
) -> NewEndpointOut:
    """Let an address be told of what happens, by webhooks that are signed as
    https://www.standardwebhooks.com says. The answer shows the secret, once. At most ten."""
    addresses.check(body.url, allows_loopback=running.settings.webhook_loopback)
    secret = signing_secrets.generate()
    made = await endpoints.create(
        session,
        admin.church_id,
        Wish(body.name, body.url, body.kinds, body.scopes),
        signing_secrets.seal(running.phones.ring, secret),
    )
    return _with_secret(made, secret)


@router.get("/{endpoint_id}", response_model=EndpointOut, dependencies=TAGGED)
async def read_webhook_endpoint(read: ReadDep, endpoint_id: UUID) -> Endpoint:
    return await endpoints.get(read, endpoint_id)


@router.patch("/{endpoint_id}", response_model=EndpointOut)
async def change_webhook_endpoint(
    running: RunningDep,
    session: SessionDep,
    admin: CurrentAdmin,
    endpoint_id: UUID,
    body: EndpointChange,
) -> Endpoint:
    """Change an endpoint, or switch it off and on. What waits for one that is switched off has
    failed, and can be replayed when it is on again."""
    if body.url is not None:
        addresses.check(body.url, allows_loopback=running.settings.webhook_loopback)
    return await endpoints.change(session, admin.church_id, endpoint_id, body.given())


@router.delete("/{endpoint_id}", status_code=204)
async def remove_webhook_endpoint(session: SessionDep, endpoint_id: UUID) -> Response:
    """Remove an endpoint with its log; what waits to be delivered to it is not."""
    await endpoints.remove(session, endpoint_id)
    return Response(status_code=204)


@router.post("/{endpoint_id}/secret", status_code=201)
async def replace_webhook_secret(
    running: RunningDep, session: SessionDep, endpoint_id: UUID, idempotency_key: IdempotencyKey
) -> NewEndpointOut:
    """Give an endpoint a new secret, which the answer shows, once. For 24 hours webhooks are signed
    with the one before as well."""
    secret = signing_secrets.generate()
    sealed = signing_secrets.seal(running.phones.ring, secret)
    return _with_secret(await endpoints.replace_secret(session, endpoint_id, sealed), secret)


def _with_secret(endpoint: Endpoint, secret: str) -> NewEndpointOut:
    shown = EndpointOut.model_validate(endpoint)
    return NewEndpointOut(**shown.model_dump(), secret=secret)
