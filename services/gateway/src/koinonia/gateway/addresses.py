"""The network address that a request comes from.

``X-Forwarded-For`` is believed only as far as it was written by proxies of ours: anybody may send
one. Without proxies it is the peer of the connection.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self

from koinonia.common.web.addresses import parsed


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
            if not self._trusts(seen, trusted) or (address := parsed(hop)) is None:
                break
            seen = str(address)
        return seen

    def _trusts(self, hop: str, number: int) -> bool:
        if self.count:
            return number < self.count
        address = parsed(hop)
        return address is not None and any(address in network for network in self.networks)
