"""The calls of providers of mail: what became of the mails that they took.

Each of ``REPORTERS`` gets a route. A call is verified over its raw bytes, as those of carriers are.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from koinonia.carriers.table import WEBHOOKS
from koinonia.common import clock
from koinonia.common.web import raises
from koinonia.ingress import handover, kept_calls, mail_providers
from koinonia.ingress.api.received_calls import Direct, Received, caller
from koinonia.ingress.running import Running
from koinonia.mail import REPORTERS
from koinonia.mail.contract import BadSignature, Malformed, Unread


def router() -> APIRouter:
    """The routes of all providers that call us back."""
    routes = APIRouter(prefix=WEBHOOKS, tags=["webhooks"], route_class=Direct)
    for name in REPORTERS:
        _add(routes, name)
    return routes


def _add(routes: APIRouter, name: str) -> None:
    @raises(BadSignature, Malformed)
    async def events(request: Request) -> Response:
        return (await _accept(name, request)).answered()

    routes.add_api_route(
        f"/{name}/events",
        events,
        methods=["POST"],
        name=f"{name}_events",
        summary="What became of mails",
        response_model=Received,
        response_class=JSONResponse,
    )


async def _accept(name: str, request: Request) -> Received:
    raw = await request.body()
    running: Running = request.app.state.running
    reporter = mail_providers.expected(running, name)
    with running.failed_calls.counted(caller(request, running.settings.trusted_proxies)):
        reporter.verify(raw, request.headers, clock.now().timestamp())
    parsed = reporter.parse(raw)
    events = handover.translate_mail(name, parsed)
    await handover.hand_over(running, events)
    unread = [item for item in parsed if isinstance(item, Unread)]
    await kept_calls.keep(running, name, unread, raw)
    return Received(received=len(parsed), understood=len(events))
