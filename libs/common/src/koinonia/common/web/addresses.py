"""Network addresses, and under which of their networks requests are counted."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"  # a Unix socket has no peer address
IPV6_CUSTOMER = 64  # bits; a single customer has at least a /64 to send from
IPV6_SITE = 48  # bits; what many providers give to one customer, 65,536 times a /64


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
