"""What Twilio's routes share: the account, forms, refusals, JSON."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from koinonia.devkit.carrier.calls.json_answers import json
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.refusals import Refused
from koinonia.devkit.carrier.twilio import dialect
from koinonia.devkit.carrier.twilio.dialect import twilio_of

ACCOUNT = "/2010-04-01/Accounts/{account}"

Answer = Callable[[Network, Request], Awaitable[Response]]
Form = dict[str, list[str]]


def route(path: str, answer: Answer, method: str = "GET") -> Route:
    """A route that is given the network; a refusal below it becomes its body."""

    async def endpoint(request: Request) -> Response:
        network: Network = request.app.state.network
        try:
            _admit(network, request)
            return await answer(network, request)
        except Refused as refused:
            status, body = dialect.refusal(refused)
            return json(body, status)

    return Route(path, endpoint, methods=[method])


def sid(prefix: str) -> str:
    return f"{prefix}{uuid4().hex}"


async def form(request: Request) -> Form:
    """What was posted: all values by name. Anything but a form is refused, as at Twilio."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != dialect.FORM:
        raise Refused("10015")
    posted: Form = {}
    for name, value in parse_qsl((await request.body()).decode(), keep_blank_values=True):
        posted.setdefault(name, []).append(value)
    return posted


def first(posted: Form, name: str) -> str | None:
    return posted.get(name, [None])[0] or None


def account(request: Request) -> str:
    """The SID of who calls."""
    return _credentials(request)[0]


def _admit(network: Network, request: Request) -> None:
    sid, token = _credentials(request)
    in_path = request.path_params.get("account", sid)
    if in_path != sid or not twilio_of(network).admits(sid, token):
        raise Refused("10009")


def _credentials(request: Request) -> tuple[str, str]:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        sid, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (sid, token) if kind == "Basic" else ("", "")
