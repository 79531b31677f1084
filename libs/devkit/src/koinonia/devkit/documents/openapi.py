"""``openapi.json``: the interface of all services as one document.

It is made from the applications in this process; no service runs. The gateway serves the file from
its own package, and ``docs/openapi.json`` is a link to it.
"""

import json

from koinonia.common.settings import Settings
from koinonia.devkit.documents import openapi_merge
from koinonia.devkit.layout import SERVICES, program

DESCRIPTION = (
    "Text messages between a church and its people. Sign in with POST /api/auth/login; "
    "a browser then sends a cookie, and GET /api/csrf-token has the token for changes. "
    "Every failure is {error: {message, code, details}}; every list is "
    "{data, hasMore, nextCursor}."
)
INFO = {"title": "Koinonia", "version": "1", "description": DESCRIPTION}


def document() -> str:
    """The merged document as JSON, with the default public address as its server."""
    described = {name: program(name).create_app().openapi() for name in SERVICES}
    own = described.pop(openapi_merge.OWN)
    ordered = {openapi_merge.OWN: own, **dict(sorted(described.items()))}
    address = str(Settings.model_fields["public_url"].default)
    merged = openapi_merge.merged(ordered, INFO, address)
    return json.dumps(merged, indent=2, ensure_ascii=False) + "\n"
