"""Dependencies of auth's routes beside those of :mod:`koinonia.common.web`."""

import contextlib
from typing import Annotated

from fastapi import Depends, Header, Request

from koinonia.auth import cookies
from koinonia.auth.authentication import Client
from koinonia.auth.running import Running
from koinonia.common import web
from koinonia.common.errors import Unauthorized
from koinonia.common.identity import Identity, bearer

LONGEST_USER_AGENT = 300

RunningDep = Annotated[Running, Depends(web.running)]


async def client(
    request: Request,
    running: RunningDep,
    csrf_id: Annotated[
        str | None,
        Header(alias="X-Koinonia-Csrf-Id", max_length=128, include_in_schema=False),
    ] = None,
) -> Client:
    """The client as the gateway names it; the gateway passes no such header from outside."""
    agent = request.headers.get("user-agent")
    device = cookies.sent(request.cookies, cookies.DEVICE, running.settings)
    return Client(
        web.client_address(request), agent and agent[:LONGEST_USER_AGENT], csrf_id or None, device
    )


async def known_admin(request: Request, running: RunningDep) -> Identity | None:
    """The bearer of the access token, if it is still valid."""
    with contextlib.suppress(Unauthorized):
        return await running.verifier.verify(bearer(request.headers.get("authorization")))
    return None


async def refresh_cookie(request: Request, running: RunningDep) -> str | None:
    return cookies.sent(request.cookies, cookies.REFRESH, running.settings)


ClientDep = Annotated[Client, Depends(client)]
KnownAdmin = Annotated[Identity | None, Depends(known_admin)]
RefreshCookie = Annotated[str | None, Depends(refresh_cookie)]
