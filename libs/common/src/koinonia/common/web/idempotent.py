"""Routes that create: with an ``Idempotency-Key`` a repeated request has no second effect.

A route declares it by its last parameter, in a router whose routes keep their answers::

    router = APIRouter(prefix="/api/choirs", route_class=CreatingRoute)

    @router.post("", status_code=201)
    async def create_choir(session: SessionDep, ..., key: IdempotencyKey) -> ChoirOut:

It is the last because whoever may not do this must be refused before they are answered. Which
request is the same one follows from path, query and body; the spaces and the order of the keys of
JSON, and the boundary of a form, do not matter.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Protocol

import orjson
from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from koinonia.common import idempotency
from koinonia.common.crypto import KeyRing
from koinonia.common.db import Database
from koinonia.common.idempotency import Answer, Claim
from koinonia.common.running import Running
from koinonia.common.settings import DatabaseSettings
from koinonia.common.web.dependencies import CurrentAdmin, SessionDep

NAME = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("cache-control", "content-type", "etag", "location")
_BOUNDARY = re.compile(r"boundary=\"?([^\";,]+)")

KeyHeader = Annotated[
    str | None,
    Header(
        alias=NAME,
        description="1 to 255 visible ASCII characters that you make up, such as a random UUID. "
        "For 24 hours the same request with the same key has no second effect and is answered as "
        "the first one, with the header Idempotency-Replayed. Another request with the key is 422 "
        "IDEMPOTENCY_KEY_REUSED; one while the first is under way waits for it or is 409 "
        "IDEMPOTENCY_KEY_IN_USE. A request that failed leaves its key free.",
        json_schema_extra={"pattern": idempotency.KEY_PATTERN},
    ),
]


class _Replay(Exception):
    """The request was answered before."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class _Held(Protocol):
    """A key that the request has until its answer is known."""

    async def record(self, answer: Answer) -> None: ...

    async def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _InTransaction:
    session: AsyncSession
    ring: KeyRing
    claim: Claim

    async def record(self, answer: Answer) -> None:
        await idempotency.record(self.session, self.ring, self.claim, answer)

    async def release(self) -> None:
        """The transaction goes, and the key with it."""


@dataclass(frozen=True, slots=True)
class _Lease:
    database: Database
    ring: KeyRing
    claim: Claim

    async def record(self, answer: Answer) -> None:
        async with self.database.transaction(self.claim.church_id) as session:
            await idempotency.record(session, self.ring, self.claim, answer)

    async def release(self) -> None:
        async with self.database.transaction(self.claim.church_id) as session:
            await idempotency.release(session, self.claim)


def _keeping(route: APIRoute) -> Callable[[Request], Coroutine[object, object, Response]]:
    handler = APIRoute.get_route_handler(route)

    async def kept(request: Request) -> Response:
        if NAME in request.headers:
            await _read(request)
        try:
            response = await handler(request)
        except _Replay as replay:
            request.state.is_replayed = True  # its transaction commits, and did nothing
            return _replayed(replay.answer)
        except Exception:
            if held := _held(request):
                await held.release()
            raise
        request.state.answer = response  # the audit trail reads in it what was made
        if held := _held(request):
            await held.record(_as_answer(response))
        return response

    return kept


class CreatingRoute(APIRoute):
    """Keeps the answer of a request with a key before its transaction ends, and gives it again."""

    get_route_handler = _keeping


async def _in_transaction(
    request: Request, admin: CurrentAdmin, session: SessionDep, key: KeyHeader = None
) -> Claim | None:
    wish = await _wish(request, admin, key)
    if wish is None:
        return None
    ring = _running(request).phones.ring
    if earlier := await idempotency.claim(session, ring, wish):
        raise _Replay(earlier)
    request.state.idempotent = _InTransaction(session, ring, wish)
    return wish


async def _under_lease(
    request: Request, admin: CurrentAdmin, key: KeyHeader = None
) -> Claim | None:
    wish = await _wish(request, admin, key)
    if wish is None:
        return None
    running = _running(request)
    async with running.database.transaction(admin.church_id) as session:
        claimed, earlier = await idempotency.lease(session, running.phones.ring, wish)
    if earlier:
        raise _Replay(earlier)
    request.state.idempotent = _Lease(running.database, running.phones.ring, claimed)
    return claimed


IdempotencyKey = Annotated[Claim | None, Depends(_in_transaction)]
"""For a route whose effect is the transaction of its ``SessionDep``."""

LeasedIdempotencyKey = Annotated[Claim | None, Depends(_under_lease)]
"""For a route that holds no transaction all the while. What it makes must have the claim's
``resource_id``, so that it is made once after a crash as well."""

DECLARATIONS = (_in_transaction, _under_lease)
"""The dependencies behind the two, for who checks that routes declare one."""


async def _wish(request: Request, admin: CurrentAdmin, key: str | None) -> Claim | None:
    route = request.scope["route"]
    if not isinstance(route, CreatingRoute):
        raise TypeError(f"The router of {route.path} takes route_class=CreatingRoute.")
    if key is None:
        return None
    scope = f"{request.method} {route.path}"
    return idempotency.wished(admin.church_id, scope, key, await _digest(request))


async def _digest(request: Request) -> str:
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if found := _BOUNDARY.search(kind):
        body = body.replace(found.group(1).encode(), b"boundary")
    else:
        with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):  # it is compared as it is
            body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(f"{request.url.path}?{request.url.query}\n".encode())
    digest.update(body)
    return digest.hexdigest()


async def _read(request: Request) -> None:
    """The body, kept by the request: a form that is read as a stream is gone afterwards."""
    try:
        await request.body()
    except ClientDisconnect:
        raise HTTPException(status_code=400) from None


def _held(request: Request) -> _Held | None:
    held: _Held | None = getattr(request.state, "idempotent", None)
    return held


def _as_answer(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, bytes(response.body))


def _replayed(answer: Answer) -> Response:
    return Response(
        content=answer.body,
        status_code=answer.status,
        headers=answer.headers | {REPLAYED: "true"},
    )


def _running(request: Request) -> Running[DatabaseSettings]:
    running: Running[DatabaseSettings] = request.app.state.running
    return running
