"""The calls of carriers: verify the raw bytes, translate, hand over, answer within 2 seconds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from koinonia.common import clock
from koinonia.common.web import RunningDep, Schema
from koinonia.webhooks import carriers, ingress, kept

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

FromReportUrl = Annotated[str | None, Query(description="from the report URL we gave")]

# Twilio reads the answer to a text as orders; these are none.
NOTHING_TO_DO = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class Twiml(Response):
    media_type = "text/xml"


class Received(Schema):
    """How many events the call held and how many of them mean something to us."""

    received: int
    understood: int


@router.post("/telnyx/status", summary="Reports about texts that were sent")
async def telnyx_status(
    request: Request,
    running: RunningDep,
    church: FromReportUrl = None,
    recipient: FromReportUrl = None,
) -> Received:
    return await _accept("telnyx", request, running, ingress.Token.of(church, recipient))


@router.post("/telnyx/mms", summary="Texts and media from people")
async def telnyx_inbound(request: Request, running: RunningDep) -> Received:
    return await _accept("telnyx", request, running, ingress.Token())


@router.post("/twilio/status", status_code=204, summary="Reports about texts that were sent")
async def twilio_status(
    request: Request,
    running: RunningDep,
    church: FromReportUrl = None,
    recipient: FromReportUrl = None,
) -> None:
    await _accept("twilio", request, running, ingress.Token.of(church, recipient))


@router.post("/twilio/inbound", summary="Texts and media from people", response_class=Twiml)
async def twilio_inbound(request: Request, running: RunningDep) -> Twiml:
    await _accept("twilio", request, running, ingress.Token())
    return Twiml(NOTHING_TO_DO)


async def _accept(
    name: str, request: Request, running: RunningDep, token: ingress.Token
) -> Received:
    raw = await request.body()
    carrier = carriers.expected(running, name)
    url = _address(running.settings.public_url, request)
    carrier.verify(raw, request.headers, clock.now().timestamp(), url=url)
    parsed = carrier.parse(raw)
    events = ingress.translate(name, parsed, token, running.phones)
    await ingress.hand_over(running, events)
    await kept.keep(running, name, kept.not_understood(parsed), raw)
    return Received(received=len(parsed), understood=len(events))


def _address(public_url: str, request: Request) -> str:
    """What the carrier called, byte for byte; a proxy in between changed what we see of it."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return public_url + target.decode("latin-1")
