"""The gateway's routing table against the services' folders and the document it serves."""

import json

import pytest
from tests.architecture.source import ROOT, report

from koinonia.devkit.documents import OPENAPI
from koinonia.devkit.layout import program
from koinonia.gateway import routes
from koinonia.gateway.settings import Settings

SERVICES = sorted(
    path.parent.name
    for path in (ROOT / "services").glob("*/pyproject.toml")
    if path.parent.name != "gateway"
)
PUBLISHED = sorted(json.loads((ROOT / OPENAPI).read_text())["paths"])


@pytest.mark.parametrize("service", SERVICES)
def test_the_gateway_passes_every_route_of_a_service_on_to_it(service: str) -> None:
    report(
        "Clients reach a service through the gateway alone: each of its routes under /api is "
        "routed to it.",
        "Add a Target to PREFIXES in services/gateway/src/koinonia/gateway/routes.py.",
        [
            f"{path} is routed to {_service(path)}"
            for path in _paths(service)
            if path.startswith("/api/") and _service(path) != service
        ],
    )


def test_the_gateway_routes_to_services_that_there_are() -> None:
    urls = {name.removesuffix("_url") for name in Settings.model_fields if name.endswith("_url")}
    report(
        "The folders below services/ are the list of services; the gateway has an address for "
        "each that it routes to.",
        "Remove the Target from routes.py, or add its setting <service>_url to settings.py.",
        [f"{name} has no folder" for name in routes.SERVICES if name not in SERVICES]
        + [f"{name} has no setting {name}_url" for name in routes.SERVICES if name not in urls],
    )


def test_every_routed_path_is_published() -> None:
    targets, own = (*routes.PREFIXES, *routes.EXACT), _paths("gateway")
    report(
        "The routing table holds what clients find in openapi.json, and nothing else.",
        "Remove the Target, or write the document anew with `make openapi`.",
        [
            f"{target.path} is in no published path"
            for target in targets
            if not any(f"{path}/".startswith(f"{target.path}/") for path in PUBLISHED)
        ]
        + [f"{path} is not routed" for path in PUBLISHED if path not in own and not _service(path)],
    )


def test_the_document_is_in_the_repository_once() -> None:
    link = ROOT / "docs/openapi.json"
    report(
        "docs/openapi.json is a link to the document in the gateway's package, so that the two "
        "cannot differ.",
        f"Restore the link: ln -s ../{OPENAPI} docs/openapi.json",
        [] if link.is_symlink() and link.resolve() == ROOT / OPENAPI else [str(link)],
    )


def _paths(service: str) -> set[str]:
    return set(program(service).create_app().openapi()["paths"])


def _service(path: str) -> str | None:
    try:
        return routes.find(path).service
    except routes.NoRoute:
        return None
