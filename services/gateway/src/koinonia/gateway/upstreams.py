"""The services behind the gateway, over kept connections.

``docs/decisions/0007-gateway-client.md`` says why aiohttp. Bodies stream in both directions and
are never decoded: what a service compressed passes as it is.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Self

import aiohttp
from aiohttp import ClientTimeout
from multidict import CIMultiDict
from starlette.requests import ClientDisconnect
from starlette.types import Send
from yarl import URL

from koinonia.common.cache import Cache
from koinonia.common.web.keeping import kept_answers
from koinonia.gateway import headers
from koinonia.gateway.bodies import Body
from koinonia.gateway.calls import Call
from koinonia.gateway.errors import UpstreamDown, UpstreamLate, UpstreamLost
from koinonia.gateway.reads import Answer, Read
from koinonia.gateway.routes import Kind, Target
from koinonia.gateway.sessions import Session
from koinonia.gateway.settings import Settings

CONNECT_SECONDS = 1.0
IDLE_SECONDS = 30.0  # services keep a connection for 75 s, so it is always we who end it
READ_AT_ONCE = 64 * 1024  # bytes; a shorter answer is sent in one piece
# aiohttp would add these to what the client sent.
NOT_INVENTED = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")
NOT_REACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
BROKEN_OFF = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
KEPT, UNSAID = kept_answers.KEPT.decode(), kept_answers.UNSAID.decode()
CLIENT_LEFT = 499  # nobody reads it; nginx's word in the log


class Upstreams:
    """One pool of connections to all services. ``urls`` are their addresses by name."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        urls: Mapping[str, str],
        seconds: float,
        cache: Cache,
    ) -> None:
        self.session = session
        self.urls = urls
        self._cache = cache
        self._seconds = seconds
        # A video may take long to whoever watches it on a telephone, and is not late for that.
        self._of_a_file = ClientTimeout(sock_read=seconds, sock_connect=CONNECT_SECONDS)

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, cache: Cache) -> AsyncIterator[Self]:
        connector = aiohttp.TCPConnector(
            limit=0,
            limit_per_host=settings.upstream_connections,
            keepalive_timeout=IDLE_SECONDS,
        )
        async with aiohttp.ClientSession(
            connector=connector,
            timeout=ClientTimeout(total=settings.upstream_seconds, sock_connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=NOT_INVENTED,
        ) as session:
            # It would repeat PUT and DELETE too, which may have been done.
            session._retry_connection = False
            urls, seconds = settings.service_urls, settings.upstream_seconds
            yield cls(session, urls, seconds, cache)

    async def forward(
        self, call: Call, target: Target, session: Session | None, read: Read, send: Send
    ) -> int:
        """Send the call to its service and the answer back; returns its status."""
        body = await Body.from_call(call)
        try:
            if body.failure:
                raise body.failure
            sent = headers.sent_on(call, target, session, read.if_none_match)
            response = await self._asked(call, target, sent, body)
        except ClientDisconnect:
            return CLIENT_LEFT
        except aiohttp.ClientError as failure:
            if isinstance(failure, NOT_REACHED):
                raise UpstreamDown(target.service) from failure
            raise UpstreamLost(target.service) from failure
        except TimeoutError as failure:
            raise UpstreamLate(target.service, self._seconds) from failure
        async with response:
            if unsaid := response.headers.get(UNSAID):
                await self._cache.hand_on(unsaid.split())
            if KEPT in response.headers or read.question:
                return await _pass_back_read(response, target.service, read, send)
            await _pass_back(response, target.service, send)
        return response.status

    async def _asked(
        self, call: Call, target: Target, sent: CIMultiDict[str], body: Body
    ) -> aiohttp.ClientResponse:
        """Raises what broke the body, and else what aiohttp raises."""
        url = URL(self.urls[target.service] + call.raw_target.decode("latin-1"), encoded=True)
        if body.is_streamed and (length := call.headers.get(b"content-length")):
            sent["Content-Length"] = length.decode("latin-1")
        try:
            return await self._requested(call.method, url, sent, body, target.kind)
        except aiohttp.ClientError as failure:
            if body.failure:
                raise body.failure from None
            if call.method != "GET" or body.content or not _broke_off(failure):
                raise
        return await self._requested(call.method, url, sent, body, target.kind)

    async def _requested(
        self, method: str, url: URL, sent: CIMultiDict[str], body: Body, kind: Kind
    ) -> aiohttp.ClientResponse:
        timeout = self._of_a_file if kind is Kind.LINK else self.session.timeout
        return await self.session.request(
            method, url, headers=sent, data=body.content, allow_redirects=False, timeout=timeout
        )


def _broke_off(failure: aiohttp.ClientError) -> bool:
    """A connection that lay idle may be closed by the other side just as we use it."""
    return isinstance(failure, BROKEN_OFF) and not isinstance(failure, NOT_REACHED)


async def _pass_back_read(
    response: aiohttp.ClientResponse, service: str, read: Read, send: Send
) -> int:
    try:
        body = await response.content.read()
    except aiohttp.ClientError as failure:
        raise UpstreamLost(service) from failure
    said = response.headers.get(KEPT)
    answer = Answer(
        response.status,
        headers.sent_back(response.raw_headers, service),
        body,
        kept_answers.parsed(said) if said else None,
        "Set-Cookie" in response.headers or "no-store" in response.headers.get("Cache-Control", ""),
    )
    return await read.pass_back(answer, send)


async def _pass_back(response: aiohttp.ClientResponse, service: str, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": headers.sent_back(response.raw_headers, service),
        }
    )
    content, length = response.content, response.content_length
    if length is not None and length <= READ_AT_ONCE:
        await send({"type": "http.response.body", "body": await content.read()})
        return
    async for chunk in content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
