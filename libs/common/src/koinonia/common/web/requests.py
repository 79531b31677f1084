"""Middleware of every request: its id, its line in the log, the answer to a crash.

These are plain ASGI: a middleware that runs the application in a task of its own would hide
context variables and cost more than most of our routes.
"""

import re
import secrets
import time

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from koinonia.common import blocked_loop, errors, logging
from koinonia.common.web import problems

log = structlog.get_logger("koinonia.web")

HEADER = b"x-request-id"
CLIENT_LEFT = 499  # a status for the log alone, as nginx has it
OF_A_REQUEST = ("church_id", "error_code")  # a pipelined request starts in its forerunner's context
SANE = re.compile(rb"[A-Za-z0-9_-]{8,64}")


class Requests:
    """One layer for what surrounds every request, since each layer costs.

    Its id: the caller's ``X-Request-Id`` if that is sane, else a new one; bound to the log and
    echoed. Its line in the log, ``request.finished``, with the template of the route: neither ids
    in the path nor a query string get there. What nothing caught is logged and answered here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    @blocked_loop.answering
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0
        request_id = _sent_id(scope) or secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                others = [each for each in message["headers"] if each[0] != HEADER]
                message["headers"] = [*others, (HEADER, request_id.encode())]
            await send(message)

        structlog.contextvars.unbind_contextvars(*OF_A_REQUEST)
        bound = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, observed)
        except ClientDisconnect:
            status = CLIENT_LEFT  # nobody is there to read an answer
        except Exception as error:
            crash = _crash(error)
            if status:  # the answer is on its way; the server cuts the connection
                raise
            await problems.answer(crash)(scope, receive, observed)
        finally:
            _finished(scope, status, time.perf_counter() - started)
            structlog.contextvars.reset_contextvars(**bound)


def route_of(scope: Scope) -> str:
    """The path template of the route that took the request, ``-`` if none did."""
    return str(getattr(scope.get("route"), "path", "-"))


def _finished(scope: Scope, status: int, seconds: float) -> None:
    route = route_of(scope)
    write = log.debug if route.startswith("/health") else logging.frequent.info
    ms = round(seconds * 1000, 1)
    write("request.finished", method=scope["method"], route=route, status=status, ms=ms)


def _crash(error: Exception) -> errors.AppError:
    known = problems.translated(error)
    if known is None:
        log.error("request.failed", exc_info=error)
    elif known.status >= errors.AppError.status:
        log.warning("request.unavailable", error=type(error).__name__)
    return known or errors.AppError()


def _sent_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value.decode() if SANE.fullmatch(value) else None
    return None
