"""Each carrier of the tree has its half here, under the same name."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.carriers import CARRIERS
from koinonia.carriers.settings import CarrierSettings
from koinonia.devkit.carrier import simulated


def test_every_carrier_is_simulated() -> None:
    assert set(simulated.network(Ed25519PrivateKey.generate()).dialects) == set(CARRIERS)


def test_a_system_is_pointed_at_the_simulation_of_every_carrier() -> None:
    addresses = {f"KOINONIA_{name.upper()}_API_URL" for name in CARRIERS}
    assert set(simulated.api_settings("http://127.0.0.1")) == addresses
    assert {name.removeprefix("KOINONIA_").lower() for name in addresses} <= set(
        CarrierSettings.model_fields
    )
