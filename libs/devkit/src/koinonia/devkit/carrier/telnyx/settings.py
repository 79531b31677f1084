"""The settings of a system that texts through the simulated Telnyx."""

from koinonia.common.testing.secrets import carrier_public_key, derived_hex


def address(url: str) -> dict[str, str]:
    return {"KOINONIA_TELNYX_API_URL": f"{url}/v2"}


def account(seed: str) -> dict[str, str]:
    return {
        "KOINONIA_TELNYX_API_KEY": f"KEY{derived_hex(seed, 'telnyx')}",
        "KOINONIA_TELNYX_PUBLIC_KEYS": carrier_public_key(seed),
    }
