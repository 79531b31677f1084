"""The accounts that the system has with carriers in tests, the demo and ``.env`` of Compose."""

from koinonia.common.testing.secrets import NOWHERE, carrier_public_key, derived_hex


def settings(seed: str) -> dict[str, str]:
    """Their settings; the same seed gives the same. The URLs point nowhere: a simulator's replace
    them."""
    return {
        "KOINONIA_TELNYX_API_URL": f"{NOWHERE}/v2",
        "KOINONIA_TELNYX_API_KEY": f"KEY{derived_hex(seed, 'telnyx')}",
        "KOINONIA_TELNYX_PUBLIC_KEYS": carrier_public_key(seed),
        "KOINONIA_TWILIO_API_URL": NOWHERE,
        "KOINONIA_TWILIO_ACCOUNT_SID": f"AC{derived_hex(seed, 'twilio account')}",
        "KOINONIA_TWILIO_AUTH_TOKEN": derived_hex(seed, "twilio token"),
    }
