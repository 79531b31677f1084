"""The open parts of a billing process."""

from dataclasses import dataclass

from koinonia.billing.settings import Settings
from koinonia.common import running


@dataclass
class Running(running.Running[Settings]):
    """Only what every service with a schema has."""
