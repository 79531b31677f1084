"""``/health`` of the whole system; ``/health/live`` and ``/health/ready`` of this process alone: a
balancer must not take every gateway out because one service is down."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Scope, Send

from koinonia.common.web import health
from koinonia.gateway import running
from koinonia.gateway.routes import Target

PATH = "/health"
ROUTE = Target(PATH, "gateway")  # its path stands in the log
HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


def router() -> APIRouter:
    routes = APIRouter(tags=["gateway"])
    probes = APIRouter(include_in_schema=False)
    health.add_alive(probes, "gateway", "/health/live")
    health.add_ready(probes, "gateway")
    routes.include_router(probes)
    routes.add_api_route(PATH, read_health, summary="How the system is", response_class=Response)
    return routes


async def read_health(request: Request) -> Response:
    """For the document, and for HEAD; GET is answered by :func:`answer`."""
    body = await running.from_scope(request.scope).health.report()
    return Response(body, headers={name.decode(): value.decode() for name, value in HEADERS})


async def answer(scope: Scope, send: Send) -> None:
    """The same, past FastAPI: balancers and monitors ask all the time."""
    scope["route"] = ROUTE
    body = await running.from_scope(scope).health.report()
    headers = [*HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
