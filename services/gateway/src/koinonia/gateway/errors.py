"""Errors that the gateway answers itself."""

from koinonia.common import errors
from koinonia.common.schema import Schema

RETRY_SECONDS = 2
STREAM_RETRY_SECONDS = 10


class CsrfMissing(errors.Forbidden):
    code = "CSRF_MISSING"
    message = (
        "This needs a CSRF token. Fetch one with GET /api/csrf-token and send it as X-CSRF-Token."
    )


class CsrfInvalid(errors.Forbidden):
    code = "CSRF_INVALID"
    message = (
        "The CSRF token does not belong to this session. Fetch a new one with "
        "GET /api/csrf-token and send it as X-CSRF-Token."
    )


class OriginRefused(errors.Forbidden):
    code = "ORIGIN_NOT_ALLOWED"
    message = (
        "Pages of this origin may not do this. Use the application at its own address, "
        "or let an operator add the origin to KOINONIA_ALLOWED_ORIGINS."
    )


class RateLimited(errors.TooMany):
    """``seconds`` from now the next request will pass."""

    details_type = errors.RetryAfter

    def __init__(self, amount: int, window: int, seconds: int) -> None:
        super().__init__(
            f"Too many requests. Try again in {seconds} s.",
            details={"retryAfter": seconds},
            headers={
                "Retry-After": str(seconds),
                "RateLimit-Policy": f"{amount};w={window}",
                "RateLimit-Limit": str(amount),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(seconds),
            },
        )


class SignInsUncounted(errors.Unavailable):
    """Attempts that are not counted could be repeated without end."""

    code = "SIGN_IN_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            "Nobody can sign in for the moment, because attempts cannot be counted. "
            f"Try again in {RETRY_SECONDS} s.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class SessionUnknown(errors.Unavailable):
    """Nothing that knows whether the session was ended can be asked."""

    code = "SESSION_UNKNOWN"

    def __init__(self) -> None:
        super().__init__(
            "Your session cannot be checked for the moment. Nothing was done; "
            f"try again in {RETRY_SECONDS} s.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class ServiceName(Schema):
    service: str


class UpstreamDown(errors.Unavailable):
    code = "UPSTREAM_DOWN"
    details_type = ServiceName

    def __init__(self, service: str) -> None:
        super().__init__(
            f"The part called {service} cannot be reached right now. Nothing was done; "
            f"try again in {RETRY_SECONDS} s.",
            details={"service": service},
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class UpstreamLost(errors.BadGateway):
    """It may have read the request before it went away, so nobody may repeat it blindly."""

    code = "UPSTREAM_LOST"
    details_type = ServiceName

    def __init__(self, service: str) -> None:
        super().__init__(
            f"The part called {service} broke off before it answered. This may have been done or "
            "not: look before you repeat it.",
            details={"service": service},
        )


class UpstreamLate(errors.AppError):
    status = 504
    code = "UPSTREAM_TIMEOUT"
    details_type = ServiceName

    def __init__(self, service: str, seconds: float) -> None:
        super().__init__(
            f"The part called {service} did not answer within {seconds:g} s. This may still be "
            "done: look before you repeat it.",
            details={"service": service},
        )


class MostStreams(Schema):
    most: int


class TooManyStreams(errors.TooMany):
    code = "TOO_MANY_STREAMS"
    details_type = MostStreams

    def __init__(self, most: int) -> None:
        super().__init__(
            f"You have {most} event streams open, which is the most. Close one, or share one among "
            "the pages of a browser.",
            details={"most": most},
            headers={"Retry-After": str(STREAM_RETRY_SECONDS)},
        )


class StreamsFull(errors.Unavailable):
    code = "STREAMS_FULL"

    def __init__(self) -> None:
        super().__init__(
            "As many event streams are open here as there is room for. Try again in "
            f"{STREAM_RETRY_SECONDS} s; until then, ask for what you show every now and then.",
            headers={"Retry-After": str(STREAM_RETRY_SECONDS)},
        )


class Restarting(errors.Unavailable):
    code = "RESTARTING"

    def __init__(self) -> None:
        super().__init__(
            f"This process is about to end. Try again in {RETRY_SECONDS} s.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
