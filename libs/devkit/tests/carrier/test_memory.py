"""A carrier that is restarted still knows whose numbers are whose, and who said STOP."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from koinonia.devkit.carrier import memory, simulated
from koinonia.devkit.carrier.network import Network
from koinonia.devkit.carrier.state.numbers import Order, Profile

NUMBER, PHONE = "+12025550190", "+12025550142"


@pytest.fixture
def network() -> Network:
    return simulated.network(Ed25519PrivateKey.generate())


async def test_numbers_profiles_and_stops_outlive_a_restart(
    network: Network, tmp_path: Path
) -> None:
    file = tmp_path / "carrier.json"
    async with memory.kept(network, file):
        profile = Profile("Grace", "http://127.0.0.1:8080/hook", ["US"], "telnyx")
        network.numbers.profiles[profile.id] = profile
        network.numbers.own(Order(NUMBER, profile.id, "ours", "telnyx", status="success"))
        network.blocks.add((profile.id, PHONE))
    restarted = simulated.network(Ed25519PrivateKey.generate())
    async with memory.kept(restarted, file):
        assert restarted.numbers.profiles == {profile.id: profile}
        assert restarted.numbers.owned[NUMBER].reference == "ours"
        assert restarted.blocks == {(profile.id, PHONE)}
