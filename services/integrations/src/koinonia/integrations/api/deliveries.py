"""``/api/webhook-endpoints/{endpoint_id}``: the log of an endpoint, replays, a test event."""

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
)
from koinonia.integrations.dependencies import RunningDep
from koinonia.integrations.log import deliveries, replays
from koinonia.integrations.log.deliveries import Logged
from koinonia.integrations.log.schemas import DeliveryOut, Replayed, ReplayIn, ToldDeliveryOut
from koinonia.integrations.vocabulary import DeliveryState

router = APIRouter(
    prefix="/api/webhook-endpoints/{endpoint_id}",
    tags=["webhooks"],
    route_class=CreatingRoute,
    dependencies=[Depends(web.require(Role.ADMIN))],
)
_DELIVERY = web.by_names(DeliveryOut)


@router.get("/deliveries", dependencies=TAGGED, response_model=Page[DeliveryOut])
async def list_webhook_deliveries(
    read: ReadDep,
    endpoint_id: UUID,
    params: PageQuery,
    state: Annotated[DeliveryState | None, Query(description="Only those.")] = None,
) -> Response:
    """What was sent to an endpoint in the last 30 days, the newest first."""
    return web.json_page(await deliveries.page(read, endpoint_id, state, params), _DELIVERY)


@router.get("/deliveries/{delivery_id}", dependencies=TAGGED)
async def read_webhook_delivery(
    running: RunningDep, read: ReadDep, endpoint_id: UUID, delivery_id: UUID
) -> ToldDeliveryOut:
    """One delivery with its request, and what was answered at each attempt."""
    told = await deliveries.in_detail(read, running.phones.ring, endpoint_id, delivery_id)
    return ToldDeliveryOut.from_told(told)


@router.post("/deliveries/{delivery_id}/replay", response_model=DeliveryOut)
async def replay_webhook_delivery(
    running: RunningDep, session: SessionDep, endpoint_id: UUID, delivery_id: UUID
) -> Logged:
    """Send it again, under the same ``webhook-id``, whether it was taken or not."""
    await replays.replay(running, session, endpoint_id, delivery_id)
    return await deliveries.get(session, endpoint_id, delivery_id)


@router.post("/replay")
async def replay_failed_webhooks(
    running: RunningDep, session: SessionDep, endpoint_id: UUID, body: ReplayIn
) -> Replayed:
    """Send all again that failed since then, as after an outage of the receiver."""
    return Replayed(
        deliveries=await replays.replay_failed(running, session, endpoint_id, body.since)
    )


@router.post("/test", status_code=201, response_model=DeliveryOut)
async def test_webhook_endpoint(
    running: RunningDep,
    session: SessionDep,
    admin: CurrentAdmin,
    endpoint_id: UUID,
    idempotency_key: IdempotencyKey,
) -> Logged:
    """Send it a webhook of the type ``test``, which holds its own id and nothing else."""
    sent = await replays.send_test(running, session, admin.church_id, endpoint_id)
    return await deliveries.get(session, endpoint_id, sent)
