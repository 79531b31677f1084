"""One HTTP call to a carrier; a failure says whether the call may have been carried out.

In: an address, a method, the exact bytes of the body. Out: an :class:`Answer` of any status, or
:class:`CarrierFailure`: ``not_connected`` when nothing was written yet, ``no_answer`` and
ambiguous when the request may have been carried out. A POST is never repeated in here.
``docs/decisions/0009-carrier-client.md`` says why aiohttp.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp
import orjson
from aiohttp import ClientTimeout
from yarl import URL

from koinonia.carriers.failures import CarrierFailure, Failure

LINES = 64  # calls under way at one time; further ones wait for a line

# ``connect`` includes waiting for a line. aiohttp rounds timeouts above ``ceil_threshold`` up to
# whole seconds; leases depend on ours being exact.
TIMEOUT = ClientTimeout(total=10.0, connect=3.0, sock_read=7.0, ceil_threshold=60.0)

# An idle connection that the other side closes just as we use it looks like a lost answer, so it
# is we who close it first.
IDLE_SECONDS = 4.0

NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the carrier answered, whatever its status."""

    status: int
    headers: Mapping[str, str]  # names in any case
    body: object  # decoded JSON; None where it is none: a gateway in between speaks HTML

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_ambiguous(self) -> bool:
        """Whether a refused call may have been carried out all the same."""
        return self.status < 400 or self.status >= 500 or self.status in (408, 409)


class Client:
    """Keeps connections to a carrier; ``headers`` go with every call."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def open(
        cls, headers: Mapping[str, str], *, lines: int = LINES, timeout: ClientTimeout = TIMEOUT
    ) -> AsyncIterator["Client"]:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=lines,
                keepalive_timeout=IDLE_SECONDS,
                timeout_ceil_threshold=timeout.ceil_threshold,
            ),
            timeout=timeout,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:
            yield cls(session)

    async def call(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """``url`` is complete and percent-encoded; ``params`` are added to it."""
        address = f"{url}?{urlencode(params)}" if params else url
        try:
            async with self._session.request(
                method,
                URL(address, encoded=True),
                data=body,
                headers=headers,
                allow_redirects=False,
            ) as response:
                return Answer(response.status, response.headers, _decoded(await response.read()))
        except NEVER_LEFT as error:
            raise CarrierFailure(Failure.NOT_CONNECTED, detail=_kind(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CarrierFailure(Failure.NO_ANSWER, detail=_kind(error), ambiguous=True) from error


def usable_url(value: str) -> str:
    """The address without a slash at its end. Raises ``ValueError``."""
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def failure_by_status(status: int) -> Failure:
    """The failure that the status means, for a refusal whose code we do not know."""
    if status >= 500 or status < 400:
        return Failure.CARRIER_TROUBLE
    return FAILURES_BY_STATUS.get(status, Failure.UNKNOWN)


FAILURES_BY_STATUS = {
    401: Failure.ACCOUNT,
    402: Failure.ACCOUNT,
    404: Failure.NOT_FOUND,
    408: Failure.CARRIER_TROUBLE,
    409: Failure.CARRIER_TROUBLE,
    429: Failure.THROTTLED,
}


def _kind(error: Exception) -> str:
    return type(error).__name__


def _decoded(content: bytes) -> object:
    try:
        return orjson.loads(content)
    except ValueError:
        return None
