"""What Telnyx's routes share: the key, refusals, idempotency, JSON."""

import re
from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.telnyx import dialect
from koinonia.devkit.carrier.telnyx.dialect import telnyx_of

KEY = re.compile(r"[A-Za-z0-9_:-]{1,255}")

Answer = Callable[[Network, Request], Awaitable[Response]]


def route(path: str, answer: Answer, method: str = "GET") -> Route:
    """A route that is given the network; a refusal below it becomes its body."""

    async def endpoint(request: Request) -> Response:
        network: Network = request.app.state.network
        try:
            _admit(network, request)
            return await answer(network, request)
        except Refused as refused:
            return json(dialect.refusal(refused), refused.status, refused.headers)

    return Route(path, endpoint, methods=[method])


def _admit(network: Network, request: Request) -> None:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not telnyx_of(network).admits(key):
        raise Refused("10009", "The required authentication headers were invalid or missing.")


def sent_json(answer: bytes) -> Response:
    return Response(answer, media_type="application/json")


def json_object(raw: bytes) -> dict[str, object]:
    try:
        body = orjson.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("10015", "The request failed because it was not well-formed.")
    return body


def word(body: dict[str, object], name: str) -> str | None:
    """A field that may be missing, but is no number or list."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused("10015", f"{name} must be a string.", f"/{name}")
    return value


def replayed(network: Network, request: Request, raw: bytes) -> bytes | None:
    """The answer to the identical earlier call, if there was one."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise Refused("10015", "The Idempotency-Key is not valid.")
    earlier = network.answers.get((request.url.path, key))
    if earlier is None:
        return None
    if earlier[0] != raw:
        raise Refused("10027", "This Idempotency-Key was used with another request body.")
    return earlier[1]


def remembered(network: Network, request: Request, raw: bytes, answer: bytes) -> bytes:
    """Only successes are remembered, as at Telnyx: a refused call may be corrected and repeated."""
    key = request.headers.get("idempotency-key")
    if key is not None:
        network.answers[request.url.path, key] = (raw, answer)
    return answer
