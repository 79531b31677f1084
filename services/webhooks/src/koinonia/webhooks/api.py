"""The calls of carriers: verify the raw bytes, translate, hand over, answer within 2 seconds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from koinonia.common import clock
from koinonia.common.web import RunningDep, Schema
from koinonia.webhooks import ingress, kept

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])


class Received(Schema):
    """How many events the call held and how many of them mean something to us."""

    received: int
    understood: int


@router.post("/telnyx/status", summary="Reports about texts that were sent")
async def telnyx_status(
    request: Request,
    running: RunningDep,
    church: Annotated[str | None, Query(description="from the report URL we gave")] = None,
    recipient: Annotated[str | None, Query(description="from the report URL we gave")] = None,
) -> Received:
    return await _accept("telnyx", request, running, ingress.Token.of(church, recipient))


@router.post("/telnyx/mms", summary="Texts and media from people")
async def telnyx_inbound(request: Request, running: RunningDep) -> Received:
    return await _accept("telnyx", request, running, ingress.Token())


async def _accept(
    name: str, request: Request, running: RunningDep, token: ingress.Token
) -> Received:
    raw = await request.body()
    carrier = running.carriers[name]
    carrier.verify(raw, request.headers, clock.now().timestamp(), url=str(request.url))
    parsed = carrier.parse(raw)
    events = ingress.translate(name, parsed, token, running.phones)
    await ingress.hand_over(running, events)
    await kept.keep(running, name, kept.not_understood(parsed), raw)
    return Received(received=len(parsed), understood=len(events))
