"""The operations in parts, each of one resource, and who performs them."""

from collections import defaultdict
from typing import Any

Json = dict[str, Any]  # Any: a part of an OpenAPI document, whose JSON has many forms

LEFT_OUT = {
    "streamEvents": "It does not end; services/gateway/tests/test_live.py reads it.",
}
ENDINGS = {
    "logout": "It ends the session that all others need.",
    "releasePhoneNumber": "Without a number nothing can be sent any more.",
}
"""Operations that take from a church what the others need: each has a church of its own."""


def by_resource(document: Json) -> dict[str, list[str]]:
    """By what stands first in the path, the ids of operations. ``endings`` are apart."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, item in document["paths"].items():
        for operation in item.values():
            name = operation["operationId"]
            if name not in LEFT_OUT:
                found["endings" if name in ENDINGS else resource(path)].append(name)
    return dict(found)


def resource(path: str) -> str:
    """What stands first in a path."""
    return path.removeprefix("/api").split("/")[1]
