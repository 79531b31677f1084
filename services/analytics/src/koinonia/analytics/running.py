"""What a process of analytics holds open."""

from dataclasses import dataclass

from koinonia.analytics.settings import Settings
from koinonia.common import running


@dataclass
class Running(running.Running[Settings]):
    """Nothing beside what every service with a schema has."""
