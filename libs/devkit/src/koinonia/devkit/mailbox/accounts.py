"""The settings of a system whose mail the simulator takes."""

from koinonia.common.testing.secrets import carrier_key
from koinonia.devkit.mailbox.reports import public_key, signing_key


def settings(seed: str) -> dict[str, str]:
    """Whose reports are believed; the same seed gives the same."""
    key = signing_key(carrier_key(seed).private_bytes_raw())
    return {"KOINONIA_SENDGRID_WEBHOOK_KEYS": public_key(key)}
