"""What a process of the ingress holds open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from koinonia.carriers.contract import Carrier
from koinonia.common import running
from koinonia.ingress.failed_calls import FailedCalls
from koinonia.ingress.settings import Settings


@dataclass
class Running(running.Running[Settings]):
    """Beside what every service with a schema has: the configured carriers by name, and who
    failed to prove that they are one."""

    carriers: Mapping[str, Carrier] = field(init=False)
    failed_calls: FailedCalls = field(init=False)
