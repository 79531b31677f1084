"""Words of the ledger, sealed like phones but under a context of their own."""

import base64

from koinonia.common.phone import Phones

CONTEXT = b"words of consent"


def sealed(phones: Phones, text: str) -> str:
    """``text`` as base64 of a sealed value."""
    return base64.b64encode(phones.ring.seal(text.encode(), CONTEXT)).decode("ascii")


def opened(phones: Phones, value: str) -> str:
    """The text again; raises ``crypto.SealBroken``."""
    return phones.ring.open(base64.b64decode(value), CONTEXT).decode()
