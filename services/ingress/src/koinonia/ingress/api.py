"""The calls of carriers: verify the raw bytes, translate, hand over, answer within 2 seconds."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.routing import APIRoute
from typing_extensions import override

from koinonia.common import clock
from koinonia.common.web import Schema
from koinonia.ingress import carriers, handing_over, kept

FromReportUrl = Annotated[str | None, Query(description="from the report URL we gave")]

# Twilio reads the answer to a text as orders; these are none.
NOTHING_TO_DO = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class Direct(APIRoute):
    """Calls its function with the request alone. FastAPI describes it as declared and has no other
    part in it: for each report it would take a tenth of all the time."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return answer


router = APIRouter(prefix="/api/webhooks", tags=["webhooks"], route_class=Direct)


class Twiml(Response):
    media_type = "text/xml"


class Received(Schema):
    """How many events the call held and how many of them mean something to us."""

    received: int
    understood: int


async def report_url(church: FromReportUrl = None, recipient: FromReportUrl = None) -> None:
    """Describes what :func:`_token` reads."""


@router.post(
    "/telnyx/status",
    summary="Reports about texts that were sent",
    response_model=Received,
    dependencies=[Depends(report_url)],
)
async def telnyx_status(request: Request) -> Response:
    return _told(await _accept("telnyx", request, _token(request)))


@router.post("/telnyx/mms", summary="Texts and media from people", response_model=Received)
async def telnyx_inbound(request: Request) -> Response:
    return _told(await _accept("telnyx", request, handing_over.Token()))


@router.post(
    "/twilio/status",
    status_code=204,
    summary="Reports about texts that were sent",
    dependencies=[Depends(report_url)],
)
async def twilio_status(request: Request) -> Response:
    await _accept("twilio", request, _token(request))
    return Response(status_code=204)


@router.post("/twilio/inbound", summary="Texts and media from people", response_class=Twiml)
async def twilio_inbound(request: Request) -> Response:
    await _accept("twilio", request, handing_over.Token())
    return Twiml(NOTHING_TO_DO)


async def _accept(name: str, request: Request, token: handing_over.Token) -> Received:
    raw = await request.body()
    running = request.app.state.running
    carrier = carriers.expected(running, name)
    url = _address(running.settings.public_url, request)
    carrier.verify(raw, request.headers, clock.now().timestamp(), url=url)
    parsed = carrier.parse(raw)
    events = handing_over.translate(name, parsed, token, running.phones)
    await handing_over.hand_over(running, events)
    await kept.keep(running, name, kept.not_understood(parsed), raw)
    return Received(received=len(parsed), understood=len(events))


def _told(received: Received) -> Response:
    return Response(received.model_dump_json(by_alias=True), media_type="application/json")


def _token(request: Request) -> handing_over.Token:
    given = request.query_params
    return handing_over.Token.of(given.get("church"), given.get("recipient"))


def _address(public_url: str, request: Request) -> str:
    """What the carrier called, byte for byte; a proxy in between changed what we see of it."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return public_url + target.decode("latin-1")
