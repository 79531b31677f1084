"""The carriers that are simulated, under their names in ``koinonia.carriers``."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.telnyx import routes as telnyx
from koinonia.devkit.carrier.telnyx.dialect import TelnyxDialect
from koinonia.devkit.carrier.twilio import routes as twilio
from koinonia.devkit.carrier.twilio.dialect import Account, TwilioDialect

ROUTES = (*telnyx.ROUTES, *twilio.ROUTES)


def network(
    key: Ed25519PrivateKey,
    *,
    seed: int = 0,
    api_key: str | None = None,
    account: Account | None = None,
) -> Network:
    """One network with every carrier. ``key`` signs Telnyx's reports; without ``api_key`` (Telnyx)
    every key is let in, without ``account`` (Twilio) every account."""
    return Network((TelnyxDialect(key, api_key), TwilioDialect(account or Account())), seed)
