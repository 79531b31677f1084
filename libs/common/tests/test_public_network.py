from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from koinonia.common.outbound.public_network import NoAddress, NotPublic, PublicOnly, is_public

PUBLIC = ("8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8")
PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0"),
    *("fec0::1", "feff::1", "3fff::1", "3fff:fff::1", "192.88.99.1", "::ffff:192.88.99.1"),
    *("fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2001:0:7f00:1::", "nonsense"),
)


class Wire(httpcore.AsyncNetworkBackend):
    """Notes where somebody connects, and lets nobody through."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.reached.append(host)
        raise httpcore.ConnectError


class Names:
    """A name server that answers so, one time after the other."""

    def __init__(self, *answers: Iterable[str]) -> None:
        self._answers = iter(answers)

    async def __call__(self, host: str, port: int) -> list[str]:
        return list(next(self._answers))


async def expect_refusal(network: PublicOnly, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        await network.connect_tcp("cdn.example", 443)


@pytest.mark.parametrize("address", PRIVATE)
async def test_no_private_address_is_reached(address: str) -> None:
    wire = Wire()
    await expect_refusal(PublicOnly(resolve=Names([address]), network=wire), NotPublic)
    assert wire.reached == []


def test_what_is_of_the_public_internet_is_known() -> None:
    assert all(map(is_public, PUBLIC))


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    wire = Wire()
    await expect_refusal(
        PublicOnly(resolve=Names([PUBLIC[0], "10.0.0.1"]), network=wire), NotPublic
    )
    assert wire.reached == []


async def test_a_name_that_answers_otherwise_the_second_time_gains_nothing() -> None:
    """Who rebinds is public when somebody looks and private when somebody connects. The address
    that was looked at is the one that is connected to, and the next connection looks again."""
    wire = Wire()
    network = PublicOnly(resolve=Names([PUBLIC[0]], ["127.0.0.1"]), network=wire)
    await expect_refusal(network, httpcore.ConnectError)
    await expect_refusal(network, NotPublic)
    assert wire.reached == [PUBLIC[0]]


async def test_every_address_of_a_host_is_tried() -> None:
    wire = Wire()
    await expect_refusal(PublicOnly(resolve=Names(PUBLIC), network=wire), httpcore.ConnectError)
    assert wire.reached == list(PUBLIC)


async def test_only_the_very_host_and_port_that_is_allowed_may_be_private() -> None:
    wire = Wire()
    network = PublicOnly(
        ["cdn.example:443"], resolve=Names(["127.0.0.1"], ["127.0.0.1"]), network=wire
    )
    await expect_refusal(network, httpcore.ConnectError)
    with pytest.raises(NotPublic):
        await network.connect_tcp("cdn.example", 5432)
    assert wire.reached == ["127.0.0.1"]


async def test_a_name_that_leads_nowhere_is_told_apart() -> None:
    await expect_refusal(PublicOnly(resolve=Names([]), network=Wire()), NoAddress)
