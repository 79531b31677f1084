"""The open parts of an auth process."""

from dataclasses import dataclass, field

from koinonia.auth.keys import Keys
from koinonia.auth.macs import Macs
from koinonia.auth.passwords import Passwords
from koinonia.auth.settings import Settings
from koinonia.common import running
from koinonia.common.crypto import KeyRing
from koinonia.mail.contract import Mailer


@dataclass
class Running(running.Running[Settings]):
    """Beside what every service with a schema has: signing keys, keyed digests, the password
    hasher, the ring that seals what is to be mailed, and who mails it (None: nobody yet)."""

    keys: Keys = field(init=False)
    macs: Macs = field(init=False)
    passwords: Passwords = field(init=False)
    ring: KeyRing = field(init=False)
    mailer: Mailer | None = field(init=False)
