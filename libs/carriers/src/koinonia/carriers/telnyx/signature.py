"""Whether a call is Telnyx's own: Ed25519 over ``<timestamp>|<raw body>``.

Source: Telnyx "Webhook fundamentals".
"""

import base64
import binascii
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from koinonia.carriers import reading
from koinonia.carriers.contract import BadSignature

SIGNATURE = "telnyx-signature-ed25519"
TIMESTAMP = "telnyx-timestamp"
TOLERANCE_SECONDS = 300


def verify(
    keys: Sequence[Ed25519PublicKey], raw: bytes, headers: Mapping[str, str], now: float
) -> None:
    """Raise ``BadSignature`` unless one of ``keys`` signed these bytes in the last 300 s.

    A replay within that time passes; deduplicating by ``carrier_event_id`` is what stops it.
    """
    stamp, signature = reading.header(headers, TIMESTAMP), reading.header(headers, SIGNATURE)
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise BadSignature
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        raise BadSignature
    signed = stamp.encode() + b"|" + raw
    proof = _signature(signature)
    if not any(_signs(key, proof, signed) for key in keys):
        raise BadSignature


def _signature(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature from None


def _signs(key: Ed25519PublicKey, proof: bytes, signed: bytes) -> bool:
    try:
        key.verify(proof, signed)
    except InvalidSignature:
        return False
    return True
