"""Reads the certificates that an HTTP client trusts once per process, not once per client.

httpx reads 150 of them for each client that it is not told about them, also for one of plain http:
15 ms, a quarter of what the tests of a service took, since each of them opens several.
"""

import functools

import httpx
from httpx._transports import default

_read = functools.cache(httpx.create_ssl_context)


def install() -> None:
    """Let every client from here on share what was read, by what it asked for."""
    httpx.create_ssl_context = _read
    default.create_ssl_context = _read  # type: ignore[attr-defined]
