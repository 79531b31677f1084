"""One request, one effect: what an ``Idempotency-Key`` was used for, and how it was answered.

The key is a row of the transaction that has the effect, and the answer is kept in it, sealed: a
repeated request is answered as the first one was, word for word. A second one that comes while the
first is under way waits for it at the primary key, for :data:`PATIENCE` at most. A request that
failed leaves no row, so its key is free.

Work that is no single transaction takes a lease in the place of that (:func:`lease`): the row is
committed before, and a second request is refused until the first is done. After a crash the lease
runs out, and the next request goes on under the same ``resource_id``.

Each service that creates has a table ``idempotency_keys (church_id, scope, key, request_hash,
resource_id, answer, leased_until, created_at)`` of its own, with the policy that
``migrations.old_rows`` makes. Routes declare it (:mod:`koinonia.common.web.idempotent`).
"""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from koinonia.common import crypto, db, errors
from koinonia.common.running import Running
from koinonia.common.settings import DatabaseSettings

KEPT = timedelta(hours=24)  # as long as the policy ``old`` of the tables hides a row
PATIENCE = timedelta(seconds=5)
LEASE = timedelta(minutes=2)  # no client waits for half as long
KEY_PATTERN = "^[!-~]{1,255}$"
_KEY = re.compile(r"[!-~]{1,255}")
_LOCK_NOT_AVAILABLE = "55P03"


class IdempotencyKeyReused(errors.Unprocessable):
    code = "IDEMPOTENCY_KEY_REUSED"
    message = "This Idempotency-Key was used for another request. Use a new key for a new request."


class IdempotencyKeyInUse(errors.Conflict):
    code = "IDEMPOTENCY_KEY_IN_USE"
    message = (
        "The first request with this Idempotency-Key is still being carried out. Send it again in "
        "a moment: it will be answered as the first one."
    )


class IdempotencyAnswerGone(errors.Conflict):
    code = "IDEMPOTENCY_ANSWER_GONE"
    message = (
        "The request with this Idempotency-Key was carried out, and its answer cannot be read any "
        "more. Look for what it made; a new key would make it again."
    )


class BadIdempotencyKey(errors.Invalid):
    code = "BAD_IDEMPOTENCY_KEY"
    message = "An Idempotency-Key is 1 to 255 visible ASCII characters; a random UUID is one."


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer. ``headers`` are those that belong to it."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that has its key. ``scope`` names the route: a key may be used once in each.
    ``request_hash`` is of all that makes one request differ from another. ``resource_id`` is for
    what it makes: the same again when a crash came in between."""

    church_id: UUID
    scope: str
    key: str
    request_hash: str
    resource_id: UUID

    @property
    def context(self) -> bytes:
        """What its answer is sealed for."""
        return f"answer {self.church_id} {self.scope} {self.key}".encode()

    @property
    def parameters(self) -> dict[str, object]:
        return {"church": self.church_id, "scope": self.scope, "key": self.key}


def wished(church_id: UUID, scope: str, key: str, request_hash: str) -> Claim:
    """What a request would claim; raises :class:`BadIdempotencyKey`."""
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    return Claim(church_id, scope, key, request_hash, db.uuid7())


class _Row(NamedTuple):
    request_hash: str
    answer: str | None


async def claim(session: AsyncSession, ring: crypto.KeyRing, wish: Claim) -> Answer | None:
    """Note in the request's own transaction that it has the key; or the answer that the key had
    before. Raises :class:`IdempotencyKeyReused` and :class:`IdempotencyKeyInUse`."""
    with _patient():
        await _lock_timeout(session, PATIENCE)
        claimed = await db.run(session, _CLAIM, _values(wish))
        await _lock_timeout(session, timedelta())
    return None if claimed else await _earlier(session, ring, wish)


async def lease(
    session: AsyncSession, ring: crypto.KeyRing, wish: Claim
) -> tuple[Claim, Answer | None]:
    """Note in a transaction of its own that the request has the key, for :data:`LEASE`: what it
    has claimed, and the answer that the key had before. Raises as :func:`claim` does."""
    resource_id = await db.value(
        session, UUID, _LEASE, _values(wish) | {"seconds": LEASE.total_seconds()}
    )
    if resource_id is None:
        return wish, await _earlier(session, ring, wish)
    held = Claim(wish.church_id, wish.scope, wish.key, wish.request_hash, resource_id)
    return held, None


async def record(
    session: AsyncSession, ring: crypto.KeyRing, claimed: Claim, answer: Answer
) -> None:
    """Keep the answer for whoever repeats the request."""
    said = [answer.status, answer.headers, base64.b64encode(answer.body).decode()]
    sealed = base64.b64encode(ring.seal(orjson.dumps(said), claimed.context)).decode()
    await db.run(
        session,
        """
        UPDATE idempotency_keys SET answer = :answer, leased_until = NULL
         WHERE church_id = :church AND scope = :scope AND key = :key
        """,
        claimed.parameters | {"answer": sealed},
    )


async def release(session: AsyncSession, claimed: Claim) -> None:
    """Give a lease back: the request failed."""
    await db.run(
        session,
        """
        DELETE FROM idempotency_keys
         WHERE church_id = :church AND scope = :scope AND key = :key AND answer IS NULL
        """,
        claimed.parameters,
    )


async def prune(running: Running[DatabaseSettings]) -> None:
    """A loop's action: forget keys after a day. Row-level security shows the old ones of all
    churches to a transaction without a church (the policy ``old``), so one statement is enough."""
    async with running.database.transaction() as session:
        await db.run(
            session,
            """
            DELETE FROM idempotency_keys
             WHERE created_at < now() - make_interval(secs => :seconds)
            """,
            {"seconds": KEPT.total_seconds()},
        )


async def _earlier(session: AsyncSession, ring: crypto.KeyRing, wish: Claim) -> Answer:
    row = await db.one(
        session,
        _Row,
        """
        SELECT request_hash, answer FROM idempotency_keys
         WHERE church_id = :church AND scope = :scope AND key = :key
        """,
        wish.parameters,
        missing=IdempotencyKeyInUse,  # the first one failed this very moment
    )
    if row.request_hash != wish.request_hash:
        raise IdempotencyKeyReused
    if row.answer is None:
        raise IdempotencyKeyInUse(headers={"Retry-After": "1"})
    try:
        said = orjson.loads(ring.open(base64.b64decode(row.answer), wish.context))
    except crypto.SealBroken:
        raise IdempotencyAnswerGone from None
    status, headers, body = said
    return Answer(status, headers, base64.b64decode(body))


def _values(wish: Claim) -> dict[str, object]:
    return wish.parameters | {
        "hash": wish.request_hash,
        "resource": wish.resource_id,
        "kept": KEPT.total_seconds(),
    }


_CLAIM = """
    INSERT INTO idempotency_keys AS used (church_id, scope, key, request_hash, resource_id)
    VALUES (:church, :scope, :key, :hash, :resource)
    ON CONFLICT (church_id, scope, key) DO UPDATE
       SET request_hash = excluded.request_hash, resource_id = excluded.resource_id,
           answer = NULL, leased_until = NULL, created_at = now()
     WHERE used.created_at < now() - make_interval(secs => :kept)
"""

# Whoever takes a lease over that ran out goes on with what the first one began.
_LEASE = """
    INSERT INTO idempotency_keys AS used (church_id, scope, key, request_hash, resource_id,
                                          leased_until)
    VALUES (:church, :scope, :key, :hash, :resource, now() + make_interval(secs => :seconds))
    ON CONFLICT (church_id, scope, key) DO UPDATE
       SET request_hash = excluded.request_hash, answer = NULL,
           leased_until = excluded.leased_until, created_at = now(),
           resource_id = CASE WHEN used.answer IS NULL AND used.leased_until IS NOT NULL
                                   AND used.request_hash = excluded.request_hash
                              THEN used.resource_id ELSE excluded.resource_id END
     WHERE used.created_at < now() - make_interval(secs => :kept)
        OR (used.answer IS NULL AND used.leased_until < now()
            AND used.request_hash = excluded.request_hash)
    RETURNING resource_id
"""


async def _lock_timeout(session: AsyncSession, most: timedelta) -> None:
    """How long statements of this transaction wait for a lock; zero is for ever."""
    milliseconds = f"{most.total_seconds() * 1000:.0f}"
    await db.run(
        session, "SELECT set_config('lock_timeout', :timeout, true)", {"timeout": milliseconds}
    )


@contextmanager
def _patient() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise IdempotencyKeyInUse(headers={"Retry-After": "1"}) from None
        raise
