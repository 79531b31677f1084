"""``/health`` of the whole system; ``/health/live`` and ``/health/ready`` of this process alone: a
balancer must not take every gateway out because one service is down."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from koinonia.common.web import health
from koinonia.gateway import running

PATH = "/health"
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
    body = await running.from_scope(request.scope).health.report()
    return Response(body, headers={name.decode(): value.decode() for name, value in HEADERS})


class QuickHealth(BaseRoute):
    """The same answer, past FastAPI, whose part was the larger half of it: balancers and monitors
    ask all the time."""

    path = path_format = PATH

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_it = scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET"
        return (Match.FULL if is_it else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # its path stands in the log
        body = await running.from_scope(scope).health.report()
        headers = [*HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
