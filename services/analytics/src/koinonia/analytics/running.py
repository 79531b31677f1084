"""The open parts of an analytics process."""

from dataclasses import dataclass

from koinonia.analytics.settings import Settings
from koinonia.common import running


@dataclass
class Running(running.Running[Settings]):
    """Only what every service with a schema has."""
