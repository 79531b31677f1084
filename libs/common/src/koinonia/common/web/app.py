"""The application of a service: its routes, and what surrounds every request."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from koinonia.common import telemetry
from koinonia.common.web import (
    answers,
    health,
    known_input,
    methods,
    problems,
    route_permissions,
    stored_text,
)
from koinonia.common.web.auditing.actions import AuditTable
from koinonia.common.web.bodies import BODY_LIMIT, BodyLimit
from koinonia.common.web.keeping.entity_tags import EntityTags
from koinonia.common.web.keeping.kept_answers import KeptAnswers
from koinonia.common.web.methods import HeadAsGet
from koinonia.common.web.quick.read_routes import ReadRoutes
from koinonia.common.web.requests import Requests
from koinonia.common.web.stored_text import StoredText

GZIP_FROM = 1024  # bytes; below it the headers cost more than is saved
GZIP_LEVEL = 1  # nearly the ratio of level 9 for JSON, at a fraction of its time
# Files keep their length, by which a player or a carrier plans; most are compressed inside. Nothing
# else of ours is, and each entry costs every answer.
NOT_GZIPPED = (
    *("image/*", "audio/*", "video/*", "text/event-stream"),
    *("application/pdf", "text/vcard", "text/calendar"),
)


class Application(FastAPI):
    """FastAPI, whose document says which errors each operation answers and what it takes."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.middleware_stack and not telemetry.is_on():
            scope["app"] = self  # the two classes above would look for telemetry, and do no more
            await self.middleware_stack(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    @override
    def openapi(self) -> dict[str, Any]:  # Any: as FastAPI declares it
        if self.openapi_schema is None:
            document = super().openapi()
            answers.describe(self, document)
            route_permissions.describe(self, document)
        return self.openapi_schema or {}


def create_app(
    name: str,
    *,
    title: str | None = None,
    routers: Sequence[APIRouter] = (),
    readiness: Sequence[health.Check] = (),
    version: str = "1",
    body_limit: int = BODY_LIMIT,
    body_limits: Mapping[str, int] | None = None,
    middleware: Sequence[Middleware] = (),
    openapi_url: str = "/openapi.json",
    health_router: APIRouter | None = None,
    compress: bool = True,
    checks_text: bool = True,
    knows_callers: bool = True,
    audit: AuditTable | None = None,
) -> FastAPI:
    """The application ``name``. It has no lifespan: the runtime opens what it needs and puts it
    at ``app.state.running`` before the first request.

    ``body_limits`` are bytes by path prefix, the longest prefix wins; ``body_limit`` is for all
    other paths. ``middleware`` (pure ASGI) comes inside ours: what it answers or raises is
    logged and carries the request id. A router carries its own prefix. ``health_router`` stands
    in for ours; ``compress=False`` is for who passes on what others have compressed and tagged, and
    ``checks_text=False`` for who passes requests on, or must take them however they are;
    ``knows_callers=False`` for who is called by rules of others, who may add what they like.
    ``audit`` says of each operation that changes something what the audit trail keeps.
    """
    gzip = Middleware(
        GZipMiddleware,
        minimum_size=GZIP_FROM,
        compresslevel=GZIP_LEVEL,
        exclude_content_types=NOT_GZIPPED,
    )
    app = Application(
        title=title or f"Koinonia {name}",
        version=version,
        openapi_url=openapi_url,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would name our inner address
        generate_unique_id_function=_operation_id,
        exception_handlers=problems.HANDLERS,
        telemetry=telemetry.http(),
        middleware=[
            Middleware(Requests),
            *([Middleware(KeptAnswers), gzip] if compress else []),
            Middleware(BodyLimit, default=body_limit, by_prefix=body_limits or {}),
            *middleware,
            *([Middleware(StoredText)] if checks_text else []),
            Middleware(HeadAsGet),
            *([Middleware(EntityTags)] if compress else []),
        ],
    )
    app.state.audit = audit
    app.state.checks = {check.name: check.probe for check in readiness}
    app.include_router(health_router or health.router(name))
    _include(app, routers, is_guarded=knows_callers)
    return app


def _include(app: FastAPI, routers: Sequence[APIRouter], *, is_guarded: bool) -> None:
    literal = methods.literal_paths([route for router in routers for route in router.routes])
    for router in routers:
        checks = known_input.guard(router, literal) if is_guarded else []
        app.include_router(router, dependencies=[*checks, *stored_text.form_checks(router)])
    if is_guarded:
        app.router.routes.insert(0, ReadRoutes(routers))


def _operation_id(route: APIRoute) -> str:
    return to_camel(route.name)
