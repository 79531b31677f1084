"""What auth reads from a request beside its body."""

import contextlib
from typing import Annotated

from fastapi import Cookie, Depends, Header, Request

from koinonia.auth import cookies
from koinonia.auth.signing_in import Client, Parts
from koinonia.common.errors import Unauthorized
from koinonia.common.identity import Identity, bearer
from koinonia.common.web import RunningDep

LONGEST_USER_AGENT = 300


async def parts(running: RunningDep) -> Parts:
    opened: Parts = running.parts
    return opened


async def client(
    request: Request,
    csrf_id: Annotated[
        str | None,
        Header(alias="X-Koinonia-Csrf-Id", max_length=128, include_in_schema=False),
    ] = None,
) -> Client:
    """As the gateway tells it; the gateway lets no such header through from outside."""
    agent = request.headers.get("user-agent")
    return Client(_address(request), agent and agent[:LONGEST_USER_AGENT], csrf_id or None)


async def known_admin(request: Request) -> Identity | None:
    """Who asks, if the access token still says so."""
    with contextlib.suppress(Unauthorized):
        token = bearer(request.headers.get("authorization"))
        identity: Identity = await request.app.state.running.verifier.verify(token)
        return identity
    return None


def _address(request: Request) -> str | None:
    """The last entry is the one that our own gateway wrote."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded[:64] or (request.client.host if request.client else None)


PartsDep = Annotated[Parts, Depends(parts)]
ClientDep = Annotated[Client, Depends(client)]
KnownAdmin = Annotated[Identity | None, Depends(known_admin)]
RefreshCookie = Annotated[str | None, Cookie(alias=cookies.REFRESH, include_in_schema=False)]
