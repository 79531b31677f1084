"""The settings of a system that texts through the simulated Twilio."""

from koinonia.common.testing.secrets import derived_hex


def address(url: str) -> dict[str, str]:
    return {"KOINONIA_TWILIO_API_URL": url}


def account(seed: str) -> dict[str, str]:
    return {
        "KOINONIA_TWILIO_ACCOUNT_SID": f"AC{derived_hex(seed, 'twilio account')}",
        "KOINONIA_TWILIO_AUTH_TOKEN": derived_hex(seed, "twilio token"),
    }
