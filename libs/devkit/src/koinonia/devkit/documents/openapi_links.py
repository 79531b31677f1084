"""Links of the OpenAPI document: what was created, and which operations take its id.

They follow from the paths alone. ``POST /api/groups`` answers an ``id``, and
``/api/groups/{group_id}`` takes it; so does everything below, as far as nothing else is needed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from koinonia.gateway.reference.operations import METHODS

Json = Any  # Any: a part of an OpenAPI document, whose JSON has many forms

ID = "id"
_PARAMETER = re.compile(r"\{(\w+)\}")
_CREATED = ("200", "201", "202")


def add(paths: Mapping[str, Json], schemas: Mapping[str, Json]) -> None:
    """Give each operation that creates the links to those that its answer makes possible."""
    for path, item in paths.items():
        answer = _creating(item["post"], schemas) if "post" in item else None
        if answer and (links := dict(_links(path, paths))):
            answer["links"] = links


def _creating(operation: Json, schemas: Mapping[str, Json]) -> Json | None:
    """The answer of success, where it is one thing that has an ``id``."""
    for status in _CREATED:
        if answer := operation["responses"].get(status):
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            return answer if ID in schemas.get(name, {}).get("properties", {}) else None
    return None


def _links(path: str, paths: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    below = re.compile(rf"{re.escape(path)}/\{{(\w+)\}}(/[\w-]+)*")
    given = {name: f"$request.path.{name}" for name in _PARAMETER.findall(path)}
    for other, item in paths.items():
        if found := below.fullmatch(other):
            parameters = given | {found[1]: f"$response.body#/{ID}"}
            for method in sorted(METHODS & set(item)):
                name = str(item[method]["operationId"])
                yield name, {"operationId": name, "parameters": parameters}
