"""The folders below ``services/`` are the list of services: whatever names them all is held to it.

What can derive the list does (`make`, devkit, `koinonia dead`). These files cannot.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import yaml
from tests.architecture.source import ROOT, Source, code, report

from koinonia.carriers import CARRIERS
from koinonia.common import packages
from koinonia.common.events import REGISTRY
from koinonia.devkit import layout
from koinonia.gateway import routes
from koinonia.gateway.settings import Settings

SERVICES = sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml"))
BEHIND = [name for name in SERVICES if name != layout.GATEWAY]
COMMON = "libs/common/src/koinonia/common/"
NO_SERVICE = re.compile(
    "auth_url|BAD_GATEWAY|AUTH {|--auth="
)  # words of ours, HTTP, Redis, PostgreSQL
OWNERS = f"{COMMON}events/"  # an event stands in the file of its owner


def lacking(where: str, found: Iterable[str], wanted: Iterable[str] = SERVICES) -> list[str]:
    """What differs between a list and the folders."""
    found, wanted = set(found), set(wanted)
    return [f"{where} lacks {name}" for name in sorted(wanted - found)] + [
        f"{where} names {name}, which is no service" for name in sorted(found - wanted)
    ]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def services_in(modules: Iterable[str]) -> Iterator[str]:
    """The services among modules; the libraries are left out."""
    libraries = {path.name for path in (ROOT / "libs").iterdir()}
    for line in modules:
        for module in line.split("|"):
            name = module.strip().removeprefix("koinonia.").partition(".")[0]
            if name not in libraries:
                yield name


def test_a_service_declares_its_program() -> None:
    declared = {
        name: tomllib.loads((ROOT / "services" / name / "pyproject.toml").read_text())["project"]
        for name in SERVICES
    }
    report(
        "A service is found by what it declares: `koinonia dead` lists its queues, everywhere.",
        f'Write in its pyproject.toml under [project.entry-points."{packages.SERVICES}"]: '
        '<name> = "koinonia.<name>.program:PROGRAM".',
        [
            name
            for name, each in declared.items()
            if each.get("entry-points", {}).get(packages.SERVICES)
            != {name: f"koinonia.{name}.program:PROGRAM"}
        ],
    )
    assert packages.services([]) == SERVICES
    assert sorted(layout.SERVICES) == SERVICES


def test_import_contracts_and_types_cover_every_service() -> None:
    tools = project()["tool"]
    contracts = {each["name"]: each for each in tools["importlinter"]["contracts"]}
    independent = contracts["Services never import each other"]["modules"]
    layers = contracts["Libraries know no service, common knows no carrier, carriers no devkit"]
    forbidden = contracts["No service imports devkit or the testing tools"]["source_modules"]
    paths = re.findall(r"services/(\w+)/src", tools["mypy"]["mypy_path"])
    report(
        "An import contract that does not name a service does not hold it.",
        "Name the service in pyproject.toml.",
        lacking("root_packages", services_in(tools["importlinter"]["root_packages"]))
        + lacking("independence", services_in(independent))
        + lacking("layers", services_in(layers["layers"]))
        + lacking("forbidden", services_in(forbidden))
        + lacking("mypy_path", paths),
    )


def test_compose_runs_every_service_after_all_migrations() -> None:
    whole = compose()
    ours = whole["x-service"]["depends_on"]
    built = {
        each["build"]["args"]["SERVICE"]
        for each in whole["services"].values()
        if "args" in each.get("build", {})
    }
    migrations = {f"{name}-migrate" for name in layout.SERVICES}
    waited = set(ours) - {"redis"}
    report(
        "Compose runs the whole system; every queue and every user on the broker exists before.",
        "Add the service, its migration, and the wait for that to docker-compose.yml.",
        lacking("services", built)
        + lacking("x-service depends_on", waited, migrations)
        + [f"no {name}" for name in sorted(migrations - set(whole["services"]))],
    )


def test_the_cluster_runs_every_service() -> None:
    base = ROOT / "deploy" / "k8s" / "base"
    listed = yaml.safe_load((base / "kustomization.yaml").read_text())["resources"]
    report(
        "A service that the kustomization does not name is not deployed.",
        "Add its folder below deploy/k8s/base and name it in kustomization.yaml there.",
        lacking("kustomization.yaml", (name for name in listed if "." not in name))
        + lacking("deploy/k8s/base", (path.name for path in base.iterdir() if path.is_dir())),
    )


def test_the_gateway_reaches_every_service() -> None:
    config = yaml.safe_load((ROOT / "deploy/k8s/base/config.yaml").read_text())["data"]
    environment = compose()["services"][layout.GATEWAY]["environment"]
    waited = compose()["services"][layout.GATEWAY]["depends_on"]
    urls = {f"KOINONIA_{name.upper()}_URL" for name in BEHIND}
    report(
        "The gateway is the only way in: a service that it does not know has no callers.",
        "Add <name>_url to its settings, a prefix to its routes, and the address to "
        "docker-compose.yml and deploy/k8s/base/config.yaml.",
        [f"settings lack {n}_url" for n in BEHIND if f"{n}_url" not in Settings.model_fields]
        + lacking("routes", {target.service for target in routes.PREFIXES}, BEHIND)
        + [f"config.yaml lacks {name}" for name in sorted(urls - set(config))]
        + [f"compose lacks {name}" for name in sorted(urls - set(environment))]
        + lacking("compose, gateway", set(waited) - {"redis", "gateway-migrate"}, BEHIND),
    )


def test_an_event_is_declared_in_the_file_of_a_service() -> None:
    owners = {event.owner for event in REGISTRY.values()}
    report(
        "Events stand in common/events/<owner>.py, so that a reader knows who says them.",
        "Move the event into the file of the service that publishes it.",
        [f"{owner} is no service" for owner in sorted(owners - set(SERVICES))],
    )


@pytest.mark.parametrize("name", [*SERVICES, *CARRIERS])
def test_common_names_no_service_and_no_carrier(name: str) -> None:
    word = re.compile(rf"(?<![A-Za-z/]){name}(?![A-Za-z])", re.IGNORECASE)
    report(
        "What everybody stands on must not know who stands on it.",
        "Take the name as an argument, or let the service declare it.",
        [
            f"{source.path}:{number} {line.strip()}"
            for source in common()
            for number, line in enumerate(source.text.splitlines(), 1)
            if word.search(NO_SERVICE.sub("", line))
        ],
    )


def common() -> list[Source]:
    return [
        source
        for source in code()
        if source.path.startswith(COMMON) and not source.path.startswith(OWNERS)
    ]
