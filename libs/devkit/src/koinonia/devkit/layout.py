"""The parts of the system on one machine: its services, which are the folders below ``services/``,
the simulated carrier, and their ports."""

import importlib
from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from koinonia.common.runtime import Process, Program
from koinonia.common.settings import Settings

ROOT = Path(__file__).parents[5]
RUN = ROOT / ".run"
PAGES = ROOT / "web" / "dist"
"""What `make pages` builds and the gateway serves."""

GATEWAY = "gateway"
CARRIER = "carrier"
"""The simulated one; a part of the system unless another carrier is named."""

CARRIER_PORT = 8090


def services(root: Path = ROOT) -> tuple[str, ...]:
    """Every folder below ``services/`` that declares a package, the gateway first."""
    names = {path.parent.name for path in root.glob("services/*/pyproject.toml")}
    return tuple(sorted(names, key=lambda name: (name != GATEWAY, name)))


SERVICES = services()
"""In the order in which they are shown."""


def service_of(part: str) -> str:
    """The service that a part runs: ``messaging@2``, a further worker, is of messaging."""
    return part.partition("@")[0]


def program(service: str) -> Program[Process[Settings]]:
    """The program that the service declares."""
    found: Program[Process[Settings]] = importlib.import_module(
        f"koinonia.{service}.program"
    ).PROGRAM
    return found


def with_schema() -> list[str]:
    """The services that own a schema, and so have migrations and queues."""
    return [name for name in SERVICES if program(name).has_schema]


@cache
def ports() -> Mapping[str, int]:
    """The usual port of each part: where the gateway looks for a service unless told otherwise.

    A service that the gateway does not call takes the next number.
    """
    fields = program(GATEWAY).settings.model_fields
    urls = {name: fields[f"{name}_url"].default for name in SERVICES if f"{name}_url" in fields}
    expected = {name: urlsplit(url).port or 0 for name, url in urls.items()}
    found = {GATEWAY: fields["port"].default, CARRIER: CARRIER_PORT, **expected}
    further = [name for name in SERVICES if name not in found]
    return found | dict(zip(further, count(max(expected.values()) + 1), strict=False))
