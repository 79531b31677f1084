"""An example value for a schema, and the curl command of an operation."""

import json
import shlex
from collections.abc import Mapping

from koinonia.gateway.reference import schemas
from koinonia.gateway.reference.schemas import JsonObject, Schema, Schemas

DEEPEST = 6
PLAIN = "text"
FORMATS = {
    "uuid": "0199a1c2-7d3e-7abc-8def-0123456789ab",
    "date-time": "2026-11-22T09:30:00Z",
    "date-time-local": "2026-11-22T09:30:00",
    "date": "2026-11-22",
    "email": "pastor@example.org",
    "uri": "https://example.org",
}
NAMES = {
    "email": "pastor@example.org",
    "phone": "+12025550123",
    "phoneNumber": "+12025550123",
    "password": "a long pass phrase",
    "firstName": "Ruth",
    "lastName": "Meyer",
    "churchName": "Grace Chapel",
    "name": "Youth",
    "timezone": "America/New_York",
    "content": "Service starts at 10 on Sunday.",
    "areaCode": "202",
    "tokens": True,
}


def example(
    schema: Schema, known: Schemas, name: str = "", depth: int = 0, *, asked: bool = False
) -> object:
    """A value that the schema allows, as far as it can be derived. In what is ``asked`` of a
    client, fields that may be null are left out."""
    given = schema.get("examples") or [schema[key] for key in ("example", "const") if key in schema]
    if given:
        return given[0]
    schema = schemas.resolved(schema, known)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object" if depth < DEEPEST:
            return {
                key: example(each, known, key, depth + 1, asked=asked)
                for key, each in _shown(schema.get("properties", {}), asked).items()
            }
        case "array":
            value = example(schema.get("items", {}), known, name, depth + 1, asked=asked)
            default = schemas.default_of(schema)
            return default if value == PLAIN and default is not None else [value]
        case _ if asked and name in NAMES:
            return NAMES[name]
        case _ if schemas.default_of(schema) not in (None, ""):
            return schemas.default_of(schema)
        case "string":
            return FORMATS.get(schema.get("format", ""), NAMES.get(name, PLAIN))
        case "integer":
            return int(schema.get("minimum", 1))
        case "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return None


def _shown(properties: Mapping[str, Schema], asked: bool) -> Mapping[str, Schema]:
    needed = {name: each for name, each in properties.items() if not schemas.is_nullable(each)}
    return (needed or properties) if asked else properties


def curl(server: str, path: str, method: str, operation: JsonObject, known: Schemas) -> str:
    """A command to paste into a shell, where ``$TOKEN`` is an access token."""
    parts = [f"curl -X {method.upper()} {shlex.quote(server + path)}"]
    if operation.get("security"):
        parts.append('-H "Authorization: Bearer $TOKEN"')
    parts += _body(operation.get("requestBody", {}).get("content", {}), known)
    return " \\\n  ".join(parts)


def _body(content: JsonObject, known: Schemas) -> list[str]:
    if "application/json" in content:
        value = example(content["application/json"].get("schema", {}), known, asked=True)
        return ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(value))}"]
    if "multipart/form-data" in content:
        form = schemas.resolved(content["multipart/form-data"].get("schema", {}), known)
        return [f"-F {name}=@{name}.csv" for name in _shown(form.get("properties", {}), True)]
    return []
