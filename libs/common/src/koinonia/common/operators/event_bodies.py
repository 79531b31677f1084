"""The body of an event, fit to be seen by an operator."""

import json

from pydantic import JsonValue

from koinonia.common.logging import masked

HIDDEN = "(hidden)"
_PERSONAL = frozenset(
    {"text", "content", "body", "firstName", "lastName", "email", "mediaUrls", "payload"}
)


def shown(body: bytes) -> str:
    """Indented JSON: what people wrote, their names and foreign payloads hidden, phones masked.

    Sealed phones stay as they are: nobody reads them without the key.
    """
    try:
        content = json.loads(body)
    except ValueError:
        return f"({len(body)} bytes that are no JSON)"
    return json.dumps(_clean(content), indent=2, ensure_ascii=False)


def _clean(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {
            masked(key): HIDDEN if key in _PERSONAL and item else _clean(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return masked(value) if isinstance(value, str) else value
