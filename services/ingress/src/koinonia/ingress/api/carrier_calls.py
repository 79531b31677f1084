"""The calls of carriers: verify the raw bytes, translate, hand over, answer within 2 seconds.

Each row of ``CARRIERS`` gets two routes: one for reports, one for texts from people.
"""

import contextlib
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, params
from fastapi.responses import JSONResponse

from koinonia.carriers import CARRIERS
from koinonia.carriers.contract import BadSignature, Carrier, Malformed
from koinonia.carriers.table import WEBHOOKS, Definition, FixedAnswer, Webhook
from koinonia.common import clock
from koinonia.common.settings import Settings
from koinonia.common.web import raises
from koinonia.ingress import carriers, handover, kept_calls
from koinonia.ingress.api.received_calls import Answer, Direct, Received, caller
from koinonia.ingress.handover import ReportToken
from koinonia.ingress.running import Running

FromReportUrl = Annotated[str | None, Query(description="from the report URL we gave")]


async def report_url(church: FromReportUrl = None, recipient: FromReportUrl = None) -> None:
    """Describes what :func:`_token` reads."""


def router() -> APIRouter:
    """The routes of all carriers."""
    routes = APIRouter(prefix=WEBHOOKS, tags=["carriers"], route_class=Direct)
    for carrier in CARRIERS.values():
        _add_reports(routes, carrier)
        _add_texts(routes, carrier)
    return routes


def _add_reports(routes: APIRouter, carrier: Definition[Settings]) -> None:
    @raises(BadSignature, Malformed)
    async def reports(request: Request) -> Response:
        received = await _accept(carrier.name, request, _token(request))
        return _answered(carrier.reports.answer, received)

    _add(
        *(routes, carrier, carrier.reports, reports),
        name=f"{carrier.name}_status",
        summary="Reports about texts that were sent",
        dependencies=[Depends(report_url)],
    )


def _add_texts(routes: APIRouter, carrier: Definition[Settings]) -> None:
    @raises(BadSignature, Malformed)
    async def texts(request: Request) -> Response:
        received = await _accept(carrier.name, request, ReportToken())
        return _answered(carrier.texts.answer, received)

    _add(
        *(routes, carrier, carrier.texts, texts),
        name=f"{carrier.name}_inbound",
        summary="Texts and media from people",
    )


def _add(
    routes: APIRouter,
    carrier: Definition[Settings],
    webhook: Webhook,
    answer: Answer,
    *,
    name: str,
    summary: str,
    dependencies: Sequence[params.Depends] = (),
) -> None:
    """Add a route, described by what it answers."""
    fixed = webhook.answer
    routes.add_api_route(
        f"/{carrier.name}/{webhook.path}",
        answer,
        methods=["POST"],
        name=name,
        summary=summary,
        dependencies=dependencies,
        status_code=fixed.status if fixed else None,
        response_model=None if fixed else Received,
        response_class=_response_class(fixed),
    )


def _response_class(fixed: FixedAnswer | None) -> type[Response]:
    """What tells FastAPI the media type; the answer itself is made in :func:`_answered`."""
    if fixed is None or fixed.media_type is None:
        return JSONResponse
    return type("Fixed", (Response,), {"media_type": fixed.media_type})


async def _accept(name: str, request: Request, token: ReportToken) -> Received:
    raw = await request.body()
    running: Running = request.app.state.running
    carrier = carriers.expected(running, name)
    with running.failed_calls.counted(caller(request, running.settings.trusted_proxies)):
        _verify(carrier, raw, request, running.settings.webhooks_origins)
    parsed = carrier.parse(raw)
    events = handover.translate(name, parsed, token, running.phones)
    await handover.hand_over(running, events)
    await kept_calls.keep(running, name, kept_calls.not_understood(parsed), raw)
    return Received(received=len(parsed), understood=len(events))


def _answered(fixed: FixedAnswer | None, received: Received) -> Response:
    if fixed is None:
        return received.answered()
    return Response(fixed.body or None, fixed.status, media_type=fixed.media_type)


def _token(request: Request) -> ReportToken:
    given = request.query_params
    return ReportToken.from_query(given.get("church"), given.get("recipient"))


def _verify(carrier: Carrier, raw: bytes, request: Request, origins: Sequence[str]) -> None:
    """Raise ``BadSignature`` unless the carrier signed this call to one of our public addresses: of
    ours, because the one in the request is whatever the caller wrote there."""
    now, target = clock.now().timestamp(), _target(request)
    *others, last = origins
    for origin in others:
        with contextlib.suppress(BadSignature):
            carrier.verify(raw, request.headers, now, url=origin + target)
            return
    carrier.verify(raw, request.headers, now, url=last + target)


def _target(request: Request) -> str:
    """Path and query, byte for byte as they were signed."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return target.decode("latin-1")
