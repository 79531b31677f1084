"""Bodies of JSON that a route reads itself, because parsing them would hold the event loop."""

from collections.abc import Mapping

from fastapi import Request
from pydantic import BaseModel

from koinonia.common.errors import UnsupportedMedia

JSON = "application/json"


async def read(request: Request) -> bytes:
    """The body; raises ``UnsupportedMedia`` where it is not said to be JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise UnsupportedMedia
    return await request.body()


def described(model: type[BaseModel]) -> dict[str, object]:
    """``openapi_extra`` of a route whose body is a ``model``."""
    schema = model.model_json_schema(by_alias=True)
    parts = schema.pop("$defs", {})
    whole = _inlined(schema, parts)
    return {"requestBody": {"required": True, "content": {JSON: {"schema": whole}}}}


def _inlined(schema: object, parts: Mapping[str, object]) -> object:
    """Without references, which would point outside of the document."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            return _inlined(parts[str(schema["$ref"]).rpartition("/")[2]], parts)
        return {name: _inlined(each, parts) for name, each in schema.items()}
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    return schema
