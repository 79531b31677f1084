"""The response headers of ours, as the OpenAPI document declares them.

Those that follow from the status or from what the operation takes are added to each operation; a
route declares others itself, by ``headers=declared("Content-Disposition")`` in its ``responses``.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_DESCRIBED: dict[str, tuple[str, Json]] = {
    "X-Request-Id": (
        "The id of this request, for support: take it from here or send your own.",
        _TEXT,
    ),
    "Retry-After": ("Seconds until another try can succeed.", _COUNT),
    "ETag": (
        "The tag of this answer: give it as If-None-Match to be sent only what changed.",
        _TEXT,
    ),
    "RateLimit-Limit": ("Requests in a window, where the limit of requests refused this.", _COUNT),
    "RateLimit-Policy": ("The same with the seconds of the window: 600;w=60.", _TEXT),
    "RateLimit-Remaining": ("Requests that are left in this window.", _COUNT),
    "RateLimit-Reset": ("Seconds until the next request passes.", _COUNT),
    "Idempotency-Replayed": (
        "true: this is the answer of the first request with this Idempotency-Key.",
        {"type": "string", "const": "true"},
    ),
    "Content-Disposition": ("What the file is called.", _TEXT),
    "Accept-Ranges": ("bytes: a part of it can be asked for by Range.", _TEXT),
    "Content-Range": ("Which part of the file this is, and how many bytes the whole has.", _TEXT),
    "Allow": ("The methods of this address.", _TEXT),
}

COMPONENTS: dict[str, Json] = {
    name.replace("-", ""): {"description": description, "schema": schema}
    for name, (description, schema) in _DESCRIBED.items()
}
RATE_LIMIT = tuple(name for name in _DESCRIBED if name.startswith("RateLimit-"))
KEY = "Idempotency-Key"


def declared(*names: str) -> Json:
    """``headers`` of an answer, by reference to the components."""
    return {name: {"$ref": f"#/components/headers/{name.replace('-', '')}"} for name in names}


def of_status(status: str, operation: Json) -> Json:
    """The headers that an answer of ``operation`` with this status may have."""
    return declared(*_names(status, operation))


def _names(status: str, operation: Json) -> Iterator[str]:
    takes_key = any(each.get("name") == KEY for each in operation.get("parameters", ()))
    yield "X-Request-Id"
    if status in ("429", "503") or (status == "409" and takes_key):
        yield "Retry-After"
    if status == "429":
        yield from RATE_LIMIT
    if status == "304":
        yield "ETag"
    if status.startswith("2") and takes_key:
        yield "Idempotency-Replayed"
