"""Who runs where: the parts of the system and the ports they are given on one machine."""

import importlib
from pathlib import Path

from koinonia.common.runtime import Process, Program
from koinonia.common.settings import Settings

SERVICES = ("gateway", "auth", "messaging", "conversation", "billing", "analytics", "ingress")
"""In the order in which they are shown."""

CARRIER = "carrier"
"""The simulated one; a part of the system unless another carrier is named."""

PORTS = {
    "gateway": 8080,
    "auth": 8001,
    "messaging": 8002,
    "conversation": 8003,
    "billing": 8004,
    "analytics": 8005,
    "ingress": 8006,
    CARRIER: 8090,
}

ROOT = Path(__file__).parents[5]
RUN = ROOT / ".run"


def service_of(part: str) -> str:
    """The service that a part runs: ``messaging@2``, a further worker, is of messaging."""
    return part.partition("@")[0]


def program(service: str) -> Program[Process[Settings]]:
    """What the service says of itself."""
    found: Program[Process[Settings]] = importlib.import_module(
        f"koinonia.{service}.program"
    ).PROGRAM
    return found


def with_schema() -> list[str]:
    """The services that own a schema, and so have migrations and queues."""
    return [name for name in SERVICES if program(name).has_schema]
