"""The network address that a request comes from.

``X-Forwarded-For`` is believed only as far as it was written by proxies of ours: anybody may send
one. Without proxies it is the peer of the connection.
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

UNKNOWN = "unknown"  # a Unix socket has no peer address
IPV6_CUSTOMER = 64  # bits; a single customer has at least a /64 to send from


@dataclass(frozen=True, slots=True)
class Proxies:
    """The trusted proxies: how many, or their networks."""

    count: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def parse(cls, value: object) -> Self:
        """``""``, a number as ``1``, or networks as ``10.0.0.0/8, fd00::/8``."""
        if isinstance(value, cls):
            return value
        text = str(value).strip()
        if text.isdigit():
            return cls(count=int(text))
        return cls(networks=tuple(ip_network(part.strip()) for part in text.split(",") if part))

    def client(self, peer: str, forwarded: str) -> str:
        """The address of the client. ``forwarded`` names the hops, the nearest one last."""
        if not forwarded or not (self.count or self.networks):
            return peer
        seen = peer
        for trusted, hop in enumerate(reversed(forwarded.split(","))):
            if not self._trusts(seen, trusted) or (address := _parsed(hop)) is None:
                break
            seen = str(address)
        return seen

    def _trusts(self, hop: str, number: int) -> bool:
        if self.count:
            return number < self.count
        address = _parsed(hop)
        return address is not None and any(address in network for network in self.networks)


@lru_cache(maxsize=4096)
def bucket(address: str) -> str:
    """The key under which requests are counted: an IPv4 address, an IPv6 network of 64 bits."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_CUSTOMER), strict=False))
    return str(parsed or UNKNOWN)


def _parsed(hop: str) -> IPv4Address | IPv6Address | None:
    """Also ``1.2.3.4:5678`` and ``[::1]:5678``, which some proxies write."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
