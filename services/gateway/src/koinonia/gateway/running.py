"""What a process of the gateway holds open."""

from dataclasses import dataclass, field

from koinonia.common import running
from koinonia.gateway.csrf import CsrfTokens
from koinonia.gateway.health import Health
from koinonia.gateway.live.hub import Hub
from koinonia.gateway.reference.interface import Interface
from koinonia.gateway.settings import Settings
from koinonia.gateway.throttle import Throttle
from koinonia.gateway.upstreams import Upstreams


@dataclass
class Door:
    """The parts of the walk through the door."""

    settings: Settings
    origins: frozenset[str]
    csrf: CsrfTokens
    throttle: Throttle
    upstreams: Upstreams
    health: Health
    interface: Interface
    hub: Hub


@dataclass
class Running(running.Process[Settings]):
    """It owns no schema; all that it has beside the verifier is its door."""

    door: Door = field(init=False)
