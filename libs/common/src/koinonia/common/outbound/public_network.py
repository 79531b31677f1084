"""Connect to public machines only, wherever an address from outside leads.

Whoever writes an address that we fetch must not reach our own network: a database, a cloud's
metadata, ourselves. The name is resolved here, once for each connection. All its addresses must be
public, and the connection goes to one of exactly these. So a name that resolves differently the
second time gains nothing, and neither does a redirect.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host and port; raises ``OSError``."""

# Ways to write an IPv4 address as a public IPv6 one: NAT64, 6to4, Teredo.
_WRAPPED = [ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
# Not public either, though Python 3.11 calls them global: site-local addresses (RFC 3879),
# documentation (RFC 9637), and the relays of 6to4 (RFC 7526).
_NOT_GLOBAL = [ip_network(net) for net in ("fec0::/10", "3fff::/20", "192.88.99.0/24")]


class NotPublic(Exception):
    """The host has an address that is not public."""


class NoAddress(Exception):
    """The host's name has no address now."""


def is_loopback(address: str) -> bool:
    """Whether the address, as text, is this very machine."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether the address, as text, is one machine of the public Internet."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif ip.scope_id or any(ip in net for net in _WRAPPED):
            return False
    if any(ip in net for net in _NOT_GLOBAL):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


async def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host, from the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PublicOnly(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to the hosts in ``allowed`` (``host:port``) wherever they
    are, over ``network``; with ``allows_loopback``, for development, to this machine as well.
    Raises ``NotPublic`` and ``NoAddress``, and what httpcore raises."""

    def __init__(
        self,
        allowed: Collection[str] = (),
        resolve: Resolve = resolve_host,
        network: httpcore.AsyncNetworkBackend | None = None,
        allows_loopback: bool = False,
    ) -> None:
        self._allowed = frozenset(allowed)
        self._allows_loopback = allows_loopback
        self._resolve = resolve
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception | None = None
        for address in await self._addresses(host, port, timeout):
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or NoAddress(host)

    async def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise NoAddress(host) from error
        if f"{host}:{port}" not in self._allowed and not all(map(self._is_open, addresses)):
            raise NotPublic(host)
        return addresses

    def _is_open(self, address: str) -> bool:
        return is_public(address) or (self._allows_loopback and is_loopback(address))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
