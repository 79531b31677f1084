"""Every error of every route, in one form: ``{"error": {message, code, details, requestId}}``."""

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from koinonia.common import errors
from koinonia.common.web import methods
from koinonia.common.web.validation import invalid

NUL_IN_TEXT = ("22021", "22P05")  # SQLSTATE: PostgreSQL's text cannot hold U+0000
DATABASE_AWAY = ("08", "53", "57P")  # SQLSTATE classes: connection, resources, shutdown


class MethodNotAllowed(errors.AppError):
    status = 405
    code = "METHOD_NOT_ALLOWED"


def answer(error: errors.AppError, status: int | None = None) -> Response:
    """The response that ``error`` stands for."""
    structlog.contextvars.bind_contextvars(error_code=error.code)  # for the line request.finished
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return _Answer(error.body(request_id), status or error.status, headers=dict(error.headers))


class _Answer(JSONResponse):
    """JSON that can be written whatever a client sent: half a character becomes a question mark."""

    def render(self, content: object) -> bytes:
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def translated(error: Exception) -> errors.AppError | None:
    """What a failure of the database means to a client; None for what nobody foresaw."""
    if isinstance(error, PoolTimeout | ConnectionError):
        return errors.Unavailable()
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if state in NUL_IN_TEXT:
            return errors.Invalid("Text must not contain the character U+0000. Remove it.")
        if _is_half_a_character(error.orig):
            return errors.Invalid("Text holds half of a character (a surrogate). Remove it.")
        if error.connection_invalidated or state.startswith(DATABASE_AWAY):
            return errors.Unavailable()
    return None


def _is_half_a_character(error: BaseException | None) -> bool:
    """Whether UTF-8 could not hold the text: JSON may write U+D800 to U+DFFF, one by one."""
    while error is not None and not isinstance(error, UnicodeEncodeError):
        error = error.__cause__
    return error is not None


async def refused(scope: Scope, refusal: errors.AppError | HTTPException) -> Response:
    """The same for who answers without the framework."""
    kind = HTTPException if isinstance(refusal, HTTPException) else errors.AppError
    return await HANDLERS[kind](Request(scope), refusal)


async def _app_error(_: Request, error: errors.AppError) -> Response:
    return answer(error)


async def _validation_error(request: Request, error: RequestValidationError) -> Response:
    if isinstance(error.body, bytes):  # FastAPI leaves unparsed what is not declared as JSON
        return answer(errors.UnsupportedMedia())
    return answer(invalid(error.errors(), _type_of_body(request)))


def _type_of_body(request: Request) -> object:
    field = getattr(request.scope.get("route"), "body_field", None)
    return field.field_info.annotation if field else None


async def _http_exception(request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(methods.allowed(request))})
    if known := _KNOWN.get(error.status_code):
        return answer(known(request, error))
    code = HTTPStatus(error.status_code).name
    other = errors.AppError(str(error.detail), code=code, headers=error.headers)
    return answer(other, error.status_code)


def _unread(_: Request, error: HTTPException) -> errors.AppError:
    if isinstance(error.__cause__, errors.AppError):  # FastAPI hides what broke the reading
        return error.__cause__
    return errors.Invalid("The body could not be read. Check its encoding (UTF-8) and its form.")


def _no_route(_: Request, __: HTTPException) -> errors.AppError:
    return errors.NotFound("There is no such address. /api/docs lists all that exist.")


def _no_method(request: Request, _: HTTPException) -> errors.AppError:
    allowed = methods.allowed(request)
    useful = ", ".join(each for each in allowed if each != "OPTIONS")
    message = f"{request.method} is not possible here. Use {useful}."
    return MethodNotAllowed(message, headers={"Allow": ", ".join(allowed)})


def _too_large(_: Request, error: HTTPException) -> errors.AppError:
    return errors.TooLarge(str(error.detail))


_KNOWN: dict[int, Callable[[Request, HTTPException], errors.AppError]] = {
    400: _unread,
    404: _no_route,
    405: _no_method,
    413: _too_large,
}

HANDLERS: dict[int | type[Exception], Callable[..., Coroutine[object, object, Response]]] = {
    errors.AppError: _app_error,
    RequestValidationError: _validation_error,
    HTTPException: _http_exception,
}
