"""What operators rely on: every service is deployed, probed, confined, and built the same way."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from tests.architecture.source import ROOT

from koinonia.carriers.table import WEBHOOKS
from koinonia.devkit.environment import for_compose
from koinonia.devkit.layout import with_schema

K8S = ROOT / "deploy" / "k8s"
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())


def documents(path: Path) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def workloads() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((K8S / "template").glob("*.yaml")):
        for document in documents(path):
            if document["kind"] in ("Deployment", "Job"):
                yield document["metadata"]["name"], document["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_every_service_is_in_compose_and_in_the_base(compose: dict[str, Any]) -> None:
    base = documents(K8S / "base" / "kustomization.yaml")[0]["resources"]
    assert [name for name in SERVICES if name not in compose["services"]] == []
    assert [name for name in SERVICES if name not in base] == []


@pytest.mark.parametrize("path", sorted(K8S.rglob("kustomization.yaml")), ids=str)
def test_a_kustomization_names_files_that_exist(path: Path) -> None:
    for resource in documents(path)[0]["resources"]:
        target = (path.parent / resource).resolve()
        assert target.is_file() or (target / "kustomization.yaml").is_file(), resource


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_own_name_image_and_secret(service: str) -> None:
    own = documents(K8S / "base" / service / "kustomization.yaml")[0]
    assert own["namePrefix"] == f"{service}-"
    assert own["images"] == [{"name": "koinonia/service", "newName": f"koinonia/{service}"}]
    assert f"value: {service}}}" in own["patches"][0]["patch"]


@pytest.mark.parametrize(("name", "spec"), list(workloads()))
def test_a_workload_is_confined(name: str, spec: dict[str, Any]) -> None:
    container = spec["containers"][0]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize(("name", "spec"), [w for w in workloads() if w[0] != "migrate"])
def test_a_long_running_workload_is_probed_and_may_drain(name: str, spec: dict[str, Any]) -> None:
    container = spec["containers"][0]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health"
    assert spec["terminationGracePeriodSeconds"] > 25


def test_the_network_is_closed_by_default() -> None:
    policies = {d["metadata"]["name"]: d["spec"] for d in documents(K8S / "base" / "network.yaml")}
    assert policies["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_the_world_reaches_the_gateway_and_the_ingress_and_nobody_else() -> None:
    open_to_all = [
        policy["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for policy in (each["spec"] for each in documents(K8S / "base" / "network.yaml"))
        if any("from" not in rule for rule in policy.get("ingress", []))
    ]
    assert open_to_all == ["gateway", "ingress"]


@pytest.mark.parametrize("overlay", sorted((K8S / "overlays").iterdir()), ids=str)
@pytest.mark.parametrize(
    ("setting", "ingress"),
    [("KOINONIA_WEBHOOKS_URL", "webhooks"), ("KOINONIA_PUBLIC_URL", "pages")],
)
def test_carriers_and_staff_are_given_hosts_that_lead_to_us(
    overlay: Path, setting: str, ingress: str
) -> None:
    patches = documents(overlay / "kustomization.yaml")[0]["patches"]
    changes = {
        (patch["target"].get("name"), change["path"]): change["value"]
        for patch in patches
        for change in yaml.safe_load(patch["patch"])
    }
    url = urlsplit(changes["koinonia", f"/data/{setting}"])
    assert (url.scheme, url.netloc) == ("https", changes[ingress, "/spec/rules/0/host"])


def test_webhooks_lead_to_the_ingress_and_everything_else_to_the_gateway() -> None:
    [webhooks] = documents(K8S / "base" / "ingress" / "webhooks.yaml")
    [path] = webhooks["spec"]["rules"][0]["http"]["paths"]
    assert (path["path"], path["backend"]["service"]["name"]) == (WEBHOOKS, "api")
    [pages] = documents(K8S / "base" / "gateway" / "pages.yaml")
    [path] = pages["spec"]["rules"][0]["http"]["paths"]
    assert (path["path"], path["backend"]["service"]["name"]) == ("/", "api")


def test_the_image_of_the_gateway_holds_the_pages() -> None:
    stages = (ROOT / "deploy" / "Dockerfile").read_text().split("\nFROM ")
    [pages] = [stage for stage in stages if "AS pages" in stage]
    assert "npm ci" in pages
    assert "COPY --from=pages /build/web/dist pages" in stages[-1]
    assert "KOINONIA_PAGES_FOLDER=/app/pages" in stages[-1]


def test_whatever_the_image_copies_is_there() -> None:
    copied = [
        source
        for line in (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for source in line.replace("${SERVICE}", "gateway").split()[1:-1]
    ]
    assert "clients/typescript/src" in copied  # what the pages are built of, besides web
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_the_last_stage_has_no_node() -> None:
    stages = (ROOT / "deploy" / "Dockerfile").read_text().split("\nFROM ")
    image = "\n".join(line for line in stages[-1].splitlines() if not line.startswith("#"))
    taken = set(re.findall(r"--from=(\w+) (\S+)", image))
    assert taken == {
        ("dependencies", "/venv"),
        ("declarations", "/services"),
        ("pages", "/build/web/dist"),
    }
    assert not re.search(r"\b(node|npm|npx|node_modules|requirements-dev)\b", image)
    assert "nodejs" not in (ROOT / "requirements.lock").read_text()


def test_docker_is_sent_what_the_pages_are_built_of() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {"**/node_modules", "web/dist"} <= set(left_out)
    assert not {"web", "clients", "requirements-dev.lock"} & set(left_out)


def test_compose_waits_for_health_and_holds_no_secret(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for waited in service.get("depends_on", {}).values():
            assert waited["condition"] != "service_started", name
        for variable, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|SECRET|SEED|PASS$", variable):
                assert ":?" in value, f"{name} {variable} has a default"


def test_one_dockerfile_builds_every_service_and_runs_as_nobody() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    assert "# syntax" not in text
    assert "ARG SERVICE" in text
    assert text.rindex("USER 10001") > text.rindex("FROM ")


def test_compose_gives_each_service_a_database_password_of_its_own(
    compose: dict[str, Any],
) -> None:
    written = {line.partition("=")[0] for line in for_compose().splitlines()}
    for service in with_schema():
        password = f"KOINONIA_{service.upper()}_DATABASE_PASSWORD"
        migration = compose["services"][f"{service}-migrate"]["environment"]
        url = compose["services"][service]["environment"]["KOINONIA_DATABASE_URL"]
        assert password in written
        assert f"${{{password}:?" in migration["KOINONIA_DATABASE_ROLE_PASSWORD"]
        assert f"koinonia_{service}:${{{password}:?" in url


def test_compose_gives_each_service_a_user_of_its_own_on_the_broker(
    compose: dict[str, Any],
) -> None:
    written = {line.partition("=")[0] for line in for_compose().splitlines()}
    for service in SERVICES:
        password = f"KOINONIA_{service.upper()}_RABBITMQ_PASSWORD"
        migration = compose["services"][f"{service}-migrate"]["environment"]
        url = compose["services"][service]["environment"]["KOINONIA_RABBITMQ_URL"]
        assert password in written
        assert f"${{{password}:?" in migration["KOINONIA_RABBITMQ_USER_PASSWORD"]
        assert f"amqp://koinonia_{service}:${{{password}:?" in url
        waited = compose["services"][service]["depends_on"]
        assert f"{service}-migrate" in waited


def test_only_migrations_sign_in_as_the_owner_of_the_broker(compose: dict[str, Any]) -> None:
    owners = {
        name
        for name, service in compose["services"].items()
        if "KOINONIA_RABBITMQ_PASSWORD" in str(service.get("environment"))
    }
    assert owners == {"rabbitmq", *(f"{service}-migrate" for service in SERVICES)}


def test_compose_serves_to_its_own_machine_and_evicts_nothing_that_must_stay(
    compose: dict[str, Any],
) -> None:
    published = [port for each in compose["services"].values() for port in each.get("ports", [])]
    assert published == ["127.0.0.1:8080:8080", "127.0.0.1:8006:8000"]  # staff, carriers
    assert "volatile-lru" in compose["services"]["redis"]["command"]
