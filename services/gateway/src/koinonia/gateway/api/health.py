"""``/health`` of the whole system; ``/health/live`` and ``/health/ready`` of this process alone: a
balancer must not take every gateway out because one service is down."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from koinonia.common.web import health
from koinonia.gateway import running


def router() -> APIRouter:
    routes = APIRouter(tags=["gateway"])
    probes = APIRouter(include_in_schema=False)
    health.add_alive(probes, "gateway", "/health/live")
    health.add_ready(probes, "gateway")
    routes.include_router(probes)
    routes.add_api_route(
        "/health", read_health, summary="How the system is", response_class=Response
    )
    return routes


async def read_health(request: Request) -> Response:
    body = await running.from_scope(request.scope).health.report()
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
