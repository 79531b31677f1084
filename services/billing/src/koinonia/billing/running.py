"""What a process of billing holds open."""

from dataclasses import dataclass

from koinonia.billing.settings import Settings
from koinonia.common import running


@dataclass
class Running(running.Running[Settings]):
    """Nothing beside what every service with a schema has."""
