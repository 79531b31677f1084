"""Addresses that webhooks may go to, as far as they can be told from their text.

Where a name leads is looked at when we connect (:mod:`koinonia.common.outbound.public_network`).
"""

from urllib.parse import SplitResult, urlsplit

from koinonia.common.outbound import public_network
from koinonia.integrations.errors import BadAddress, NotHttps, NotPublicAddress

MOST_CHARACTERS = 2000
THIS_MACHINE = "localhost"


def check(url: str, *, allows_loopback: bool) -> None:
    """Raises ``BadAddress``, ``NotHttps`` or ``NotPublicAddress``."""
    parts = _parts(url)
    host = parts.hostname or ""
    if allows_loopback and is_this_machine(host) and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise NotHttps
    if _is_number(host):
        if not public_network.is_public(host):
            raise NotPublicAddress
    elif "." not in host.rstrip(".") or host.endswith((".localhost", ".local", ".internal")):
        raise NotPublicAddress


def is_this_machine(host: str) -> bool:
    return host == THIS_MACHINE or public_network.is_loopback(host)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress from None
    is_odd = not url.isascii() or not url.isprintable() or " " in url or "\\" in url
    if is_odd or not parts.hostname or parts.username is not None or parts.fragment or port == 0:
        raise BadAddress
    return parts


def _is_number(host: str) -> bool:
    """Whether it is an address and no name, in any of the ways that a resolver takes."""
    return ":" in host or host.rstrip(".").rpartition(".")[2].removeprefix("0x").isdigit()
