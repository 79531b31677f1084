"""What the routes of all callers have in common."""

from collections.abc import Callable, Coroutine

from fastapi import Request, Response
from fastapi.routing import APIRoute
from typing_extensions import override

from koinonia.common.web import Schema, addresses
from koinonia.common.web.addresses import Proxies

Answer = Callable[[Request], Coroutine[None, None, Response]]


class Direct(APIRoute):
    """Calls its function with the request alone. FastAPI describes it as declared and has no other
    part in it: for each report it would take a tenth of all the time."""

    @override
    def get_route_handler(self) -> Answer:
        answer: Answer = self.endpoint
        return answer


class Received(Schema):
    """How many events the call held and how many of them mean something to us."""

    received: int
    understood: int

    def answered(self) -> Response:
        return Response(self.model_dump_json(by_alias=True), media_type="application/json")


def caller(request: Request, proxies: Proxies) -> str:
    """The address that called, directly or by the gateway, which forwards one address."""
    peer = request.client.host if request.client else addresses.UNKNOWN
    return proxies.client(peer, request.headers.get("x-forwarded-for", ""))
