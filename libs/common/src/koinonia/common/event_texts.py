"""Seals what people write for its way from service to service (:class:`~.events.base.Seal`).

The keys are not those of phones: who shows events as they happen has to open texts and no phones.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Self

from koinonia.common import crypto

MARK = "sealed:"  # before the base64 of a sealed value
_CONTEXT = b"event text"


class TextUnreadable(ValueError):
    """It was changed, or sealed under a key that is not in the ring."""


@dataclass(frozen=True, slots=True)
class EventTexts:
    ring: crypto.KeyRing

    @classmethod
    def parse(cls, keys: str) -> Self:
        """From ``KOINONIA_EVENT_KEYS``; raises ``BadKey``."""
        return cls(crypto.KeyRing.parse(keys))

    def seal(self, text: str) -> str:
        return MARK + base64.b64encode(self.ring.seal(text.encode(), _CONTEXT)).decode("ascii")

    def open(self, text: str) -> str:
        """A text without the mark is of an event from before, and is as it is: whoever seals does
        so with every text, also with one that begins like a sealed one."""
        if not text.startswith(MARK):
            return text
        try:
            return self.ring.open(base64.b64decode(text[len(MARK) :]), _CONTEXT).decode()
        except (crypto.SealBroken, binascii.Error):
            raise TextUnreadable("the text cannot be opened: look at KOINONIA_EVENT_KEYS") from None
