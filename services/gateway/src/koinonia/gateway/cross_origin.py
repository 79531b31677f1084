"""Pages of other origins: whose may read our answers, and what is said to a browser that asks."""

from functools import partial
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from koinonia.common.errors import Invalid
from koinonia.common.web import problems
from koinonia.gateway.errors import OriginRefused
from koinonia.gateway.routes import Target

PREFLIGHT = Target("preflight", "gateway")  # what the log calls it, whatever its path
ORIGIN, ASKS_FOR = b"origin", b"access-control-request-method"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
HEADERS = (
    *("Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token"),
    *("If-Match", "If-None-Match", "Last-Event-ID"),
    *("X-Request-Id", "traceparent", "tracestate"),
)
EXPOSED = (
    *("Allow", "Content-Disposition", "ETag", "Idempotency-Replayed"),
    *("Location", "Retry-After", "X-Request-Id"),
    *("RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset"),
)
NOT_POSSIBLE = Invalid(
    "A page of another origin may not send this method or one of these headers. "
    f"It may use {', '.join(METHODS)} with {', '.join(HEADERS)}."
)


class Cors(CORSMiddleware):
    """The rules of Starlette (Fetch standard, 3.3) for ``origins``, with refusals of our form."""

    def __init__(self, origins: frozenset[str]) -> None:
        super().__init__(
            _nothing,
            allow_origins=sorted(origins),
            allow_credentials=True,
            allow_methods=METHODS,
            allow_headers=HEADERS,
            expose_headers=EXPOSED,
        )

    def answering(self, scope: Scope, send: Send) -> Send:
        """``send`` that says with the answer whether the page may read it."""
        if is_preflight(scope):
            return send
        return partial(self.send, send=send, request_headers=Headers(scope=scope))

    def preflight(self, scope: Scope) -> Response:
        """What a browser may let the page send."""
        scope["route"] = PREFLIGHT
        return self.preflight_response(Headers(scope=scope))

    @override
    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code == HTTPStatus.OK:
            return response
        is_ours = self.is_allowed_origin(request_headers["origin"])
        refusal = problems.answer(NOT_POSSIBLE if is_ours else OriginRefused())
        refusal.headers["Vary"] = response.headers["Vary"]
        return refusal


def has_origin(scope: Scope) -> bool:
    """Whether a browser asks for a page and says of which origin."""
    return any(name == ORIGIN for name, _ in scope["headers"])


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks if a page of another origin may send what it is about to send."""
    if scope["method"] != "OPTIONS":
        return False
    names = {name for name, _ in scope["headers"]}
    return ORIGIN in names and ASKS_FOR in names


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Starlette's class wraps an application; ours is asked by those that do."""
