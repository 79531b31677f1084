"""The open parts of an auth process."""

from dataclasses import dataclass, field

from koinonia.auth.keys import Keys
from koinonia.auth.macs import Macs
from koinonia.auth.passwords import Passwords
from koinonia.auth.settings import Settings
from koinonia.common import running


@dataclass
class Running(running.Running[Settings]):
    """Beside what every service with a schema has: signing keys, keyed digests, the password
    hasher."""

    keys: Keys = field(init=False)
    macs: Macs = field(init=False)
    passwords: Passwords = field(init=False)
