"""Answers in JSON, as every API here gives them."""

import orjson
from starlette.responses import Response


def json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")
