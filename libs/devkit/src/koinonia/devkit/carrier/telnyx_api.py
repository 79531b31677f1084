"""What every route in Telnyx's language shares: the key, refusals, idempotency, JSON."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.devkit.carrier import telnyx_words
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.refusals import Refused

KEY = re.compile(r"[A-Za-z0-9_:-]{1,255}")

Answer = Callable[[Network, Request], Awaitable[Response]]


def json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")


def route(path: str, answer: Answer, method: str = "GET") -> Route:
    """A route that is given the network; a refusal below it becomes its body."""

    async def endpoint(request: Request) -> Response:
        network: Network = request.app.state.network
        try:
            _admit(network, request)
            return await answer(network, request)
        except Refused as refused:
            return json(telnyx_words.refusal(refused), refused.status, refused.headers)

    return Route(path, endpoint, methods=[method])


def _admit(network: Network, request: Request) -> None:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not key or network.api_key not in (None, key):
        raise Refused("10009", "The required authentication headers were invalid or missing.")


def sent_json(answer: bytes) -> Response:
    return Response(answer, media_type="application/json")


def json_object(raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("10015", "The request failed because it was not well-formed.")
    return body


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
