"""``openapi.json``: the interface of all services as one document.

It is made from the applications in this process; no service runs. The gateway serves the file from
its own package, and ``docs/openapi.json`` is a link to it.
"""

import importlib
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from koinonia.common.settings import Settings
from koinonia.common.web import answers
from koinonia.devkit.documents import openapi_merge, openapi_names, openapi_shapes
from koinonia.devkit.documents.source.names import Source
from koinonia.devkit.documents.source.raised_errors import RaisedErrors
from koinonia.devkit.layout import ROOT, SERVICES, program
from koinonia.gateway.live import event_schemas

LIBRARIES = ("common", "carriers", "media")  # whose errors a service lets through

DESCRIPTION = (
    "Version 1, under /api: fields, values and codes may be added, nothing is taken away. "
    "Text messages between a church and its people. Sign in with POST /api/auth/login; "
    "a browser then sends a cookie, and GET /api/csrf-token has the token for changes. "
    "Every failure is {error: {message, code, details, requestId}}; every list is "
    "{data, hasMore, nextCursor}."
)
INFO = {"title": "Koinonia", "version": "1", "description": DESCRIPTION}


def document() -> str:
    """The merged document as JSON, with the default public address as its server."""
    described = {name: _described(name) for name in SERVICES}
    own = described.pop(openapi_merge.OWN)
    own["components"]["schemas"].update(event_schemas.schemas())
    ordered = {openapi_merge.OWN: own, **dict(sorted(described.items()))}
    address = str(Settings.model_fields["public_url"].default)
    merged = openapi_merge.merged(openapi_names.named(ordered), INFO, address)
    return json.dumps(openapi_shapes.shaped(merged), indent=2, ensure_ascii=False) + "\n"


def _described(service: str) -> dict[str, Any]:  # Any: as FastAPI declares it
    """The document of one service, where each operation has the errors that its code raises."""
    app = program(service).create_app()
    described = app.openapi()
    for route, operation in answers.operations(app, described):
        function = getattr(route.endpoint, "__qualname__", "").partition(".<locals>")[0]
        raised = _raised().by(f"{route.endpoint.__module__}.{function}")
        answers.add(described, operation, _classes(raised))
    return described


@cache
def _raised() -> RaisedErrors:
    folders = sorted(ROOT.glob("services/*/src"))
    return RaisedErrors(Source.read(*folders, *(ROOT / f"libs/{each}/src" for each in LIBRARIES)))


def _classes(names: Iterable[str]) -> list[answers.Kind]:
    found = (name.rpartition(".") for name in sorted(names))  # of one code the first is described
    return [getattr(importlib.import_module(module), own) for module, _, own in found]
