"""``docs/openapi.json``: the interface of the whole, merged as the gateway serves it."""

import json

from koinonia.common.settings import Settings
from koinonia.devkit.layout import SERVICES, program


def document() -> str:
    """The merged OpenAPI document."""
    from koinonia.gateway.reference import interface

    described = {name: program(name).create_app().openapi() for name in SERVICES}
    own = described.pop("gateway")
    address = str(Settings.model_fields["public_url"].default)
    merged = interface.document(described, own, address)
    return json.dumps(merged, indent=2, ensure_ascii=False) + "\n"
