"""Everything the door answers, and the routes that it passes on."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.gateway import api, edge, health, proxy, routes
from koinonia.gateway.live import api as live_api


def create_app() -> FastAPI:
    app = web.create_app(
        "gateway",
        routers=[api.router, live_api.router],
        health_router=health.router(),
        body_limits=routes.BODY_LIMITS,
        compress=False,
    )
    app.router.routes[:0] = proxy.ROUTES  # first: they are what nearly every request wants
    app.add_middleware(edge.Edge)  # around everything else, so that no answer escapes it
    return app
