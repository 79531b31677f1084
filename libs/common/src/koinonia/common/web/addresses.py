"""Network addresses: which one a request comes from, and under which of their networks requests
are counted.

``X-Forwarded-For`` is believed only as far as it was written by proxies of ours: anybody may send
one. Without proxies a request comes from the peer of the connection.
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Annotated, Self

from fastapi import Request
from pydantic import BeforeValidator, Field, InstanceOf, ValidationInfo, field_validator
from pydantic_settings import NoDecode
from typing_extensions import override

from koinonia.common.settings import Settings

CONNECTIONS_PER_ADDRESS = 100
_PROXIES_MISSING = (
    "the public address begins with https, so something before this service ends TLS, and without "
    "this all clients would count as one. Write how many proxies a request passes (1 behind one "
    "reverse proxy or load balancer), or their networks (10.0.0.0/8), or 0 where clients reach the "
    "service without any"
)
UNKNOWN = "unknown"  # a Unix socket has no peer address
IPV6_CUSTOMER = 64  # bits; a single customer has at least a /64 to send from
IPV6_SITE = 48  # bits; what many providers give to one customer, 65,536 times a /64
IPV4_AROUND = 24  # bits; enough to know a place again, and no single household
LONGEST = 64


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Also ``1.2.3.4:5678`` and ``[::1]:5678``, which some proxies write; None for nonsense."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def bucket(address: str) -> str:
    """The key under which requests are counted: an IPv4 address, an IPv6 network of 64 bits."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_CUSTOMER), strict=False))
    return str(found or UNKNOWN)


@lru_cache(maxsize=4096)
def network(address: str) -> str | None:
    """The IPv6 network of 48 bits that the address is in; None for IPv4."""
    found = parsed(address)
    if not isinstance(found, IPv6Address):
        return None
    return str(ip_network((found, IPV6_SITE), strict=False))


@lru_cache(maxsize=4096)
def network_around(address: str | None) -> str | None:
    """What is kept of where somebody came from: ``203.0.113.0/24``, ``2001:db8:1::/48``; of such
    a network, itself."""
    found = parsed((address or "").partition("/")[0])
    if found is None:
        return None
    bits = IPV6_SITE if isinstance(found, IPv6Address) else IPV4_AROUND
    return str(ip_network((found, bits), strict=False))


def client_address(request: Request) -> str | None:
    """Where a request to a service came from: the last entry is the one that a process of ours
    wrote."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded[:LONGEST] or (request.client.host if request.client else None)


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


Trusted = Annotated[InstanceOf[Proxies], NoDecode, BeforeValidator(Proxies.parse)]


class DoorSettings(Settings):
    """What a service needs besides whom strangers call: whose word counts for where they come from,
    and how many connections one of them may have. Mixed in before all other settings, so that it
    knows every public address."""

    trusted_proxies: Trusted = Field(  # how many, or networks, 0 for none; required with https
        default=None, validate_default=True
    )

    # Open at once, of one IPv4 address or IPv6 /64; 0 for any number. Behind proxies there is none,
    # unless it is given: their connections are everybody's.
    connections_per_address: int | None = Field(default=None, ge=0)  # open at once; 100

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _told_behind_https(cls, value: object, info: ValidationInfo) -> object:
        """Who ends TLS before us hides every client behind one address, unless it is trusted."""
        public = (str(info.data.get(name)) for name in ("public_url", "webhooks_url"))
        if value is None and any(url.startswith("https://") for url in public):
            raise ValueError(_PROXIES_MISSING)
        return Proxies() if value is None else value

    @property
    @override
    def connection_limit(self) -> int | None:
        if self.connections_per_address is None:
            proxies = self.trusted_proxies
            return None if proxies.count or proxies.networks else CONNECTIONS_PER_ADDRESS
        return self.connections_per_address or None
