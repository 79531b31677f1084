"""Errors carry their status and their sentence.

A domain error subclasses one of these and states what is wrong and what to do::

    class NoActiveNumber(Conflict):
        code = "NO_ACTIVE_NUMBER"
        message = "This church has no active number yet. Order one with POST /api/phone-numbers."

Raised anywhere below a route, it becomes the body ``{"error": {"message", "code", "details",
"requestId"}}``.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from koinonia.common.schema import Schema


class AppError(Exception):
    """The base. ``message`` is for people, ``code`` for programs, ``details`` for both."""

    status: ClassVar[int] = 500
    code: str = "INTERNAL_ERROR"
    message: str = "Something went wrong on our side. Try again; if it stays, tell support."
    details_type: ClassVar[Any] = None  # Any: what pydantic can describe, the type of ``details``
    headers: Mapping[str, str]

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        details: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.details = details
        self.headers = headers or {}
        super().__init__(self.message)

    def body(self, request_id: str) -> dict[str, dict[str, object]]:
        """The JSON body of the answer."""
        return {
            "error": {
                "message": self.message,
                "code": self.code,
                "details": self.details,
                "requestId": request_id,
            }
        }


class UnknownIds(Schema):
    """What a request named and does not exist."""

    ids: list[UUID]


class RetryAfter(Schema):
    retry_after: int  # seconds


class WrongInput(Schema):
    """One thing that is wrong with a request: where, and what to do about it."""

    field: str
    problem: str
    place: Literal["body", "query", "path", "header", "cookie"] | None = None
    nearest: str | None = None  # the known name that was probably meant


class Invalid(AppError):
    status = 400
    code = "VALIDATION_ERROR"
    message = "The request is not valid."
    details_type: ClassVar[Any] = list[WrongInput] | None  # Any: as above


class Unauthorized(AppError):
    status = 401
    code = "UNAUTHORIZED"
    message = "Sign in first: POST /api/auth/login."


class Forbidden(AppError):
    status = 403
    code = "FORBIDDEN"
    message = "Your role does not allow this. Ask an owner of the church."


class NotFound(AppError):
    status = 404
    code = "NOT_FOUND"
    message = "There is nothing here under this id."


class Conflict(AppError):
    status = 409
    code = "CONFLICT"
    message = "This contradicts the present state."


class TooLarge(AppError):
    status = 413
    code = "TOO_LARGE"
    message = "The request is too large."


class UnsupportedMedia(AppError):
    status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"
    message = "Send this as JSON with Content-Type: application/json."


class Unprocessable(AppError):
    status = 422
    code = "UNPROCESSABLE"
    message = "The request is well-formed but cannot be done."


class TooMany(AppError):
    status = 429
    code = "RATE_LIMITED"
    message = "Too many requests. Wait and try again."


class BadGateway(AppError):
    status = 502
    code = "BAD_GATEWAY"
    message = "A service behind us gave no sensible answer. Try again."


class Unavailable(AppError):
    status = 503
    code = "UNAVAILABLE"
    message = "A part of the system is not available. Try again in a moment."
