"""Each carrier of the tree has its half here, under the same name."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.carriers import CARRIERS
from koinonia.common.settings import Settings
from koinonia.devkit.carrier import accounts, simulated


def test_every_carrier_is_simulated() -> None:
    assert set(simulated.network(Ed25519PrivateKey.generate()).dialects) == set(CARRIERS)


def test_every_simulated_carrier_has_an_account() -> None:
    own = {name for carrier in CARRIERS.values() for name in carrier.settings.model_fields}
    own -= set(Settings.model_fields)
    assert set(accounts.settings("any")) == {f"KOINONIA_{name.upper()}" for name in own}
