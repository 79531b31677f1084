"""``docs/openapi.json``: the interface of the whole, merged as the gateway serves it."""

import json

from koinonia.devkit.layout import SERVICES, program


def document() -> str:
    """The merged OpenAPI document."""
    from koinonia.gateway import openapi

    described = {name: program(name).create_app().openapi() for name in SERVICES}
    return json.dumps(openapi.merge(described), indent=2, ensure_ascii=False) + "\n"
