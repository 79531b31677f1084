"""What of people is in a webhook, by scope, sealed: phones, and what they write."""

import base64
from collections.abc import Collection, Mapping

import orjson

from koinonia.common.crypto import KeyRing
from koinonia.integrations.vocabulary import WebhookScope

Json = dict[str, object]
_CONTEXT = b"webhook"


def seal(ring: KeyRing, parts: Mapping[WebhookScope, Json]) -> str:
    by_name = {str(scope): part for scope, part in parts.items()}
    return base64.b64encode(ring.seal(orjson.dumps(by_name), _CONTEXT)).decode()


def added(ring: KeyRing, data: str, sealed: str | None, scopes: Collection[str]) -> Json:
    """``data`` with what the ``scopes`` add to it. Raises ``crypto.SealBroken``."""
    shown: Json = orjson.loads(data)
    if sealed is None or not scopes:
        return shown
    parts: dict[str, Json] = orjson.loads(ring.open(base64.b64decode(sealed), _CONTEXT))
    for scope, part in parts.items():
        if scope in scopes:
            shown |= part
    return shown
