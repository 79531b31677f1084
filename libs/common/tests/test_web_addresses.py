"""Which address a request comes from."""

import pytest

from koinonia.common.web.addresses import Proxies, bucket

PEER = "10.0.0.1"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "client"),
    [
        ("", "198.51.100.1", PEER),
        ("0", "198.51.100.1", PEER),
        ("1", "", PEER),
        ("1", "203.0.113.7, 198.51.100.1", "198.51.100.1"),
        ("2", "203.0.113.7, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("5", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.0/8", "203.0.113.7, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("192.168.0.0/16", "198.51.100.1", PEER),
        ("10.0.0.0/8, fd00::/8", "2001:db8::1, fd00::2", "2001:db8::1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("1", "198.51.100.1, nonsense", PEER),
        ("2", "nonsense, 198.51.100.1", "198.51.100.1"),
    ],
)
def test_a_header_is_believed_as_far_as_our_proxies_wrote_it(
    trusted: str, forwarded: str, client: str
) -> None:
    assert Proxies.parse(trusted).client(PEER, forwarded) == client


def test_a_proxy_setting_that_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        Proxies.parse("loadbalancer")


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_customer_is_counted_as_one(address: str, counted_as: str) -> None:
    assert bucket(address) == counted_as
