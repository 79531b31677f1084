"""The open parts of a process of integrations."""

from dataclasses import dataclass

from koinonia.common import running
from koinonia.integrations.settings import Settings


@dataclass
class Running(running.Running[Settings]):
    """Only what every service with a schema has."""
