"""A request as the gateway reads it: once, without copies."""

from dataclasses import dataclass
from functools import cached_property

from starlette.requests import cookie_parser
from starlette.types import Receive, Scope

from koinonia.common.settings import CookieSettings
from koinonia.common.web.addresses import UNKNOWN, Proxies

FORWARDED = b"x-forwarded-for"
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass
class Call:
    """One request. ``headers`` has lower-case names, of repeated ones the last."""

    scope: Scope
    receive: Receive
    method: str
    path: str
    headers: dict[bytes, bytes]
    address: str
    settings: CookieSettings

    @classmethod
    def from_scope(
        cls, scope: Scope, receive: Receive, proxies: Proxies, settings: CookieSettings
    ) -> "Call":
        headers = dict(scope["headers"])
        peer = scope["client"][0] if scope.get("client") else UNKNOWN
        address = proxies.client(peer, _forwarded(scope)) if FORWARDED in headers else peer
        return cls(scope, receive, scope["method"], scope["path"], headers, address, settings)

    @property
    def is_safe(self) -> bool:
        """Whether the method only reads; an unknown one does not."""
        return self.method in SAFE

    @property
    def raw_target(self) -> bytes:
        """Path and query byte for byte: a signature may cover them."""
        path: bytes = self.scope.get("raw_path") or self.path.encode()
        query: bytes = self.scope["query_string"]
        return path + b"?" + query if query else path

    @property
    def request_id(self) -> str:
        return str(self.scope["state"]["request_id"])

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    def cookie(self, name: str) -> str:
        """The value of a cookie of ours, which browsers may know by a longer name."""
        return self._cookies.get(self.settings.cookie_name(name), "")

    @cached_property
    def _cookies(self) -> dict[str, str]:
        text = self.header(b"cookie")
        return cookie_parser(text) if text else {}


def _forwarded(scope: Scope) -> str:
    hops = (value for name, value in scope["headers"] if name == FORWARDED)
    return b",".join(hops).decode("latin-1")
