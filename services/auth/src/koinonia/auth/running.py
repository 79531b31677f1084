"""What a process of auth holds open."""

from dataclasses import dataclass, field

from koinonia.auth.keys import Keys
from koinonia.auth.passwords import Passwords
from koinonia.auth.settings import Settings
from koinonia.common import db, running
from koinonia.common.identity import Revocations


@dataclass(frozen=True, slots=True)
class Parts:
    """What signing in works with."""

    database: db.Database
    revocations: Revocations
    keys: Keys
    passwords: Passwords


@dataclass
class Running(running.Running[Settings]):
    """Beside what every service with a schema has: what signing in works with."""

    parts: Parts = field(init=False)
