"""The accounts that the system has with carriers in tests, the demo and ``.env`` of Compose."""

from koinonia.common.testing.secrets import NOWHERE
from koinonia.devkit.carrier.telnyx import settings as telnyx
from koinonia.devkit.carrier.twilio import settings as twilio

CARRIERS = (telnyx, twilio)


def addresses(url: str) -> dict[str, str]:
    """The settings that point a system at the simulated carriers at ``url``."""
    return {name: value for each in CARRIERS for name, value in each.address(url).items()}


def settings(seed: str) -> dict[str, str]:
    """All settings of the carriers; the same seed gives the same. The addresses point nowhere:
    those of a simulator replace them."""
    accounts = {name: value for each in CARRIERS for name, value in each.account(seed).items()}
    return addresses(NOWHERE) | accounts
