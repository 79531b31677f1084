"""Somebody who hears what carriers report."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.carriers.contract import Carrier, Parsed
from koinonia.common.testing.eventually import eventually
from koinonia.devkit.carrier.network import Network


@dataclass(frozen=True)
class Call:
    """One call of a carrier to us."""

    url: str
    raw: bytes
    headers: Mapping[str, str]


@dataclass
class Listener:
    """Answers 200 to everything."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)

    async def hear(self, request: Request) -> Response:
        call = Call(str(request.url), await request.body(), dict(request.headers))
        self.calls.append(call)
        return Response()

    async def heard(self, carrier: Carrier, network: Network) -> list[Parsed]:
        """Everything the carrier has told, verified and read, when nothing more will come."""
        await eventually(lambda: network.pending == 0)
        for call in self.calls:
            carrier.verify(call.raw, call.headers, time.time(), url=call.url)
        return [each for call in self.calls for each in carrier.parse(call.raw)]


def endpoint_for_all(endpoint: Callable[[Request], Awaitable[Response]]) -> Starlette:
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=["GET", "POST", "PATCH"])])
