"""The HTTP application of the gateway: its own routes, and those that it passes on."""

from fastapi import FastAPI
from starlette.middleware import Middleware

from koinonia.common import web
from koinonia.gateway import middleware, routes
from koinonia.gateway.api import ROUTERS, health, pages
from koinonia.gateway.front import Front


def create_app() -> FastAPI:
    app = web.create_app(
        "gateway",
        routers=ROUTERS,
        health_router=health.router(),
        body_limits=routes.BODY_LIMITS,
        middleware=[Middleware(Front)],
        compress=False,
        checks_text=False,
    )
    app.router.routes.append(pages.PageRoute())  # last: what is nobody else's
    app.add_middleware(middleware.AnswerHeaders)  # outermost, so that no answer escapes it
    return app
