"""The HTTP application of the gateway: its own routes, and those that it passes on."""

from fastapi import FastAPI

from koinonia.common import web
from koinonia.gateway import middleware, proxy, routes
from koinonia.gateway.api import ROUTERS, health, pages


def create_app() -> FastAPI:
    app = web.create_app(
        "gateway",
        routers=ROUTERS,
        health_router=health.router(),
        body_limits=routes.BODY_LIMITS,
        compress=False,
        checks_text=False,
    )
    # First: they are what nearly every request wants.
    app.router.routes[:0] = [health.QuickHealth(), *proxy.ROUTES]
    app.router.routes.append(pages.PageRoute())  # last: what is nobody else's
    app.add_middleware(middleware.AnswerHeaders)  # outermost, so that no answer escapes it
    return app
