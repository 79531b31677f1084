"""The routes for GET of an application, found by their address."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import cast

from fastapi import APIRouter
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts, serialize_response
from fastapi.telemetry._api import _route_selected  # what names the span of a request
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from koinonia.common.web.idempotent import CreatingRoute
from koinonia.common.web.known_input import Guarded
from koinonia.common.web.quick.inputs import Inputs

READ = "koinonia_read"
KINDS = (APIRoute, CreatingRoute)  # which keeps the answers of what creates, and of nothing else


class _Read:
    """One route. It is worked out when it is first asked."""

    def __init__(self, route: RouteContext) -> None:
        self._declared = route
        self.path = route.path or ""
        self.path_regex: re.Pattern[str] = route.path_regex
        self.route = cast(APIRoute, route.original_route)

    @cached_property
    def inputs(self) -> Inputs | None:
        """None where FastAPI has to answer."""
        is_plain = (
            type(self.route) in KINDS
            and isinstance(self.route.handle, Guarded)
            and isinstance(self._declared.response_class, DefaultPlaceholder)
            and self._declared.status_code in (None, 200)
        )
        return Inputs.by_dependant(self._declared.dependant) if is_plain else None

    def inside(self, path: str) -> dict[str, object] | None:
        """The ids in ``path``; None where it is not of this route."""
        match, convertors = self.path_regex.match(path), self._declared.param_convertors
        if match is None:
            return None
        return {name: convertors[name].convert(value) for name, value in match.groupdict().items()}

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        guarded = self.route.handle
        assert self.inputs is not None
        assert isinstance(guarded, Guarded)
        _route_selected(scope=scope, path=self.path)
        receive = await guarded.checked(scope, receive)
        answer = await self.inputs.answer(Request(scope, receive, send))
        if not isinstance(answer, Response):
            shown = await serialize_response(
                field=self._declared.response_field, response_content=answer, dump_json=True
            )
            answer = Response(shown, media_type="application/json")
        await answer(scope, receive, send)


class ReadRoutes(BaseRoute):
    """Stands before all other routes, and takes of them what is asked with GET and plain."""

    def __init__(self, routers: Sequence[APIRouter]) -> None:
        self._literal: dict[str, _Read | None] = {}  # None: there is no GET
        self._others: list[_Read] = []
        for route in _routes(routers):
            is_read = "GET" in (route.methods or ())
            path = route.path or ""
            if "{" not in path:
                self._literal[path] = self._literal.get(path) or (_Read(route) if is_read else None)
            elif is_read:
                self._others.append(_Read(route))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] != "GET":
            return Match.NONE, {}
        read, inside = self._found(scope["path"])
        if read is None or read.inputs is None:
            return Match.NONE, {}
        route = read.route
        found = {"route": route, "endpoint": route.endpoint, "path_params": inside, READ: read}
        return Match.FULL, found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope[READ].answer(scope, receive, send)

    def _found(self, path: str) -> tuple[_Read | None, dict[str, object]]:
        if path in self._literal:
            return self._literal[path], {}
        for each in self._others:
            if (inside := each.inside(path)) is not None:
                return each, inside
        return None, {}


def _routes(routers: Sequence[APIRouter]) -> Iterator[RouteContext]:
    for router in routers:
        for each in iter_route_contexts(router.routes):
            if isinstance(each.original_route, APIRoute):
                yield each
